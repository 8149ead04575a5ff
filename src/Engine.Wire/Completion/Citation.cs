using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>A source that the text of a block rests on. Spans are valid until the receiving call returns.</summary>
public readonly ref struct Citation
{
    /// <summary>The source's address.</summary>
    public EscapedText Url { get; init; }

    /// <summary>The source's title.</summary>
    public EscapedText Title { get; init; }

    /// <summary>The passage quoted from the source.</summary>
    public EscapedText CitedText { get; init; }

    /// <summary>First cited character of the block's text, or -1.</summary>
    public int Start { get; init; }

    /// <summary>One past the last cited character of the block's text, or -1.</summary>
    public int End { get; init; }
}
