using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>Gives every event to two sinks, in order: the meter, then the writer.</summary>
public sealed class TeeSink : ICompletionSink
{
    private readonly ICompletionSink _first;
    private readonly ICompletionSink _second;

    /// <summary>Joins two sinks.</summary>
    public TeeSink(ICompletionSink first, ICompletionSink second)
    {
        _first = first;
        _second = second;
    }

    /// <inheritdoc/>
    public void Start(EscapedText id, EscapedText model)
    {
        _first.Start(id, model);
        _second.Start(id, model);
    }

    /// <inheritdoc/>
    public void Text(BlockKey key, EscapedText delta)
    {
        _first.Text(key, delta);
        _second.Text(key, delta);
    }

    /// <inheritdoc/>
    public void Reasoning(BlockKey key, EscapedText delta)
    {
        _first.Reasoning(key, delta);
        _second.Reasoning(key, delta);
    }

    /// <inheritdoc/>
    public void Signature(BlockKey key, SignatureFamily family, EscapedText blob)
    {
        _first.Signature(key, family, blob);
        _second.Signature(key, family, blob);
    }

    /// <inheritdoc/>
    public void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data)
    {
        _first.RedactedReasoning(key, family, data);
        _second.RedactedReasoning(key, family, data);
    }

    /// <inheritdoc/>
    public void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        _first.ToolStart(key, id, name);
        _second.ToolStart(key, id, name);
    }

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, EscapedText fragment)
    {
        _first.ToolArguments(key, fragment);
        _second.ToolArguments(key, fragment);
    }

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, RawJson whole)
    {
        _first.ToolArguments(key, whole);
        _second.ToolArguments(key, whole);
    }

    /// <inheritdoc/>
    public void ToolEnd(BlockKey key)
    {
        _first.ToolEnd(key);
        _second.ToolEnd(key);
    }

    /// <inheritdoc/>
    public void Cite(BlockKey key, in Citation citation)
    {
        _first.Cite(key, citation);
        _second.Cite(key, citation);
    }

    /// <inheritdoc/>
    public void Refusal(BlockKey key, EscapedText delta)
    {
        _first.Refusal(key, delta);
        _second.Refusal(key, delta);
    }

    /// <inheritdoc/>
    public void Media(BlockKey key, EscapedText mimeType, EscapedText base64)
    {
        _first.Media(key, mimeType, base64);
        _second.Media(key, mimeType, base64);
    }

    /// <inheritdoc/>
    public void Usage(in TokenUsage usage)
    {
        _first.Usage(usage);
        _second.Usage(usage);
    }

    /// <inheritdoc/>
    public void Finish(in FinishEvent finish)
    {
        _first.Finish(finish);
        _second.Finish(finish);
    }

    /// <inheritdoc/>
    public void End()
    {
        _first.End();
        _second.End();
    }

    /// <inheritdoc/>
    public void Error(UpstreamError error)
    {
        _first.Error(error);
        _second.Error(error);
    }
}
