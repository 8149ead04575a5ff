using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>Watches an answer without changing it: usage, finish, error, and whether content has begun (the commit point).</summary>
public sealed class MeteringSink : ICompletionSink
{
    private TokenUsage _usage = TokenUsage.Unknown;

    /// <summary>True from the first content event or finish on: the answer can no longer move to another account.</summary>
    public bool ContentSeen { get; private set; }

    /// <summary>Content events so far.</summary>
    public int ContentEvents { get; private set; }

    /// <summary>True once the dialect's terminator was seen.</summary>
    public bool Ended { get; private set; }

    /// <summary>The failure, when there was one.</summary>
    public UpstreamError? Failure { get; private set; }

    /// <summary>Why the first candidate stopped, when it has.</summary>
    public FinishReason? FinishReason { get; private set; }

    /// <summary>Token counts so far.</summary>
    public TokenUsage TokenUsage => _usage;

    /// <inheritdoc/>
    public void Start(EscapedText id, EscapedText model)
    {
        // A start-up event: the answer may still be retried elsewhere.
    }

    /// <inheritdoc/>
    public void Text(BlockKey key, EscapedText delta) => Content();

    /// <inheritdoc/>
    public void Reasoning(BlockKey key, EscapedText delta) => Content();

    /// <inheritdoc/>
    public void Signature(BlockKey key, SignatureFamily family, EscapedText blob) => Content();

    /// <inheritdoc/>
    public void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data) => Content();

    /// <inheritdoc/>
    public void ToolStart(BlockKey key, EscapedText id, EscapedText name) => Content();

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, EscapedText fragment) => Content();

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, RawJson whole) => Content();

    /// <inheritdoc/>
    public void ToolEnd(BlockKey key) => Content();

    /// <inheritdoc/>
    public void Cite(BlockKey key, in Citation citation) => Content();

    /// <inheritdoc/>
    public void Refusal(BlockKey key, EscapedText delta) => Content();

    /// <inheritdoc/>
    public void Media(BlockKey key, EscapedText mimeType, EscapedText base64) => Content();

    /// <inheritdoc/>
    public void Usage(in TokenUsage usage) => _usage = _usage.OverwrittenBy(usage);

    /// <inheritdoc/>
    public void Finish(in FinishEvent finish)
    {
        ContentSeen = true;
        FinishReason ??= finish.Reason;
    }

    /// <inheritdoc/>
    public void End() => Ended = true;

    /// <inheritdoc/>
    public void Error(UpstreamError error) => Failure ??= error;

    private void Content()
    {
        ContentSeen = true;
        ContentEvents++;
    }
}
