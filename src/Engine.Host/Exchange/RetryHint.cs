using System.Globalization;

namespace Engine.Host.Exchange;

/// <summary>How long an upstream asks to wait, from its response headers (wire/mapping.md §7, retry timing).</summary>
internal static class RetryHint
{
    /// <summary>The wait, or null when the headers name none.</summary>
    public static TimeSpan? Read(Func<string, string?> header, DateTimeOffset now)
    {
        if (double.TryParse(header("retry-after-ms"), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds >= 0)
        {
            return Bounded(milliseconds / 1000);
        }

        var value = header("retry-after");
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0)
        {
            return Bounded(seconds);
        }

        return DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? Bounded((at - now).TotalSeconds)
            : null;
    }

    private static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.FromDays(30).TotalSeconds));
}
