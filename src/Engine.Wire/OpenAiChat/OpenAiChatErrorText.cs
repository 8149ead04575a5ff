using System.Text.RegularExpressions;

namespace Engine.Wire.OpenAiChat;

/// <summary>Cleans what an upstream says before a client may read it: no addresses, keys or account ids (wire/mapping.md §7).</summary>
internal static partial class OpenAiChatErrorText
{
    private const int LongestMessage = 1000;
    private const int LongestToken = 128;

    /// <summary>The message without secrets, on one line, at most 1,000 characters.</summary>
    public static string Sanitise(string message)
    {
        // Cut first, so that a hostile body is cheap; a little more than is kept, so that no key is cut in half and missed.
        var text = message.Length > LongestMessage * 2 ? message[..(LongestMessage * 2)] : message;
        text = Address().Replace(text, "[address]");
        text = Credential().Replace(text, "[redacted]");
        text = Whitespace().Replace(text, " ").Trim();
        return text.Length > LongestMessage ? string.Concat(text.AsSpan(0, LongestMessage), "…") : text;
    }

    /// <summary>A code or parameter name, bounded and without secrets; null when empty.</summary>
    public static string? Token(string? word) =>
        string.IsNullOrEmpty(word) ? null : Sanitise(word.Length > LongestToken ? word[..LongestToken] : word);

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{1,20}://[^\s""'<>)\]]+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex(
        @"\b(bearer\s+[a-z0-9._~+/=*-]{6,}"
        + @"|(sk|pk|rk|gsk|xai|key|org|proj|user|team|acct|hf|pplx|csk|nvapi)[-_][a-z0-9_*-]{6,}"
        + @"|AIza[a-z0-9_*-]{10,}|ya29\.[a-z0-9._*-]+|eyJ[a-z0-9._-]{20,}"
        + "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Credential();

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.NonBacktracking)]
    private static partial Regex Whitespace();
}
