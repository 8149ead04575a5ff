using System.Buffers;

namespace Engine.Wire.Framing;

/// <summary>
/// Writes server-sent events (wire/README.md, reading rule 4), each with one reservation. An event always ends with its
/// blank line (wire/pitfalls.md 9), and has no <c>id:</c>, which would turn a comment into an event for some clients (6).
/// </summary>
public static class SseWriter
{
    private static ReadOnlySpan<byte> LineEnds => "\r\n"u8;

    /// <summary>
    /// Writes <c>data: JSON</c> and the blank line. Line ends inside <paramref name="json"/> are removed, or escaped where they
    /// stand in a string.
    /// </summary>
    public static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> json) => Write(output, default, json);

    /// <summary>Writes <c>event: NAME</c>, then as <see cref="WriteData"/>.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds a line end.</exception>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        if (name.IsEmpty || name.IndexOfAny(LineEnds) >= 0)
        {
            throw new ArgumentException("An event name is one line that is not empty.", nameof(name));
        }

        Write(output, name, json);
    }

    /// <summary>
    /// Writes a comment line, <c>: TEXT</c>, which may stand between any two events and is nobody's event (wire/pitfalls.md 6).
    /// </summary>
    /// <exception cref="ArgumentException">The text holds a line end.</exception>
    public static void WriteComment(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (text.IndexOfAny(LineEnds) >= 0)
        {
            throw new ArgumentException("A comment is one line.", nameof(text));
        }

        var span = output.GetSpan(text.Length + 3);
        int length = Append(": "u8, span, 0);
        length = Append(text, span, length);
        span[length++] = (byte)'\n';
        output.Advance(length);
    }

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        ArgumentNullException.ThrowIfNull(output);
        var span = output.GetSpan("event: \ndata: \n\n".Length + name.Length + SingleLineJson.MeasureAtMost(json));
        int length = 0;
        if (!name.IsEmpty)
        {
            length = Append("event: "u8, span, length);
            length = Append(name, span, length);
            length = Append("\n"u8, span, length);
        }

        length = Append("data: "u8, span, length);
        length += SingleLineJson.Write(json, span[length..]);
        length = Append("\n\n"u8, span, length);
        output.Advance(length);
    }

    private static int Append(ReadOnlySpan<byte> bytes, Span<byte> span, int at)
    {
        bytes.CopyTo(span[at..]);
        return at + bytes.Length;
    }
}
