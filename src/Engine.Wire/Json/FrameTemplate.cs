using System.Buffers;

namespace Engine.Wire.Json;

/// <summary>A hot frame rendered once per stream around a hole: head + token + tail in one span, no JSON writer.</summary>
public sealed class FrameTemplate
{
    private readonly byte[] _head;
    private readonly byte[] _tail;

    /// <summary>Takes the bytes before and after the hole, framing included.</summary>
    public FrameTemplate(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        _head = head.ToArray();
        _tail = tail.ToArray();
    }

    /// <summary>Writes one frame with the text in the hole.</summary>
    public void Write(IBufferWriter<byte> output, EscapedText text)
    {
        var content = text.Content;
        var length = _head.Length + content.Length + _tail.Length;
        var span = output.GetSpan(length);
        _head.CopyTo(span);
        content.CopyTo(span[_head.Length..]);
        _tail.CopyTo(span[(_head.Length + content.Length)..]);
        output.Advance(length);
    }
}
