using System.Globalization;
using System.Text.RegularExpressions;
using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>
/// How long an error's body asks to wait (wire/mapping.md §7 "Retry timing"): fields in seconds, instants, and prose with a duration
/// like <c>1h2m3s</c>, <c>28ms</c> or <c>2 minutes</c>.
/// </summary>
internal static partial class RetryWords
{
    private const double LongestSeconds = 366 * 24 * 3600.0;
    private const int LongestMessage = 4000;

    // Numbers from here on are milliseconds: as seconds they would lie after the year 5000.
    private const double FirstMilliseconds = 1e11;

    /// <summary>The duration after "try again in", "retry in", "retry after" or "reset after"; null when the text names none.</summary>
    public static TimeSpan? Find(string message)
    {
        var match = Phrase().Match(message.Length > LongestMessage ? message[..LongestMessage] : message);
        if (!match.Success)
        {
            return null;
        }

        double seconds = 0;
        foreach (Match part in Part().Matches(match.Groups["duration"].Value))
        {
            var value = double.Parse(part.Groups["value"].ValueSpan, CultureInfo.InvariantCulture);
            seconds += value * SecondsOf(part.Groups["unit"].ValueSpan);
        }

        return Bounded(seconds);
    }

    /// <summary>A number of seconds, also as a string; null for anything else.</summary>
    public static TimeSpan? Seconds(RawJson value) => Number(value) is { } seconds ? Bounded(seconds) : null;

    /// <summary>An instant as seconds (or milliseconds) since 1970-01-01 UTC or as RFC 3339, in whole seconds, never earlier; null for anything else.</summary>
    public static long? Instant(RawJson value)
    {
        if (Number(value) is { } number)
        {
            var seconds = number >= FirstMilliseconds ? number / 1000 : number;
            return seconds is > 0 and < FirstMilliseconds ? (long)Math.Ceiling(seconds) : null;
        }

        var cursor = new JsonCursor(value.Utf8);
        return !value.IsEmpty && cursor.TryReadText(out var text) ? Rfc3339.ToUnixSeconds(text.Decode()) : null;
    }

    private static double? Number(RawJson value)
    {
        var text = System.Text.Encoding.UTF8.GetString(value.Utf8.Trim("\""u8));
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static TimeSpan? Bounded(double seconds) => seconds is >= 0 and <= LongestSeconds ? TimeSpan.FromSeconds(seconds) : null;

    private static double SecondsOf(ReadOnlySpan<char> unit)
    {
        Span<char> lower = stackalloc char[2];
        lower.Clear();
        unit[..Math.Min(unit.Length, 2)].ToLowerInvariant(lower);
        return lower switch
        {
            ['m', 's'] => 0.001,
            ['m', 'i'] when unit.StartsWith("milli", StringComparison.OrdinalIgnoreCase) => 0.001,
            ['m', _] => 60,
            ['h', _] => 3600,
            ['d', _] => 86400,
            _ => 1,
        };
    }

    [GeneratedRegex(
        @"(try again (in|after)|retry (after|in)|resets? (after|in))\s+"
        + @"(?<duration>[0-9]+(\.[0-9]+)?\s*(milliseconds?|ms|minutes?|mins?|m|seconds?|secs?|s|hours?|hrs?|h|days?|d)?"
        + @"([\s,]*(and\s+)?[0-9]+(\.[0-9]+)?\s*(milliseconds?|ms|minutes?|mins?|m|seconds?|secs?|s|hours?|hrs?|h|days?|d)){0,3})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Phrase();

    [GeneratedRegex(
        @"(?<value>[0-9]+(\.[0-9]+)?)\s*(?<unit>milliseconds?|ms|[a-z]+)?",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Part();
}
