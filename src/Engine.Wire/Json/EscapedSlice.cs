namespace Engine.Wire.Json;

/// <summary>
/// <see cref="EscapedText"/> that may live on the heap: a slice of the pooled request body, or of memory made by a pass.
/// Valid as long as the body it was cut from; the exchange returns that body at the commit point.
/// </summary>
public readonly struct EscapedSlice : IEquatable<EscapedSlice>
{
    private readonly ReadOnlyMemory<byte> _content;
    private readonly bool _present;

    private EscapedSlice(ReadOnlyMemory<byte> content)
    {
        _content = content;
        _present = true;
    }

    /// <summary>The escaped UTF-8 between the quotes.</summary>
    public ReadOnlyMemory<byte> Content => _content;

    /// <summary>The same text as a span.</summary>
    public EscapedText Text => EscapedText.FromContent(_content.Span);

    /// <summary>False for <c>default</c>: the field was absent or <c>null</c>.</summary>
    public bool IsPresent => _present;

    /// <summary>True when absent or the empty string.</summary>
    public bool IsEmpty => _content.IsEmpty;

    /// <summary>Takes memory that is already the escaped inside of a JSON string.</summary>
    public static EscapedSlice FromContent(ReadOnlyMemory<byte> content) => new(content);

    /// <summary>Escapes a string of ours. Allocates.</summary>
    public static EscapedSlice FromString(string text) => new(JsonStrings.Escape(text));

    /// <summary>Decodes to a string. For names, ids and messages; content stays bytes.</summary>
    public string Decode() => JsonStrings.Decode(_content.Span);

    /// <summary>A part of this text. The bounds must not cut an escape or a UTF-8 sequence.</summary>
    public EscapedSlice Slice(int start, int length) => new(_content.Slice(start, length));

    /// <inheritdoc/>
    public bool Equals(EscapedSlice other) => _present == other._present && _content.Span.SequenceEqual(other._content.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EscapedSlice other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_content.Span);
        return hash.ToHashCode();
    }

    /// <summary>The escaped content, for debuggers and transcripts.</summary>
    public override string ToString() => Text.ToString();

    /// <summary>Compares the escaped bytes.</summary>
    public static bool operator ==(EscapedSlice left, EscapedSlice right) => left.Equals(right);

    /// <summary>Compares the escaped bytes.</summary>
    public static bool operator !=(EscapedSlice left, EscapedSlice right) => !left.Equals(right);
}
