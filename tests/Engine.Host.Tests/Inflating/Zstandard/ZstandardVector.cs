using System.Reflection;

namespace Engine.Host.Tests.Inflating.Zstandard;

/// <summary>One recorded output of the zstd command: what went in, and how it was asked for.</summary>
/// <param name="Name">File name without its ending.</param>
/// <param name="Text">Writes what the vector holds.</param>
/// <param name="Arguments">Arguments of the command, which reads the text from standard input.</param>
internal sealed record ZstandardVector(string Name, Func<byte[]> Text, string Arguments)
{
    public static IReadOnlyList<ZstandardVector> All { get; } =
    [
        new("empty", static () => [], "-3"),
        new("one-byte", static () => "x"u8.ToArray(), "-3"),
        new("json-100b", static () => SampleTexts.Json(100), "-3"),
        new("json-4k", static () => SampleTexts.Json(4_000), "-3"),
        new("json-4k-sized", static () => SampleTexts.Json(4_000), "-19 --stream-size=4000"),
        new("json-4k-no-check", static () => SampleTexts.Json(4_000), "-3 --no-check"),
        new("json-100k-1", static () => SampleTexts.Json(100_000), "-1"),
        new("json-100k-3", static () => SampleTexts.Json(100_000), "-3"),
        new("json-100k-19", static () => SampleTexts.Json(100_000), "-19"),
        new("json-100k-22", static () => SampleTexts.Json(100_000), "--ultra -22 --stream-size=100000"),
        new("json-narrow-window", static () => SampleTexts.Json(20_000), "-5 --zstd=wlog=10"),
        new("repetitive-1m", static () => SampleTexts.Repetitive(1 << 20), "-3"),
        new("one-value-1m", static () => new byte[1 << 20], "-3"),
        new("noise-3k", static () => SampleTexts.Noise(3_000), "-3"),
        new("digits-20k", static () => SampleTexts.Digits(20_000), "-3"),
        new("dice-24k", static () => SampleTexts.Dice(24_000), "-3"),
        new("json-30k-repeated-tables", static () => SampleTexts.Json(30_000), "-13 --zstd=wlog=12"),
        new("far-apart", static () => SampleTexts.FarApart(5 << 20), "-6 --long=23"),
    ];

    public byte[] Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Name}.zst")
            ?? throw new FileNotFoundException($"The vector {Name} is not in the test assembly.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static ZstandardVector Named(string name) => All.Single(vector => string.Equals(vector.Name, name, StringComparison.Ordinal));
}
