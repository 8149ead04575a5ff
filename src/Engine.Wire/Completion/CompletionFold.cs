using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>
/// A whole answer, folded from the same events a stream consists of, so that streamed and whole answers cannot disagree. Blocks
/// keep the order in which they appeared. Dispose to return its memory.
/// </summary>
public sealed class CompletionFold : ICompletionSink, IDisposable
{
    private readonly int _maximumBlock;
    private readonly List<FoldedBlock> _blocks = [];
    private readonly List<FoldedFinish> _finishes = [];
    private TokenUsage _usage = TokenUsage.Unknown;
    private FoldedBlock? _last;

    /// <summary>An empty fold.</summary>
    /// <param name="maximumBlock">Bytes one block may hold.</param>
    public CompletionFold(int maximumBlock = 128 << 20) => _maximumBlock = maximumBlock;

    /// <summary>The upstream's id of the answer, escaped.</summary>
    public byte[] Id { get; private set; } = [];

    /// <summary>The upstream's name of the model, escaped.</summary>
    public byte[] Model { get; private set; } = [];

    /// <summary>The content in order of appearance.</summary>
    public IReadOnlyList<FoldedBlock> Blocks => _blocks;

    /// <summary>Why each candidate stopped.</summary>
    public IReadOnlyList<FoldedFinish> Finishes => _finishes;

    /// <summary>Token counts.</summary>
    public TokenUsage TokenUsage => _usage;

    /// <summary>True when the answer is whole.</summary>
    public bool Ended { get; private set; }

    /// <summary>The failure, when there was one.</summary>
    public UpstreamError? Failure { get; private set; }

    /// <inheritdoc/>
    public void Start(EscapedText id, EscapedText model)
    {
        Id = id.Content.ToArray();
        Model = model.Content.ToArray();
    }

    /// <inheritdoc/>
    public void Text(BlockKey key, EscapedText delta) => Block(key, BlockKind.Text).Append(delta.Content);

    /// <inheritdoc/>
    public void Reasoning(BlockKey key, EscapedText delta) => Block(key, BlockKind.Reasoning).Append(delta.Content);

    /// <inheritdoc/>
    public void Signature(BlockKey key, SignatureFamily family, EscapedText blob) => Block(key, null).Sign(family, blob);

    /// <inheritdoc/>
    public void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data) =>
        Block(key, BlockKind.RedactedReasoning).Sign(family, data);

    /// <inheritdoc/>
    public void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        var block = Block(key, BlockKind.ToolCall);
        block.ToolId = id.Content.ToArray();
        block.ToolName = name.Content.ToArray();
    }

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, EscapedText fragment) => Block(key, BlockKind.ToolCall).Append(fragment.Content);

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, RawJson whole)
    {
        var block = Block(key, BlockKind.ToolCall);
        block.ArgumentsAreWhole = true;
        block.Append(whole.Utf8);
    }

    /// <inheritdoc/>
    public void ToolEnd(BlockKey key) => Block(key, BlockKind.ToolCall).ToolEnded = true;

    /// <inheritdoc/>
    public void Cite(BlockKey key, in Citation citation) => Block(key, BlockKind.Text).CitationList.Add(FoldedCitation.Of(citation));

    /// <inheritdoc/>
    public void Refusal(BlockKey key, EscapedText delta) => Block(key, BlockKind.Refusal).Append(delta.Content);

    /// <inheritdoc/>
    public void Media(BlockKey key, EscapedText mimeType, EscapedText base64)
    {
        var block = Block(key, BlockKind.Media);
        block.MimeType = mimeType.Content.ToArray();
        block.Append(base64.Content);
    }

    /// <inheritdoc/>
    public void Usage(in TokenUsage usage) => _usage = _usage.OverwrittenBy(usage);

    /// <inheritdoc/>
    public void Finish(in FinishEvent finish) => _finishes.Add(new FoldedFinish(
        finish.Candidate,
        finish.Reason,
        finish.Raw.Content.ToArray(),
        finish.StopSequence.Content.ToArray(),
        finish.Explanation.Content.ToArray()));

    /// <inheritdoc/>
    public void End() => Ended = true;

    /// <inheritdoc/>
    public void Error(UpstreamError error) => Failure ??= error;

    /// <summary>
    /// Why a candidate stopped, after the precedence of wire/mapping.md §5.2. A whole answer that never said why counts as
    /// <see cref="FinishReason.Other"/>.
    /// </summary>
    public FinishReason ResolvedFinish(int candidate = 0)
    {
        var calls = _blocks.Exists(block => block.Kind == BlockKind.ToolCall && block.Key.Candidate == candidate);
        var finish = _finishes.Find(each => each.Candidate == candidate);
        return FinishPrecedence.Resolve(finish?.Reason ?? FinishReason.Other, calls);
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks.ForEach(static block => block.Dispose());

    // A signature may open a block whose kind only the next event tells (tool calls are signed before they start).
    private FoldedBlock Block(BlockKey key, BlockKind? kind)
    {
        var block = _last?.Key == key ? _last : _blocks.Find(each => each.Key == key);
        if (block is null)
        {
            block = new FoldedBlock(key, kind ?? BlockKind.Reasoning, _maximumBlock);
            _blocks.Add(block);
        }
        else if (kind is { } known)
        {
            block.Kind = known;
        }

        return _last = block;
    }
}

/// <summary>A folded <see cref="FinishEvent"/>; texts are escaped.</summary>
/// <param name="Candidate">The candidate that stopped.</param>
/// <param name="Reason">As the upstream reported it.</param>
/// <param name="Raw">The upstream's own word.</param>
/// <param name="StopSequence">The stop sequence that was hit; empty when not said.</param>
/// <param name="Explanation">The provider's explanation; empty when not said.</param>
public sealed record FoldedFinish(int Candidate, FinishReason Reason, byte[] Raw, byte[] StopSequence, byte[] Explanation);
