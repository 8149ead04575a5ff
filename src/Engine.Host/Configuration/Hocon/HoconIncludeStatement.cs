using System.Text;

namespace Engine.Host.Configuration.Hocon;

/// <summary>
/// What follows the word <c>include</c>: <c>"x"</c>, <c>file("x")</c>, <c>required("x")</c> or <c>required(file("x"))</c>.
/// </summary>
internal readonly record struct HoconIncludeStatement(string Name, bool IsRequired)
{
    public static HoconIncludeStatement? Read(HoconTokenCursor tokens, HoconOrigin origin)
    {
        var opening = Words(tokens, int.MaxValue);
        if (tokens.Kind != HoconTokenKind.Quoted)
        {
            tokens.Fail(
                "'include' must be followed by a quoted file name, file(\"…\") or required(\"…\"); a key of that name must be quoted",
                origin);
            return null;
        }

        var name = tokens.Take().Text;
        if (opening is not ("" or "file(" or "required(" or "required(file("))
        {
            tokens.Fail("only files can be included: \"…\", file(\"…\"), required(\"…\") or required(file(\"…\"))", origin);
            return null;
        }

        var brackets = opening.Count(c => c == '(');
        if (Words(tokens, brackets) != new string(')', brackets))
        {
            tokens.Fail($"'{opening}' must be closed behind the file name", origin);
            return null;
        }

        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal) || name.Contains("://", StringComparison.Ordinal))
        {
            tokens.Fail("only files can be included: neither URLs nor names that are empty or hold a NUL", origin);
            return null;
        }

        return new HoconIncludeStatement(name, opening.StartsWith("required(", StringComparison.Ordinal));
    }

    // Unquoted text without the blanks in it, until it has the wanted length or something else comes.
    private static string Words(HoconTokenCursor tokens, int length)
    {
        var words = new StringBuilder();
        while (words.Length < length)
        {
            tokens.SkipBlanks();
            if (tokens.Kind != HoconTokenKind.Unquoted)
            {
                break;
            }

            words.Append(tokens.Take().Text);
        }

        return words.ToString();
    }
}
