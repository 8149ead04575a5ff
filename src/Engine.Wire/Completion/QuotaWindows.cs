using System.Text.RegularExpressions;

namespace Engine.Wire.Completion;

/// <summary>Tells the window of a limit from codes, quota ids and prose. Of several the longest counts: it is the last to open.</summary>
internal static partial class QuotaWindows
{
    // Prose after this is no longer about the limit.
    private const int LongestWords = 4000;

    /// <summary>The window that the words name, for the kinds that have one.</summary>
    public static QuotaWindow Find(ErrorKind kind, string words)
    {
        if (kind is not (ErrorKind.RateLimit or ErrorKind.Quota))
        {
            return QuotaWindow.Unknown;
        }

        words = words.Length > LongestWords ? words[..LongestWords] : words;
        return words switch
        {
            _ when LongerWords().IsMatch(words) => QuotaWindow.Longer,
            _ when DayWords().IsMatch(words) => QuotaWindow.Day,
            _ when MinuteWords().IsMatch(words) => QuotaWindow.Minute,
            _ => QuotaWindow.Unknown,
        };
    }

    [GeneratedRegex(
        "per[_ -]?(week|month)|weekly|monthly|spend[_ ]limit",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LongerWords();

    [GeneratedRegex(
        @"per[_ -]?day|daily|\b(rpd|tpd)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DayWords();

    [GeneratedRegex(
        @"per[_ -]?(min|sec)|\b(rpm|tpm)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex MinuteWords();
}
