using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>What a folded block holds.</summary>
public enum BlockKind
{
    /// <summary>Answer text.</summary>
    Text,

    /// <summary>Reasoning text, possibly empty beside a signature.</summary>
    Reasoning,

    /// <summary>Reasoning only its own family can read.</summary>
    RedactedReasoning,

    /// <summary>A tool call.</summary>
    ToolCall,

    /// <summary>Text in which the model declines.</summary>
    Refusal,

    /// <summary>An image or other media.</summary>
    Media,
}

/// <summary>One content block of an answer, complete or still growing. Spans are valid until the fold is disposed or grows.</summary>
public sealed class FoldedBlock : IDisposable
{
    private readonly PooledBytes _content;
    private byte[] _signature = [];

    internal FoldedBlock(BlockKey key, BlockKind kind, int maximum)
    {
        Key = key;
        Kind = kind;
        _content = new PooledBytes(maximum);
    }

    /// <summary>The block's key.</summary>
    public BlockKey Key { get; }

    /// <summary>What it holds.</summary>
    public BlockKind Kind { get; internal set; }

    /// <summary>Text, reasoning, refusal, redacted data or base64: escaped.</summary>
    public EscapedText Content => EscapedText.FromContent(_content.Span);

    /// <summary>A tool call's id, escaped.</summary>
    public byte[] ToolId { get; internal set; } = [];

    /// <summary>A tool call's name, escaped.</summary>
    public byte[] ToolName { get; internal set; } = [];

    /// <summary>A medium's type, escaped.</summary>
    public byte[] MimeType { get; internal set; } = [];

    /// <summary>True once the call's arguments are complete.</summary>
    public bool ToolEnded { get; internal set; }

    /// <summary>True when the arguments came as one JSON value and not as escaped fragments.</summary>
    public bool ArgumentsAreWhole { get; internal set; }

    /// <summary>Whose signature <see cref="Signature"/> is.</summary>
    public SignatureFamily SignatureFamily { get; private set; }

    /// <summary>The block's signature; empty when it has none.</summary>
    public EscapedText Signature => EscapedText.FromContent(_signature);

    /// <summary>Sources of a text block.</summary>
    public IReadOnlyList<FoldedCitation> Citations => CitationList;

    /// <summary>A tool call's arguments.</summary>
    public ToolArguments Arguments => ArgumentsAreWhole
        ? ToolArguments.FromObject(JsonSlice.FromUtf8(_content.Memory))
        : ToolArguments.FromText(EscapedSlice.FromContent(_content.Memory));

    internal List<FoldedCitation> CitationList { get; } = [];

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_content.GetSpan(bytes.Length));
        _content.Advance(bytes.Length);
    }

    internal void Sign(SignatureFamily family, EscapedText blob)
    {
        SignatureFamily = family;
        _signature = blob.Content.ToArray();
    }
}

/// <summary>A folded <see cref="Citation"/>; texts are escaped.</summary>
/// <param name="Url">The source's address.</param>
/// <param name="Title">The source's title.</param>
/// <param name="CitedText">The passage quoted.</param>
/// <param name="Start">First cited character of the block's text, or -1.</param>
/// <param name="End">One past the last, or -1.</param>
public sealed record FoldedCitation(byte[] Url, byte[] Title, byte[] CitedText, int Start, int End)
{
    /// <summary>Copies a citation off its event.</summary>
    public static FoldedCitation Of(in Citation citation) => new(
        citation.Url.Content.ToArray(), citation.Title.Content.ToArray(), citation.CitedText.Content.ToArray(), citation.Start, citation.End);

    /// <summary>The same as an event again.</summary>
    public Citation AsCitation() => new()
    {
        Url = EscapedText.FromContent(Url),
        Title = EscapedText.FromContent(Title),
        CitedText = EscapedText.FromContent(CitedText),
        Start = Start,
        End = End,
    };
}
