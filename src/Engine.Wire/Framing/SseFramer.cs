namespace Engine.Wire.Framing;

/// <summary>
/// Server-sent events (wire/README.md, reading rule 3), line by line. One vectorised search finds the end of a line; the field in front
/// of it is noted as offsets, and an empty line hands out the event they describe. So an event with one data line, which is what every
/// provider sends, is searched once and never copied, and a split costs nothing but remembering how far the search came.
/// Two shapes outside the standard are taken as what they mean: a JSON value without a field name (<see cref="FrameKind.BareJson"/>),
/// and whole JSON values on successive data lines, which are one event each because joined they could not be read.
/// </summary>
internal struct SseFramer : IFramer
{
    private enum Phase : byte
    {
        Preamble, // a byte order mark may come
        Between, // no field of the next event was seen
        Fields, // inside an event
        BareJson, // inside a JSON value that no field introduced
    }

    private const byte Lf = (byte)'\n';
    private const byte Cr = (byte)'\r';

    // Offsets into the unread bytes.
    private int _line; // start of the line to look at next
    private int _scanned; // no line end between _line and here
    private int _nameStart;
    private int _nameLength;
    private int _dataStart; // first data line; in BareJson the value
    private int _dataLength;

    private int _dataLines;
    private Phase _phase;
    private bool _afterCr; // the last line ended in the last byte received, a CR: an LF that follows belongs to it
    private JsonValueScanner _bareJson;
    private ScratchBuffer _joined;

    public FrameStatus Read(ReadOnlySpan<byte> unread, bool isFinal, out Frame frame)
    {
        _joined.Release();
        if (_phase == Phase.Preamble)
        {
            if (!ByteOrderMark.TryMeasure(unread, isFinal, out _line))
            {
                frame = default;
                return FrameStatus.NeedMore;
            }

            _phase = Phase.Between;
        }

        if (_afterCr && _line < unread.Length)
        {
            _line += unread[_line] == Lf ? 1 : 0;
            _afterCr = false;
        }

        if (_phase == Phase.BareJson)
        {
            return ReadBareJson(unread, isFinal, out frame);
        }

        int line = _line;
        int scanned = _scanned;
        while (line < unread.Length)
        {
            int lineEnd = line;
            byte first = unread[line];
            if (first is not (Lf or Cr))
            {
                if (_dataLines == 0 && first is (byte)'{' or (byte)'[')
                {
                    return StartBareJson(unread, line, isFinal, out frame);
                }

                int from = Math.Max(line, scanned);
                int found = unread[from..].IndexOfAny(Lf, Cr);
                if (found < 0 && !isFinal)
                {
                    return Wait(unread, line, scanned: unread.Length, out frame);
                }

                lineEnd = found < 0 ? unread.Length : from + found;
                if (first != (byte)':')
                {
                    if (!NoteField(unread, line, lineEnd))
                    {
                        return Dispatch(unread, line, out frame);
                    }

                    _phase = Phase.Fields;
                }
            }

            int next = SkipLineEnd(unread, lineEnd);
            if (lineEnd == line && _phase == Phase.Fields)
            {
                return Dispatch(unread, next, out frame);
            }

            line = next;
        }

        if (isFinal && _phase == Phase.Fields)
        {
            return Dispatch(unread, unread.Length, out frame);
        }

        var status = Wait(unread, line, scanned: line, out frame);
        return isFinal && status == FrameStatus.NeedMore ? FrameStatus.End : status;
    }

    public void Dispose() => _joined.Release();

    private int SkipLineEnd(ReadOnlySpan<byte> unread, int lineEnd)
    {
        int next = lineEnd + 1;
        if (lineEnd == unread.Length)
        {
            return lineEnd;
        }

        if (unread[lineEnd] == Cr)
        {
            if (next == unread.Length)
            {
                _afterCr = true;
            }
            else if (unread[next] == Lf)
            {
                next++;
            }
        }

        return next;
    }

    /// <summary>Notes what a line that is neither blank nor a comment says. False when it begins another event.</summary>
    private bool NoteField(ReadOnlySpan<byte> unread, int start, int end)
    {
        var line = unread[start..end];
        if (TryGetData(line, out var value))
        {
            if (_dataLines == 0)
            {
                _dataStart = end - value.Length;
                _dataLength = value.Length;
            }
            else if (BeginsAnotherEvent(unread, value))
            {
                return false;
            }

            _dataLines++;
        }
        else if (line.StartsWith("event:"u8))
        {
            _nameLength = SkipSpace(line[6..]).Length;
            _nameStart = end - _nameLength;
        }
        else if (line.SequenceEqual("event"u8))
        {
            _nameLength = 0;
        }
        else
        {
            return !BeginsAnotherEvent(unread, line);
        }

        return true;
    }

    private readonly bool BeginsAnotherEvent(ReadOnlySpan<byte> unread, ReadOnlySpan<byte> value) =>
        _dataLines == 1
        && JsonValueScanner.StartsValue(value)
        && JsonValueScanner.IsWhole(unread.Slice(_dataStart, _dataLength));

    private static bool TryGetData(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> value)
    {
        if (line.StartsWith("data:"u8))
        {
            value = SkipSpace(line[5..]);
            return true;
        }

        value = default;
        return line.SequenceEqual("data"u8);
    }

    private static ReadOnlySpan<byte> SkipSpace(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && value[0] == (byte)' ' ? value[1..] : value;

    private FrameStatus Dispatch(ReadOnlySpan<byte> unread, int end, out Frame frame)
    {
        var data = _dataLines > 1 ? JoinDataLines(unread[..end]) : unread.Slice(_dataStart, _dataLength);
        var name = unread.Slice(_nameStart, _nameLength);
        Reset();
        if (data.IsEmpty || (data[0] <= (byte)' ' && data.IndexOfAnyExcept(" \t\n"u8) < 0))
        {
            frame = Frame.Silent(unread[..end]);
            return FrameStatus.Silent;
        }

        frame = new Frame(FrameKind.Event, name, data, unread[..end]);
        return FrameStatus.Frame;
    }

    private ReadOnlySpan<byte> JoinDataLines(ReadOnlySpan<byte> block)
    {
        var joined = _joined.Rent(block.Length - _dataStart);
        block.Slice(_dataStart, _dataLength).CopyTo(joined);
        int length = _dataLength;
        var rest = block[(_dataStart + _dataLength)..];
        while (!rest.IsEmpty)
        {
            // The LF of a CRLF passes as a line of its own, and an empty line is none of ours.
            int lineEnd = rest.IndexOfAny(Lf, Cr);
            var line = lineEnd < 0 ? rest : rest[..lineEnd];
            rest = lineEnd < 0 ? default : rest[(lineEnd + 1)..];
            if (TryGetData(line, out var value))
            {
                joined[length++] = Lf;
                value.CopyTo(joined[length..]);
                length += value.Length;
            }
        }

        return joined[..length];
    }

    private FrameStatus StartBareJson(ReadOnlySpan<byte> unread, int line, bool isFinal, out Frame frame)
    {
        _phase = Phase.BareJson;
        _line = _scanned = _dataStart = line;
        return ReadBareJson(unread, isFinal, out frame);
    }

    /// <summary>A bare value ends with its last bracket; one that never closes ends at an empty line or with the input.</summary>
    private FrameStatus ReadBareJson(ReadOnlySpan<byte> unread, bool isFinal, out Frame frame)
    {
        frame = default;
        while (true)
        {
            var rest = unread[_scanned..];
            int found = rest.IndexOfAny(Lf, Cr);
            if (_bareJson.TryFindEnd(found < 0 ? rest : rest[..found], out int length))
            {
                return DispatchBareJson(unread, _scanned + length, _scanned + length, out frame);
            }

            if (found < 0)
            {
                _scanned = unread.Length;
                return isFinal ? DispatchBareJson(unread, _scanned, _scanned, out frame) : FrameStatus.NeedMore;
            }

            // The LF of a split CRLF lies in front of _line: an end of line, but not of an empty one.
            int lineEnd = _scanned + found;
            int next = SkipLineEnd(unread, lineEnd);
            if (lineEnd == _line)
            {
                return DispatchBareJson(unread, lineEnd, next, out frame);
            }

            _line = _scanned = next;
        }
    }

    private FrameStatus DispatchBareJson(ReadOnlySpan<byte> unread, int dataEnd, int end, out Frame frame)
    {
        var name = unread.Slice(_nameStart, _nameLength);
        frame = new Frame(FrameKind.BareJson, name, unread[_dataStart..dataEnd].TrimEnd("\r\n"u8), unread[..end]);
        _bareJson = default;
        Reset();
        return FrameStatus.Frame;
    }

    /// <summary>Nothing whole yet: remembers where to go on, but lets go of what cannot become part of an event.</summary>
    private FrameStatus Wait(ReadOnlySpan<byte> unread, int line, int scanned, out Frame frame)
    {
        frame = default;
        if (_phase == Phase.Between && line > 0)
        {
            frame = Frame.Silent(unread[..line]);
            _line = 0;
            _scanned = scanned - line;
            return FrameStatus.Silent;
        }

        _line = line;
        _scanned = scanned;
        return FrameStatus.NeedMore;
    }

    private void Reset()
    {
        _line = _scanned = 0;
        _nameStart = _nameLength = 0;
        _dataStart = _dataLength = _dataLines = 0;
        _phase = Phase.Between;
    }
}
