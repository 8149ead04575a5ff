using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Writes one streamed answer (wire/anthropic-messages.md §7). <c>message_start</c> waits for the first content, so that it can
/// hold the input tokens when they are known; <c>message_delta</c> waits for the end, when all tokens are known.
/// </summary>
internal sealed class AnthropicEventWriter : ICompletionWriter, IDisposable
{
    private readonly AnswerContext _context;
    private readonly AnthropicFrames _frames;
    private readonly AnthropicBlockFrames _blocks;
    private readonly AnthropicContentSink _content;
    private TokenUsage _usage = TokenUsage.Unknown;
    private byte[] _id = [];
    private FinishReason _reason = FinishReason.Other;
    private byte[] _stopSequence = [];
    private byte[] _explanation = [];
    private Phase _phase;

    public AnthropicEventWriter(IBufferWriter<byte> output, AnswerContext context)
    {
        _context = context;
        _frames = new AnthropicFrames(output);
        _blocks = new AnthropicBlockFrames(_frames, context);
        _content = new AnthropicContentSink(_blocks, context);
    }

    private enum Phase
    {
        Waiting,
        Started,
        Closed,
    }

    /// <inheritdoc/>
    public void Start(EscapedText id, EscapedText model) => _id = AnthropicMessages.IdOf(id.Content, _context);

    /// <inheritdoc/>
    public void Text(BlockKey key, EscapedText delta)
    {
        if (Begin())
        {
            _content.Text(key, delta);
            Check();
        }
    }

    /// <inheritdoc/>
    public void Reasoning(BlockKey key, EscapedText delta)
    {
        if (Begin())
        {
            _content.Reasoning(key, delta);
            Check();
        }
    }

    /// <inheritdoc/>
    public void Signature(BlockKey key, SignatureFamily family, EscapedText blob)
    {
        if (Begin())
        {
            _content.Signature(key, family, blob);
            Check();
        }
    }

    /// <inheritdoc/>
    public void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data)
    {
        if (Begin())
        {
            _content.RedactedReasoning(key, family, data);
            Check();
        }
    }

    /// <inheritdoc/>
    public void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        if (Begin())
        {
            _content.ToolStart(key, id, name);
            Check();
        }
    }

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, EscapedText fragment)
    {
        if (Begin())
        {
            _content.ToolArguments(key, fragment);
            Check();
        }
    }

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, RawJson whole)
    {
        if (Begin())
        {
            _content.ToolArguments(key, whole);
            Check();
        }
    }

    /// <inheritdoc/>
    public void ToolEnd(BlockKey key)
    {
        if (Begin())
        {
            _content.ToolEnd(key);
            Check();
        }
    }

    /// <inheritdoc/>
    public void Cite(BlockKey key, in Citation citation)
    {
        if (Begin())
        {
            _content.Cite(key, citation);
            Check();
        }
    }

    /// <inheritdoc/>
    public void Refusal(BlockKey key, EscapedText delta) => Text(key, delta);

    /// <inheritdoc/>
    public void Media(BlockKey key, EscapedText mimeType, EscapedText base64)
    {
        if (Begin())
        {
            _content.Media(key, mimeType, base64);
            Check();
        }
    }

    /// <inheritdoc/>
    public void Usage(in TokenUsage usage) => _usage = _usage.OverwrittenBy(usage);

    /// <inheritdoc/>
    public void Finish(in FinishEvent finish)
    {
        if (finish.Candidate == 0 && Begin())
        {
            _reason = finish.Reason;
            _stopSequence = finish.StopSequence.Content.ToArray();
            _explanation = finish.Explanation.Content.ToArray();
            _content.CloseAll();
            Check();
        }
    }

    /// <inheritdoc/>
    public void End()
    {
        if (!Begin())
        {
            return;
        }

        _content.CloseAll();
        if (_reason == FinishReason.MalformedCall)
        {
            _content.Remark(AnthropicFinishReasons.MalformedCallText);
        }

        Check();
        if (_phase != Phase.Closed)
        {
            WriteEnd();
            Close();
        }
    }

    /// <inheritdoc/>
    public void Error(UpstreamError error)
    {
        if (_phase != Phase.Closed)
        {
            var emitter = _frames.Begin("error"u8);
            AnthropicErrorWriter.WriteProperties(emitter, error, "");
            _frames.End();
            Close();
        }
    }

    /// <inheritdoc/>
    public void Heartbeat()
    {
        if (_phase != Phase.Closed)
        {
            _frames.Write(AnthropicFrames.Ping);
        }
    }

    /// <summary>Returns what is held back to its pool. The end and an error do it too.</summary>
    public void Dispose()
    {
        _content.Dispose();
        _blocks.Dispose();
    }

    // False once the stream is over; before the first content it writes the head.
    private bool Begin()
    {
        if (_phase == Phase.Waiting)
        {
            _phase = Phase.Started;
            WriteStart();
        }

        return _phase == Phase.Started;
    }

    private void Check()
    {
        if (_content.Failure is { } failure)
        {
            Error(failure);
        }
    }

    private void WriteStart()
    {
        var emitter = _frames.Begin("message_start"u8);
        emitter.ObjectStart("message"u8);
        AnthropicMessages.WriteHead(emitter, _id.Length > 0 ? _id : AnthropicMessages.IdOf(default, _context), _context);
        emitter.ArrayStart("content"u8);
        emitter.ArrayEnd();
        emitter.Null("stop_reason"u8);
        emitter.Null("stop_sequence"u8);
        emitter.Name("usage"u8);
        AnthropicUsage.Write(emitter, _usage);
        emitter.ObjectEnd();
        _frames.End();
    }

    private void WriteEnd()
    {
        var emitter = _frames.Begin("message_delta"u8);
        emitter.ObjectStart("delta"u8);
        AnthropicMessages.WriteStop(emitter, FinishPrecedence.Resolve(_reason, _content.ToolCallsSeen), _stopSequence, _explanation);
        emitter.ObjectEnd();
        emitter.Name("usage"u8);
        AnthropicUsage.Write(emitter, _usage);
        _frames.End();
        _frames.Begin("message_stop"u8);
        _frames.End();
    }

    private void Close()
    {
        _phase = Phase.Closed;
        Dispose();
    }
}
