namespace Engine.Host.Configuration.Hocon;

/// <summary>
/// Text → tokens. Comments vanish here; whitespace does not, since concatenation keeps it. What is not HOCON becomes a
/// <see cref="HoconTokenKind.Bad"/> token, and reading goes on behind it so that one run finds every fault.
/// </summary>
internal sealed class HoconLexer
{
    private readonly string _text;
    private readonly string _file;
    private readonly List<HoconToken> _tokens = [];
    private int _at;
    private int _line;
    private int _lineStart;

    private HoconLexer(string text, string file, int line)
    {
        _text = text;
        _file = file;
        _line = line;
    }

    private HoconOrigin Here => new(_file, _line, _at - _lineStart + 1);

    /// <summary>The tokens of a text whose first line has the number <paramref name="line"/>, closed by one End.</summary>
    public static IReadOnlyList<HoconToken> Tokenise(string text, string file, int line = 1)
    {
        var lexer = new HoconLexer(text, file, line);
        while (lexer._at < text.Length)
        {
            lexer.Next();
        }

        lexer.Add(HoconTokenKind.End, "", 0);
        return lexer._tokens;
    }

    private void Next()
    {
        var c = _text[_at];
        switch (c)
        {
            case '\n':
                Add(HoconTokenKind.Newline, "\n", 1);
                StartLine();
                break;
            case '{':
                Add(HoconTokenKind.OpenBrace, "{", 1);
                break;
            case '}':
                Add(HoconTokenKind.CloseBrace, "}", 1);
                break;
            case '[':
                Add(HoconTokenKind.OpenBracket, "[", 1);
                break;
            case ']':
                Add(HoconTokenKind.CloseBracket, "]", 1);
                break;
            case ',':
                Add(HoconTokenKind.Comma, ",", 1);
                break;
            case '=' or ':':
                Add(HoconTokenKind.Separator, c.ToString(), 1);
                break;
            case '+' when Peek(1) == '=':
                Add(HoconTokenKind.PlusEquals, "+=", 2);
                break;
            case '#':
            case '/' when Peek(1) == '/':
                _at = EndOfLine();
                break;
            case '"':
                _tokens.Add(Quoted());
                break;
            case '$' when Peek(1) == '{':
                Substitution();
                break;
            default:
                Plain(c);
                break;
        }
    }

    private void Plain(char c)
    {
        if (HoconCharacters.IsWhitespace(c))
        {
            _tokens.Add(Whitespace());
        }
        else if (HoconCharacters.IsReserved(c))
        {
            var hint = c == '$' ? ", or begin a substitution: ${path}" : "";
            Add(HoconTokenKind.Bad, $"'{c}' must be inside quotes{hint}", 1);
        }
        else
        {
            _tokens.Add(Unquoted());
        }
    }

    private HoconToken Whitespace()
    {
        var start = _at;
        var origin = Here;
        while (_at < _text.Length && _text[_at] != '\n' && HoconCharacters.IsWhitespace(_text[_at]))
        {
            _at++;
        }

        return new HoconToken(HoconTokenKind.Whitespace, _text[start.._at], origin);
    }

    private HoconToken Unquoted()
    {
        var start = _at;
        var origin = Here;

        // A number comes first because its exponent may hold a '+', which is reserved elsewhere.
        _at += HoconCharacters.NumberLength(_text.AsSpan(_at));
        while (_at < _text.Length
            && !HoconCharacters.IsReserved(_text[_at])
            && !HoconCharacters.IsWhitespace(_text[_at])
            && !(_text[_at] == '/' && Peek(1) == '/'))
        {
            _at++;
        }

        return new HoconToken(HoconTokenKind.Unquoted, _text[start.._at], origin);
    }

    private HoconToken Quoted()
    {
        var origin = Here;
        if (_text.AsSpan(_at).StartsWith("\"\"\""))
        {
            return TripleQuoted(origin);
        }

        var reader = new HoconStringReader(_text, _at + 1);
        if (reader.Read())
        {
            _at = reader.At;
            return new HoconToken(HoconTokenKind.Quoted, reader.Text, origin);
        }

        _at = reader.At;
        origin = Here;
        _at = EndOfLine();
        return new HoconToken(HoconTokenKind.Bad, reader.Fault, origin);
    }

    // Any run of three or more quotes ends it; the quotes beyond three belong to the string.
    private HoconToken TripleQuoted(HoconOrigin origin)
    {
        var start = _at + 3;
        var end = _text.IndexOf("\"\"\"", start, StringComparison.Ordinal);
        if (end < 0)
        {
            _at = _text.Length;
            return new HoconToken(HoconTokenKind.Bad, "this \"\"\" string is never closed", origin);
        }

        while (end + 3 < _text.Length && _text[end + 3] == '"')
        {
            end++;
        }

        for (; _at < end + 3; _at++)
        {
            if (_text[_at] == '\n')
            {
                _line++;
                _lineStart = _at + 1;
            }
        }

        return new HoconToken(HoconTokenKind.Quoted, _text[start..end], origin);
    }

    private void Substitution()
    {
        var origin = Here;
        _at += 2;
        var optional = Peek(0) == '?';
        _at += optional ? 1 : 0;
        var pieces = new List<HoconToken>();
        var list = false;
        while (Peek(0) != '}')
        {
            var c = Peek(0);
            if (c == '[' && Peek(1) == ']' && Peek(2) == '}')
            {
                list = true;
                _at += 2;
            }
            else if (c == '"')
            {
                pieces.Add(Quoted());
                if (pieces[^1].Kind == HoconTokenKind.Bad)
                {
                    _tokens.Add(pieces[^1]);
                    return;
                }
            }
            else if (c is '\0' or '\n')
            {
                _tokens.Add(new HoconToken(HoconTokenKind.Bad, "this substitution is not closed by '}' on its line", origin));
                return;
            }
            else if (HoconCharacters.IsWhitespace(c))
            {
                pieces.Add(Whitespace());
            }
            else if (HoconCharacters.IsReserved(c) || (c == '/' && Peek(1) == '/'))
            {
                Add(HoconTokenKind.Bad, $"'{c}' in a substitution's path must be inside quotes", 0);
                SkipSubstitution();
                return;
            }
            else
            {
                pieces.Add(Unquoted());
            }
        }

        _at++;
        var path = HoconPath.Read(Trim(pieces), out var fault);
        _tokens.Add(path is null
            ? new HoconToken(HoconTokenKind.Bad, fault, origin)
            : new HoconToken(HoconTokenKind.Substitution, "", origin, new HoconSubstitution(path, optional, list)));
    }

    private void SkipSubstitution()
    {
        var end = _text.AsSpan(_at).IndexOfAny('}', '\n');
        _at = end < 0 ? _text.Length : _at + end + (_text[_at + end] == '}' ? 1 : 0);
    }

    /// <summary>The tokens without the whitespace around them.</summary>
    public static IReadOnlyList<HoconToken> Trim(List<HoconToken> pieces)
    {
        var start = pieces is [{ Kind: HoconTokenKind.Whitespace }, ..] ? 1 : 0;
        var end = pieces.Count - (pieces.Count > start && pieces[^1].Kind == HoconTokenKind.Whitespace ? 1 : 0);
        return pieces[start..end];
    }

    private int EndOfLine()
    {
        var end = _text.IndexOf('\n', _at);
        return end < 0 ? _text.Length : end;
    }

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void Add(HoconTokenKind kind, string text, int length)
    {
        _tokens.Add(new HoconToken(kind, text, Here));
        _at += length;
    }

    private void StartLine()
    {
        _line++;
        _lineStart = _at;
    }
}
