namespace Engine.Wire.Framing;

/// <summary>
/// Newline-delimited JSON (wire/ollama.md, stream grammar): each line that is not blank is one event. LF ends a line; a CR before it is
/// white space, as all around the value. The last line may lack its end.
/// </summary>
internal struct NdJsonFramer : IFramer
{
    private int _scanned; // no line end in front of this offset
    private bool _started;

    public FrameStatus Read(ReadOnlySpan<byte> unread, bool isFinal, out Frame frame)
    {
        frame = default;
        int position = 0;
        if (!_started)
        {
            if (!ByteOrderMark.TryMeasure(unread, isFinal, out position))
            {
                return FrameStatus.NeedMore;
            }

            _started = true;
        }

        while (position < unread.Length)
        {
            int from = Math.Max(position, _scanned);
            int found = unread[from..].IndexOf((byte)'\n');
            if (found < 0 && !isFinal)
            {
                break;
            }

            int next = found < 0 ? unread.Length : from + found + 1;
            var line = unread[position..next].Trim(" \t\r\n"u8);
            if (!line.IsEmpty)
            {
                _scanned = 0;
                frame = new Frame(FrameKind.Event, default, line, unread[..next]);
                return FrameStatus.Frame;
            }

            position = next;
        }

        _scanned = unread.Length - position;
        if (position > 0)
        {
            frame = Frame.Silent(unread[..position]);
            return FrameStatus.Silent;
        }

        return isFinal ? FrameStatus.End : FrameStatus.NeedMore;
    }

    public readonly void Dispose()
    {
    }
}
