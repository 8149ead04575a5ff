using System.Buffers;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Frames of the stream: <c>event: TYPE</c>, one line of data with the same type, an empty line (wire/anthropic-messages.md
/// §7).
/// </summary>
internal sealed class AnthropicFrames
{
    private readonly IBufferWriter<byte> _output;
    private readonly JsonEmitter _emitter;

    public AnthropicFrames(IBufferWriter<byte> output)
    {
        _output = output;
        _emitter = new JsonEmitter(output);
    }

    public static ReadOnlySpan<byte> Ping => "event: ping\ndata: {\"type\":\"ping\"}\n\n"u8;

    /// <summary>Opens a frame and its object with its type; the caller writes the other properties.</summary>
    public JsonEmitter Begin(ReadOnlySpan<byte> type)
    {
        _output.Write("event: "u8);
        _output.Write(type);
        _output.Write("\ndata: "u8);
        _emitter.Reset(_output);
        _emitter.ObjectStart();
        _emitter.Literal("type"u8, type);
        return _emitter;
    }

    /// <summary>Closes the object and the frame.</summary>
    public void End()
    {
        _emitter.ObjectEnd();
        _output.Write("\n\n"u8);
    }

    /// <summary>A frame of bytes made before.</summary>
    public void Write(ReadOnlySpan<byte> frame) => _output.Write(frame);

    /// <summary>A hot frame around a text.</summary>
    public void Write(FrameTemplate template, EscapedText text) => template.Write(_output, text);

    /// <summary>The template of a block's deltas.</summary>
    /// <param name="index">The block's index.</param>
    /// <param name="type">The delta's type.</param>
    /// <param name="field">The delta's field that holds the text.</param>
    public static FrameTemplate DeltaTemplate(int index, ReadOnlySpan<byte> type, ReadOnlySpan<byte> field)
    {
        var head = new ArrayBufferWriter<byte>(128);
        var frames = new AnthropicFrames(head);
        var emitter = frames.Begin("content_block_delta"u8);
        emitter.Number("index"u8, index);
        emitter.ObjectStart("delta"u8);
        emitter.Literal("type"u8, type);
        emitter.Name(field);
        emitter.TextStart();
        return new FrameTemplate(head.WrittenSpan, "\"}}\n\n"u8);
    }
}
