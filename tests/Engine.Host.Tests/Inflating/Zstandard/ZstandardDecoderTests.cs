using System.Runtime.CompilerServices;
using Engine.Host.Inflating;

namespace Engine.Host.Tests.Inflating.Zstandard;

public class ZstandardDecoderTests
{
    // Magic number, stated length of 3, three bytes that mean nothing.
    private static readonly byte[] Skippable = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 0xFF, 0xFE, 0xFD];

    public static TheoryData<string> Names => [.. ZstandardVector.All.Select(static vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recorded_vector_decodes_to_its_text(string name)
    {
        ZstandardVector vector = ZstandardVector.Named(name);

        Assert.True(vector.Text().AsSpan().SequenceEqual(Inflated.Bytes("zstd", vector.Read())));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_vector_at_exactly_its_cap_decodes_and_one_byte_less_is_too_large(string name)
    {
        ZstandardVector vector = ZstandardVector.Named(name);
        int length = vector.Text().Length;

        Assert.Equal(length, Inflated.Bytes("zstd", vector.Read(), cap: length).Length);
        if (length > 0)
        {
            Assert.Equal(InflateFailureKind.TooLarge, Inflated.Failure("zstd", vector.Read(), cap: length - 1).Kind);
        }
    }

    [Fact]
    public void Frames_follow_each_other_and_start_afresh()
    {
        string[] names = ["json-100k-3", "empty", "digits-20k", "json-narrow-window", "json-4k-no-check"];
        ZstandardVector[] vectors = [.. names.Select(ZstandardVector.Named)];

        byte[] inflated = Inflated.Bytes("zstd", [.. vectors.SelectMany(static vector => vector.Read())]);

        Assert.True(vectors.SelectMany(static vector => vector.Text()).SequenceEqual(inflated));
    }

    [Fact]
    public void Skippable_frames_yield_nothing_wherever_they_stand()
    {
        ZstandardVector vector = ZstandardVector.Named("json-4k");

        byte[] body = [.. Skippable, .. vector.Read(), .. Skippable, .. Skippable, .. vector.Read(), .. Skippable];
        byte[] inflated = Inflated.Bytes("zstd", body);

        Assert.Equal([.. vector.Text(), .. vector.Text()], inflated);
    }

    [Fact]
    public void A_skippable_frame_that_states_more_than_there_is_is_corrupt()
    {
        Assert.Equal(InflateFailureKind.Corrupt, Inflated.Failure("zstd", Skippable[..^1]).Kind);
        Assert.Equal(InflateFailureKind.Corrupt, Inflated.Failure("zstd", [0x50, 0x2A, 0x4D, 0x18, 0xFF, 0xFF, 0xFF, 0xFF]).Kind);
    }

    [Fact]
    public void A_match_does_not_reach_into_the_frame_before()
    {
        // No literals, one sequence, its three codes 0: a match of three bytes from one of the initial offsets.
        byte[] reachingBack = new FrameBytes().Window(10).Compressed([0x00, 1, 0x54, 0, 0, 0, 0x01], isLast: true).ToArray();

        InflateFailure failure = Inflated.Failure("zstd", [.. ZstandardVector.Named("json-4k").Read(), .. reachingBack]);

        Assert.Contains("outside the window", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-3 --no-check")]
    [InlineData("-9 --zstd=wlog=11")]
    [InlineData("-13 --zstd=wlog=12")]
    [InlineData("-15")]
    [InlineData("-6 --long=24")]
    [InlineData("--fast=5")]
    public void What_the_zstd_command_writes_decodes(string arguments)
    {
        ZstandardCommand.SkipUnlessPresent();
        var random = new Random(42);
        for (int round = 0; round < 8; round++)
        {
            byte[] text = Mix(random, length: 1 << random.Next(4, 19));

            Assert.True(text.AsSpan().SequenceEqual(Inflated.Bytes("zstd", ZstandardCommand.Compress(text, arguments))), $"round {round}");
        }
    }

    [Fact(Explicit = true)]
    public void The_recorded_vectors_are_written_anew()
    {
        ZstandardCommand.SkipUnlessPresent();
        foreach (ZstandardVector vector in ZstandardVector.All)
        {
            byte[] compressed = ZstandardCommand.Compress(vector.Text(), vector.Arguments);
            Assert.True(vector.Text().AsSpan().SequenceEqual(Inflated.Bytes("zstd", compressed)), vector.Name);
            File.WriteAllBytes(Path.Combine(SourceFolder(), "Vectors", $"{vector.Name}.zst"), compressed);
        }
    }

    /// <summary>Pieces of every kind of text in random order and length.</summary>
    private static byte[] Mix(Random random, int length)
    {
        Func<int, byte[]>[] kinds =
            [SampleTexts.Json, SampleTexts.Repetitive, SampleTexts.Noise, SampleTexts.Digits, static n => new byte[n]];
        var bytes = new List<byte>(length);
        while (bytes.Count < length)
        {
            int piece = random.Next(1, length - bytes.Count + 1);
            bytes.AddRange(kinds[random.Next(kinds.Length)](piece));
        }

        return [.. bytes];
    }

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
