using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Writes content blocks as stream events, indexes 0, 1, 2 … without gaps.</summary>
internal sealed class AnthropicBlockFrames(AnthropicFrames frames, AnswerContext context) : IBlockSink, IDisposable
{
    // Holds arguments that come as an object while they are made into a string.
    private readonly PooledBytes _scratch = new();
    private int _index = -1;
    private BlockKind _kind;
    private FrameTemplate? _delta;
    private byte[]? _signature;

    /// <inheritdoc/>
    public void Open(BlockKind kind, EscapedText id, EscapedText name)
    {
        _index++;
        _kind = kind;
        _signature = null;
        switch (kind)
        {
            case BlockKind.Reasoning:
                _delta = AnthropicFrames.DeltaTemplate(_index, "thinking_delta"u8, "thinking"u8);
                var thinking = Start("thinking"u8);
                thinking.Literal("thinking"u8, default);
                thinking.Literal("signature"u8, default);
                EndStart(thinking);
                break;
            case BlockKind.ToolCall:
                _delta = AnthropicFrames.DeltaTemplate(_index, "input_json_delta"u8, "partial_json"u8);
                var call = Start("tool_use"u8);
                call.Text("id"u8, id);
                call.Text("name"u8, name);
                call.ObjectStart("input"u8);
                call.ObjectEnd();
                EndStart(call);
                break;
            case BlockKind.RedactedReasoning:
                // Its start carries the data, which comes as its signature.
                _delta = null;
                break;
            default:
                _delta = AnthropicFrames.DeltaTemplate(_index, "text_delta"u8, "text"u8);
                var text = Start("text"u8);
                text.Literal("text"u8, default);
                EndStart(text);
                break;
        }
    }

    /// <inheritdoc/>
    public void Delta(EscapedText delta)
    {
        if (!delta.IsEmpty && _delta is { } template)
        {
            frames.Write(template, delta);
        }
    }

    /// <inheritdoc/>
    public void Arguments(RawJson whole)
    {
        _scratch.Clear();
        JsonStrings.Escape(whole.Utf8, _scratch);
        Delta(EscapedText.FromContent(_scratch.Span));
    }

    /// <inheritdoc/>
    public void Cite(in Citation citation)
    {
        var emitter = frames.Begin("content_block_delta"u8);
        emitter.Number("index"u8, _index);
        emitter.ObjectStart("delta"u8);
        emitter.Literal("type"u8, "citations_delta"u8);
        emitter.Name("citation"u8);
        AnthropicCitations.Write(emitter, citation);
        emitter.ObjectEnd();
        frames.End();
    }

    /// <inheritdoc/>
    public void Sign(SignatureFamily family, EscapedText blob)
    {
        var signature = AnthropicSignatures.Encode(family, context.UpstreamModel, blob);
        if (_kind == BlockKind.RedactedReasoning)
        {
            var start = Start("redacted_thinking"u8);
            start.Text("data"u8, EscapedText.FromContent(signature));
            EndStart(start);
        }
        else
        {
            // One signature_delta per block: it is written when no other can replace it.
            _signature = signature;
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (_kind == BlockKind.Reasoning)
        {
            var signature = AnthropicFrames.DeltaTemplate(_index, "signature_delta"u8, "signature"u8);
            frames.Write(signature, EscapedText.FromContent(_signature ?? AnthropicSignatures.Unsigned(context.UpstreamModel)));
        }

        var emitter = frames.Begin("content_block_stop"u8);
        emitter.Number("index"u8, _index);
        frames.End();
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    private JsonEmitter Start(ReadOnlySpan<byte> type)
    {
        var emitter = frames.Begin("content_block_start"u8);
        emitter.Number("index"u8, _index);
        emitter.ObjectStart("content_block"u8);
        emitter.Literal("type"u8, type);
        return emitter;
    }

    private void EndStart(JsonEmitter emitter)
    {
        emitter.ObjectEnd();
        frames.End();
    }
}
