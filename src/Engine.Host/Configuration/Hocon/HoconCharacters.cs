using System.Buffers;
using System.Globalization;

namespace Engine.Host.Configuration.Hocon;

/// <summary>The character classes of the specification.</summary>
internal static class HoconCharacters
{
    private static readonly SearchValues<char> Reserved = SearchValues.Create("$\"{}[]:=,+#`^?!@*&\\");

    /// <summary>What an unquoted string may not hold, besides whitespace and <c>//</c>.</summary>
    public static bool IsReserved(char c) => Reserved.Contains(c);

    /// <summary>Unicode separators, the ASCII blanks and the byte order mark; a newline is whitespace too.</summary>
    public static bool IsWhitespace(char c) => c switch
    {
        ' ' or '\t' or '\n' or '\v' or '\f' or '\r' or '\u001C' or '\u001D' or '\u001E' or '\u001F' or '\uFEFF' => true,
        < '\u0080' => false,
        _ => char.GetUnicodeCategory(c)
            is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    /// <summary>How many characters from the start make the longest JSON number; 0 when none does.</summary>
    public static int NumberLength(ReadOnlySpan<char> text)
    {
        var at = text is ['-', ..] ? 1 : 0;
        var whole = Digits(text[at..]);
        if (whole == 0)
        {
            return 0;
        }

        if (text[at] == '0')
        {
            whole = 1;
        }

        at += whole;
        if (at < text.Length && text[at] == '.' && Digits(text[(at + 1)..]) is > 0 and var fraction)
        {
            at += 1 + fraction;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var sign = at + 1 < text.Length && text[at + 1] is '+' or '-' ? 1 : 0;
            if (Digits(text[Math.Min(at + 1 + sign, text.Length)..]) is > 0 and var exponent)
            {
                at += 1 + sign + exponent;
            }
        }

        return at;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
