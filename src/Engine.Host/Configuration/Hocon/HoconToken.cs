namespace Engine.Host.Configuration.Hocon;

internal enum HoconTokenKind
{
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Newline,

    /// <summary><c>=</c> or <c>:</c>.</summary>
    Separator,
    PlusEquals,

    /// <summary>A quoted or triple-quoted string; the text is what it means, escapes undone.</summary>
    Quoted,
    Unquoted,

    /// <summary>Whitespace other than a newline; it is kept because concatenation keeps it.</summary>
    Whitespace,
    Substitution,

    /// <summary>Something that is not HOCON; the text is the message.</summary>
    Bad,
    End,
}

internal readonly record struct HoconToken(HoconTokenKind Kind, string Text, HoconOrigin Origin, HoconSubstitution? Substitution = null);

/// <summary>What stands in <c>${…}</c>.</summary>
internal sealed record HoconSubstitution(HoconPath Path, bool IsOptional, bool IsList);
