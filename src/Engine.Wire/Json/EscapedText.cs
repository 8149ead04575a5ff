using System.Text;

namespace Engine.Wire.Json;

/// <summary>
/// The inside of a JSON string, still escaped, without its quotes. Escapes are the same in every dialect, so this is copied from
/// one dialect's string into another's and never decoded on the way. Valid until the call that received it returns.
/// </summary>
public readonly ref struct EscapedText
{
    private EscapedText(ReadOnlySpan<byte> content) => Content = content;

    /// <summary>The escaped UTF-8 between the quotes.</summary>
    public ReadOnlySpan<byte> Content { get; }

    /// <summary>True when the string is empty or absent.</summary>
    public bool IsEmpty => Content.IsEmpty;

    /// <summary>Takes bytes that are already the escaped inside of a JSON string.</summary>
    public static EscapedText FromContent(ReadOnlySpan<byte> content) => new(content);

    /// <summary>True when the text, once unescaped, equals <paramref name="utf8"/>.</summary>
    public bool TextEquals(ReadOnlySpan<byte> utf8) => Content.SequenceEqual(utf8) || (Content.Contains((byte)'\\') && EqualsSlow(utf8));

    /// <summary>Decodes to a string. For names, ids and messages; content stays bytes.</summary>
    public string Decode() => JsonStrings.Decode(Content);

    /// <summary>The escaped content, for debuggers and transcripts.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Content);

    private bool EqualsSlow(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetBytes(Decode()).AsSpan().SequenceEqual(utf8);
}
