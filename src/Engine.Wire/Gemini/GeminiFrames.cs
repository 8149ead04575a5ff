using System.Buffers;
using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Frames of one streamed answer: SSE events, or elements of one JSON array for clients without <c>alt=sse</c> (wire/gemini.md §6).
/// Text frames are rendered once per candidate; the rest is written between <see cref="Open"/> and <see cref="Close"/>.
/// </summary>
internal sealed class GeminiFrames
{
    private readonly IBufferWriter<byte> _output;
    private readonly bool _array;
    private readonly byte[] _model;
    private readonly byte[] _responseId;
    private readonly List<FrameTemplate?> _texts = [];
    private readonly List<FrameTemplate?> _thoughts = [];

    /// <summary>Frames for <paramref name="context"/>'s client.</summary>
    public GeminiFrames(IBufferWriter<byte> output, AnswerContext context)
    {
        _output = output;
        _array = context.StreamAsJsonArray;
        _model = JsonStrings.Escape(context.Model);
        _responseId = Encoding.ASCII.GetBytes(ResponseId(context));
    }

    /// <summary>True once a frame was opened.</summary>
    public bool Any { get; private set; }

    /// <summary>The id of an answer: the upstream's is not the client's business.</summary>
    public static string ResponseId(AnswerContext context) => context.Ids.Mint("", 0);

    /// <summary>One frame with text.</summary>
    public void Text(int candidate, EscapedText delta)
    {
        Separate();
        Template(_texts, candidate, "{\"text\":\""u8).Write(_output, delta);
    }

    /// <summary>One frame with a thought.</summary>
    public void Thought(int candidate, EscapedText delta)
    {
        Separate();
        Template(_thoughts, candidate, "{\"thought\":true,\"text\":\""u8).Write(_output, delta);
    }

    /// <summary>Begins a frame that the caller writes.</summary>
    public void Open()
    {
        Separate();
        if (!_array)
        {
            _output.Write("data: "u8);
        }
    }

    /// <summary>Ends it.</summary>
    public void Close()
    {
        if (!_array)
        {
            _output.Write("\r\n\r\n"u8);
        }
    }

    /// <summary>The properties every response carries, at the end of its object.</summary>
    public void Identity(JsonEmitter emitter)
    {
        emitter.Text("modelVersion"u8, EscapedText.FromContent(_model));
        emitter.Text("responseId"u8, EscapedText.FromContent(_responseId));
    }

    /// <summary>Ends the stream.</summary>
    public void Finish()
    {
        if (_array)
        {
            _output.Write(Any ? "]"u8 : "[]"u8);
        }
    }

    /// <summary>A sign of life, legal between frames.</summary>
    public void Heartbeat() => _output.Write(_array ? "\n"u8 : ": ping\n"u8);

    private void Separate()
    {
        if (_array)
        {
            _output.Write(Any ? ",\n"u8 : "["u8);
        }

        Any = true;
    }

    private FrameTemplate Template(List<FrameTemplate?> templates, int candidate, ReadOnlySpan<byte> part)
    {
        while (templates.Count <= candidate)
        {
            templates.Add(null);
        }

        return templates[candidate] ??= Render(candidate, part);
    }

    private FrameTemplate Render(int candidate, ReadOnlySpan<byte> part)
    {
        using var head = new PooledBytes();
        using var tail = new PooledBytes();
        head.Write(_array ? default : "data: "u8);
        head.Write("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":["u8);
        head.Write(part);
        tail.Write("\"}]},\"index\":"u8);
        var emitter = new JsonEmitter(tail);
        emitter.Number(candidate);
        tail.Write("}]"u8);
        Identity(emitter);
        tail.Write(_array ? "}"u8 : "}\r\n\r\n"u8);
        return new FrameTemplate(head.Span, tail.Span);
    }
}
