using System.Text.RegularExpressions;

namespace Engine.Wire.Completion;

/// <summary>
/// The one place that cleans what an upstream says before a client or a log may read it: no addresses, keys, accounts or projects
/// (wire/mapping.md §7). Every dialect's error reader passes its words through here.
/// </summary>
internal static partial class UpstreamText
{
    private const int LongestMessage = 1000;
    private const int LongestToken = 128;
    private const string Removed = "[…]";

    /// <summary>The message without secrets, on one line, at most 1,000 characters and an ellipsis.</summary>
    public static string Clean(string message)
    {
        var text = Secret().Replace(Cut(message), Removed);
        text = Whitespace().Replace(text, " ").Trim();
        return text.Length > LongestMessage ? string.Concat(text.AsSpan(0, LongestMessage), "…") : text;
    }

    /// <summary>A code, type or field name, bounded and without secrets; null when empty.</summary>
    public static string? Token(string? word) => string.IsNullOrEmpty(word) ? null : Clean(word.Length > LongestToken ? word[..LongestToken] : word);

    // Cut before matching, so that a hostile body is cheap; between words, so that no secret is cut in half and missed.
    private static string Cut(string message)
    {
        if (message.Length <= LongestMessage * 2)
        {
            return message;
        }

        var space = message.AsSpan(LongestMessage, LongestMessage).LastIndexOfAny(' ', '\n', '\t');
        return message[..(space < 0 ? LongestMessage * 2 : LongestMessage + space)];
    }

    // One line each: addresses; Google's hosts, resource paths and project numbers; keys and ids by prefix; Google's keys and tokens,
    // JWTs; bearer tokens; mail addresses; ids of organisations and teams.
    [GeneratedRegex(
        @"(\b[a-z][a-z0-9+.-]{1,20}:)?//[^\s'""`<>]+"
        + @"|\b[a-z0-9-]+(\.[a-z0-9-]+)*\.googleapis\.com\b[^\s'""`,]*"
        + @"|\b(tunedModels|projects|organizations|folders)/[^\s'""`]+"
        + @"|\bproject(_number)?[ :]+'?[0-9a-z-]*[0-9]{4,}[0-9a-z-]*'?"
        + @"|\b(sk|pk|rk|gsk|xai|key|org|proj|user|team|acct|wrkspc|hf|pplx|csk|nvapi)[-_][a-z0-9_*-]{6,}"
        + @"|\bAIza[0-9a-z_*-]{10,}|\bya29\.[0-9a-z._*-]+|\beyJ[a-z0-9._-]{20,}"
        + @"|\bbearer\s+[a-z0-9._~+/=*-]{6,}"
        + @"|[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}"
        + @"|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Secret();

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.NonBacktracking)]
    private static partial Regex Whitespace();
}
