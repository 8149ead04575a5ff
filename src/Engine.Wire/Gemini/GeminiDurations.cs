using System.Buffers;
using System.Globalization;

namespace Engine.Wire.Gemini;

/// <summary>Durations as Google writes them: <c>45.837906927s</c>, <c>900ms</c>, <c>1h16m0.66s</c> (wire/gemini.md §7).</summary>
internal static class GeminiDurations
{
    private const double LongestSeconds = 366 * 86400.0;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The duration at the start of <paramref name="text"/>, at most a year; null when there is none.</summary>
    public static TimeSpan? Read(ReadOnlySpan<char> text)
    {
        double seconds = 0;
        var any = false;
        while (TryReadTerm(ref text, out var term))
        {
            seconds += term;
            any = true;
        }

        return any ? TimeSpan.FromSeconds(Math.Min(seconds, LongestSeconds)) : null;
    }

    /// <summary>Seconds with at most nine decimals, as a proto3-JSON duration.</summary>
    public static string Write(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Max(duration.TotalSeconds, 0):0.#########}s");

    private static bool TryReadTerm(ref ReadOnlySpan<char> text, out double seconds)
    {
        seconds = 0;
        var digits = text.IndexOfAnyExcept(Digits);
        if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        var unit = text[digits..];
        var (length, factor) = unit switch
        {
            ['m', 's', ..] => (2, 1e-3),
            ['u' or 'µ', 's', ..] => (2, 1e-6),
            ['n', 's', ..] => (2, 1e-9),
            ['h', ..] => (1, 3600.0),
            ['m', ..] => (1, 60.0),
            ['s', ..] => (1, 1.0),
            ['d', ..] => (1, 86400.0),
            _ => (0, 0.0),
        };
        seconds = value * factor;
        text = unit[length..];
        return length > 0;
    }
}
