using System.Globalization;
using System.Text.RegularExpressions;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>How long an error's body asks to wait: a field in seconds, or prose with a duration like <c>6m0s</c> or <c>850ms</c>.</summary>
internal static partial class OpenAiChatRetryHint
{
    private const double LongestSeconds = 366 * 24 * 3600.0;

    /// <summary>The duration after "try again in" or "retry after"; null when the text names none.</summary>
    public static TimeSpan? Find(string message)
    {
        var match = Phrase().Match(message);
        if (!match.Success)
        {
            return null;
        }

        double seconds = 0;
        foreach (Match part in Part().Matches(match.Groups["duration"].Value))
        {
            var value = double.Parse(part.Groups["value"].ValueSpan, CultureInfo.InvariantCulture);
            seconds += value * part.Groups["unit"].Value.ToUpperInvariant() switch
            {
                "MS" => 0.001,
                "M" => 60,
                "H" => 3600,
                "D" => 86400,
                _ => 1,
            };
        }

        return Bounded(seconds);
    }

    /// <summary>A number of seconds, also as a string; null for anything else.</summary>
    public static TimeSpan? Seconds(RawJson value)
    {
        var text = System.Text.Encoding.UTF8.GetString(value.Utf8.Trim("\""u8));
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? Bounded(seconds) : null;
    }

    private static TimeSpan? Bounded(double seconds) => seconds is >= 0 and <= LongestSeconds ? TimeSpan.FromSeconds(seconds) : null;

    [GeneratedRegex(
        @"(try again in|retry after|retry in)\s+(?<duration>([0-9]+(\.[0-9]+)?\s*(ms|s|m|h|d)?[a-z]*\s*){1,4})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Phrase();

    [GeneratedRegex(
        @"(?<value>[0-9]+(\.[0-9]+)?)\s*(?<unit>ms|s|m|h|d)?",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Part();
}
