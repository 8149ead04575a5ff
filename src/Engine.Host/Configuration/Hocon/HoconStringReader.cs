using System.Globalization;
using System.Text;

namespace Engine.Host.Configuration.Hocon;

/// <summary>The inside of a quoted string, escapes as in JSON.</summary>
internal sealed class HoconStringReader(string text, int start)
{
    private readonly StringBuilder _value = new();

    /// <summary>Behind the closing quote after success, at the culprit after a fault.</summary>
    public int At { get; private set; } = start;

    public string Text => _value.ToString();

    public string Fault { get; private set; } = "";

    public bool Read()
    {
        while (true)
        {
            if (At >= text.Length || text[At] is '\n' or '\r')
            {
                return Fail("this string is not closed by '\"' on its line");
            }

            var c = text[At];
            if (c == '"')
            {
                At++;
                return true;
            }

            if (c < ' ')
            {
                return Fail("a control character in a quoted string must be written as an escape, such as \\t or \\u0001");
            }

            if (c == '\\')
            {
                if (!Escape())
                {
                    return false;
                }

                continue;
            }

            _value.Append(c);
            At++;
        }
    }

    private bool Escape()
    {
        var kind = At + 1 < text.Length ? text[At + 1] : '\0';
        if (kind == 'u')
        {
            return Unicode();
        }

        var meant = kind switch
        {
            '"' or '\\' or '/' => kind,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => '\0',
        };
        if (meant == '\0')
        {
            return Fail("an escape in a quoted string is one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        }

        _value.Append(meant);
        At += 2;
        return true;
    }

    private bool Unicode()
    {
        if (At + 6 > text.Length
            || !ushort.TryParse(text.AsSpan(At + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
        {
            return Fail("\\u must be followed by four hexadecimal digits");
        }

        _value.Append((char)unit);
        At += 6;
        return true;
    }

    private bool Fail(string fault)
    {
        Fault = fault;
        return false;
    }
}
