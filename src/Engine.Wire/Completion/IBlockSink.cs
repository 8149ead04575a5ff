using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>
/// Receives content blocks strictly one after the other: <see cref="Open"/>, what belongs to the block, <see cref="Close"/>, and
/// then the next. Spans are valid until the call returns.
/// </summary>
public interface IBlockSink
{
    /// <summary>A block begins; no other is open.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="id">A tool call's id; else empty.</param>
    /// <param name="name">A tool call's name; else empty.</param>
    void Open(BlockKind kind, EscapedText id, EscapedText name);

    /// <summary>More of the open block's text, reasoning or arguments. May be empty.</summary>
    void Delta(EscapedText delta);

    /// <summary>The open call's arguments whole, instead of any delta.</summary>
    void Arguments(RawJson whole);

    /// <summary>A source of the open text block.</summary>
    void Cite(in Citation citation);

    /// <summary>The open block's signature, or the whole of a redacted block. A later one replaces an earlier one.</summary>
    void Sign(SignatureFamily family, EscapedText blob);

    /// <summary>The open block is complete.</summary>
    void Close();
}
