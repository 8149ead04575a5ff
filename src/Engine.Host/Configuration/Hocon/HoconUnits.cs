using System.Globalization;

namespace Engine.Host.Configuration.Hocon;

/// <summary>Numbers with a unit, as the specification's "units format" has them: <c>30s</c>, <c>1.5 hours</c>, <c>64MiB</c>.</summary>
internal static class HoconUnits
{
    private static readonly (string[] Names, decimal Ticks)[] Durations =
    [
        (["ns", "nano", "nanos", "nanosecond", "nanoseconds"], 0.01m),
        (["us", "micro", "micros", "microsecond", "microseconds"], TimeSpan.TicksPerMicrosecond),
        (["", "ms", "milli", "millis", "millisecond", "milliseconds"], TimeSpan.TicksPerMillisecond),
        (["s", "second", "seconds"], TimeSpan.TicksPerSecond),
        (["m", "minute", "minutes"], TimeSpan.TicksPerMinute),
        (["h", "hour", "hours"], TimeSpan.TicksPerHour),
        (["d", "day", "days"], TimeSpan.TicksPerDay),
    ];

    private static readonly string[] SingleBytes = ["", "B", "b", "byte", "bytes"];

    // The n-th of each row stands for 1000^n or 1024^n bytes, from n = 1.
    private static readonly string[][] Thousands =
    [
        ["kB", "kilobyte", "kilobytes"], ["MB", "megabyte", "megabytes"], ["GB", "gigabyte", "gigabytes"],
        ["TB", "terabyte", "terabytes"], ["PB", "petabyte", "petabytes"], ["EB", "exabyte", "exabytes"],
        ["ZB", "zettabyte", "zettabytes"], ["YB", "yottabyte", "yottabytes"],
    ];

    private static readonly string[][] Kibi =
    [
        ["K", "k", "Ki", "KiB", "kibibyte", "kibibytes"], ["M", "m", "Mi", "MiB", "mebibyte", "mebibytes"],
        ["G", "g", "Gi", "GiB", "gibibyte", "gibibytes"], ["T", "t", "Ti", "TiB", "tebibyte", "tebibytes"],
        ["P", "p", "Pi", "PiB", "pebibyte", "pebibytes"], ["E", "e", "Ei", "EiB", "exbibyte", "exbibytes"],
        ["Z", "z", "Zi", "ZiB", "zebibyte", "zebibytes"], ["Y", "y", "Yi", "YiB", "yobibyte", "yobibytes"],
    ];

    /// <summary>A duration; without a unit, milliseconds. Null when it is none or does not fit; parts below 100 ns are dropped.</summary>
    public static TimeSpan? Duration(string text)
    {
        if (Split(text, out var unit) is not { } number)
        {
            return null;
        }

        foreach (var (names, ticks) in Durations)
        {
            if (names.Contains(unit, StringComparer.Ordinal))
            {
                return Whole(number, ticks) is { } whole ? TimeSpan.FromTicks(whole) : null;
            }
        }

        return null;
    }

    /// <summary>A number of bytes; a fraction of a byte is dropped. Null when it is none or does not fit.</summary>
    public static long? Bytes(string text)
    {
        if (Split(text, out var unit) is not { } number)
        {
            return null;
        }

        return SingleBytes.Contains(unit, StringComparer.Ordinal) ? Whole(number, 1)
            : Power(Thousands, unit, 1000) is { } decimalUnit ? Whole(number, decimalUnit)
            : Power(Kibi, unit, 1024) is { } binaryUnit ? Whole(number, binaryUnit)
            : null;
    }

    private static decimal? Power(string[][] rows, string unit, decimal step)
    {
        var size = 1m;
        foreach (var row in rows)
        {
            size *= step;
            if (row.Contains(unit, StringComparer.Ordinal))
            {
                return size;
            }
        }

        return null;
    }

    private static decimal? Split(string text, out string unit)
    {
        var trimmed = text.AsSpan().Trim();
        var end = HoconCharacters.NumberLength(trimmed);
        unit = trimmed[end..].TrimStart().ToString();
        return unit.All(char.IsLetter) && decimal.TryParse(trimmed[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    private static long? Whole(decimal number, decimal unit) =>
        Math.Abs(number) <= long.MaxValue / unit ? (long)(number * unit) : null;
}
