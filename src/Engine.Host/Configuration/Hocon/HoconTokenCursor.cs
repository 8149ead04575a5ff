namespace Engine.Host.Configuration.Hocon;

/// <summary>A place among the tokens of one file, and where faults found there go.</summary>
internal sealed class HoconTokenCursor(IReadOnlyList<HoconToken> tokens, List<ConfigFault> faults)
{
    public int At { get; private set; }

    public HoconToken Current => tokens[At];

    public HoconTokenKind Kind => tokens[At].Kind;

    /// <summary>Steps over the current token and returns it; the End token stays.</summary>
    public HoconToken Take()
    {
        var token = tokens[At];
        At = Math.Min(At + 1, tokens.Count - 1);
        return token;
    }

    public void ReturnTo(int at) => At = at;

    /// <summary>Steps over whitespace and newlines; true when a newline was among them.</summary>
    public bool SkipBlanks()
    {
        var newline = false;
        while (Kind is HoconTokenKind.Whitespace or HoconTokenKind.Newline)
        {
            newline |= Take().Kind == HoconTokenKind.Newline;
        }

        return newline;
    }

    /// <summary>Steps to the end of the field or element that a fault stands in.</summary>
    public void Recover()
    {
        var depth = 0;
        while (Kind != HoconTokenKind.End)
        {
            switch (Kind)
            {
                case HoconTokenKind.Newline or HoconTokenKind.Comma when depth == 0:
                case HoconTokenKind.CloseBrace or HoconTokenKind.CloseBracket when depth == 0:
                    return;
                case HoconTokenKind.OpenBrace or HoconTokenKind.OpenBracket:
                    depth++;
                    break;
                case HoconTokenKind.CloseBrace or HoconTokenKind.CloseBracket:
                    depth--;
                    break;
                default:
                    break;
            }

            Take();
        }
    }

    /// <summary>Records a fault at the current token; always false, so that a caller can return it.</summary>
    public bool Fail(string message) => Fail(message, Current.Origin);

    public bool Fail(string message, HoconOrigin origin)
    {
        faults.Add(ConfigFault.At(origin, message));
        return false;
    }

    /// <summary>What a message calls the current token. Never its text, which may be a secret.</summary>
    public string Name() => Kind switch
    {
        HoconTokenKind.End => "the end of the file",
        HoconTokenKind.Newline => "a newline",
        HoconTokenKind.Quoted or HoconTokenKind.Unquoted => "a string",
        HoconTokenKind.Substitution => "a substitution",
        HoconTokenKind.Bad => "this",
        _ => $"'{Current.Text}'",
    };
}
