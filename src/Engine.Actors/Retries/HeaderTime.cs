using System.Buffers;
using System.Globalization;

namespace Engine.Actors.Retries;

/// <summary>Numbers, durations and instants as providers write them into headers. Culture-invariant; garbage is null.</summary>
internal static class HeaderTime
{
    private const int LongestValue = 64;

    // Nothing sensible names more; beyond it a value is garbage.
    private const double LongestSeconds = 400 * 24 * 3600.0;

    // Seconds since 1970 are ten digits until 2286, milliseconds thirteen.
    private const double FirstEpochSecond = 1e9;

    private const double FirstEpochMillisecond = 1e11;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly string[] HttpDates = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>A finite number.</summary>
    public static double? Number(string? text) =>
        text is { Length: > 0 and <= LongestValue }
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    /// <summary>A count that is not negative; fractions are cut off.</summary>
    public static long? Count(string? text) => Number(text) is >= 0 and <= 1e15 and var number ? (long)number : null;

    /// <summary>An instant so many seconds ahead; null when that is not ahead.</summary>
    public static DateTimeOffset? After(DateTimeOffset now, double seconds) =>
        seconds is > 0 and <= LongestSeconds ? now + TimeSpan.FromSeconds(seconds) : null;

    /// <summary><c>Retry-After</c>: seconds, also with a fraction, an HTTP date or RFC 3339; null when it is not ahead.</summary>
    public static DateTimeOffset? RetryAfter(string text, DateTimeOffset now) =>
        Number(text) is { } seconds ? After(now, seconds) : Ahead(Date(text), now);

    /// <summary>
    /// When a window is full again: RFC 3339, seconds or milliseconds since 1970, seconds from now, or a Go duration
    /// (<c>6m0s</c>, <c>850ms</c>); null when it is not ahead.
    /// </summary>
    public static DateTimeOffset? Reset(string? text, DateTimeOffset now)
    {
        if (text is not { Length: > 0 and <= LongestValue })
        {
            return null;
        }

        if (Number(text) is { } number)
        {
            return number switch
            {
                >= FirstEpochMillisecond => Ahead(Epoch(number / 1000), now),
                >= FirstEpochSecond => Ahead(Epoch(number), now),
                _ => After(now, number),
            };
        }

        return Duration(text) is { } seconds ? After(now, seconds) : Ahead(Date(text), now);
    }

    /// <summary>The seconds of a Go duration: a sum of numbers with units, largest first or not.</summary>
    internal static double? Duration(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.IsEmpty || text.Length > LongestValue)
        {
            return null;
        }

        var sum = 0.0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            text = text[digits..];
            var unit = text.IndexOfAny(NumberCharacters);
            unit = unit < 0 ? text.Length : unit;
            double? seconds = text[..unit] switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "us" or "µs" or "μs" => 1e-6,
                "ns" => 1e-9,
                _ => null,
            };
            if (seconds is null)
            {
                return null;
            }

            sum += number * seconds.Value;
            text = text[unit..];
        }

        return sum;
    }

    private static DateTimeOffset? Epoch(double seconds) =>
        seconds <= 1e11 ? DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds) : null;

    private static DateTimeOffset? Date(string text)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        return text.Length > LongestValue ? null
            : DateTimeOffset.TryParseExact(text, HttpDates, CultureInfo.InvariantCulture, Styles, out var date) ? date
            : text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out date) ? date
            : null;
    }

    private static DateTimeOffset? Ahead(DateTimeOffset? instant, DateTimeOffset now) =>
        instant > now && instant - now <= TimeSpan.FromSeconds(LongestSeconds) ? instant : null;
}
