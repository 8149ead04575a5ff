using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>Passes every event on. A repair of the answer (names restored, a fence cut off) overrides what it changes.</summary>
public abstract class RelaySink : ICompletionSink
{
    /// <summary>Passes events on to <paramref name="next"/>.</summary>
    protected RelaySink(ICompletionSink next) => Next = next;

    /// <summary>The sink after this one.</summary>
    protected ICompletionSink Next { get; }

    /// <summary>
    /// True when the client's answer is already whole although the upstream still speaks (an emulated stop sequence was hit): the
    /// upstream call may be cancelled, and the truncation that follows from it becomes the end of the answer.
    /// </summary>
    public virtual bool IsAnswerWhole => Next is RelaySink { IsAnswerWhole: true };

    /// <inheritdoc/>
    public virtual void Start(EscapedText id, EscapedText model) => Next.Start(id, model);

    /// <inheritdoc/>
    public virtual void Text(BlockKey key, EscapedText delta) => Next.Text(key, delta);

    /// <inheritdoc/>
    public virtual void Reasoning(BlockKey key, EscapedText delta) => Next.Reasoning(key, delta);

    /// <inheritdoc/>
    public virtual void Signature(BlockKey key, SignatureFamily family, EscapedText blob) => Next.Signature(key, family, blob);

    /// <inheritdoc/>
    public virtual void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data) => Next.RedactedReasoning(key, family, data);

    /// <inheritdoc/>
    public virtual void ToolStart(BlockKey key, EscapedText id, EscapedText name) => Next.ToolStart(key, id, name);

    /// <inheritdoc/>
    public virtual void ToolArguments(BlockKey key, EscapedText fragment) => Next.ToolArguments(key, fragment);

    /// <inheritdoc/>
    public virtual void ToolArguments(BlockKey key, RawJson whole) => Next.ToolArguments(key, whole);

    /// <inheritdoc/>
    public virtual void ToolEnd(BlockKey key) => Next.ToolEnd(key);

    /// <inheritdoc/>
    public virtual void Cite(BlockKey key, in Citation citation) => Next.Cite(key, citation);

    /// <inheritdoc/>
    public virtual void Refusal(BlockKey key, EscapedText delta) => Next.Refusal(key, delta);

    /// <inheritdoc/>
    public virtual void Media(BlockKey key, EscapedText mimeType, EscapedText base64) => Next.Media(key, mimeType, base64);

    /// <inheritdoc/>
    public virtual void Usage(in TokenUsage usage) => Next.Usage(usage);

    /// <inheritdoc/>
    public virtual void Finish(in FinishEvent finish) => Next.Finish(finish);

    /// <inheritdoc/>
    public virtual void End() => Next.End();

    /// <inheritdoc/>
    public virtual void Error(UpstreamError error) => Next.Error(error);
}
