namespace Engine.Wire.Framing;

/// <summary>
/// The elements of one top-level JSON array, each as soon as it is whole (wire/gemini.md, array mode). An error body may
/// come instead, in an array or alone (wire/pitfalls.md 10), so a top-level object is an element too, and so is each one after it.
/// Between elements any run of commas and white space will do (wire/code-assist.md §4 has doubled commas). Elements are objects or
/// arrays, as in every dialect.
/// </summary>
internal struct JsonArrayFramer : IFramer
{
    private enum Phase : byte
    {
        Preamble, // a byte order mark may come
        Start, // the bracket of the array, or an object
        Array,
        Sequence, // objects without an array around them
        Closed, // nothing but white space may come
    }

    private Phase _phase;
    private bool _inElement;
    private int _elementStart;
    private int _scanned; // how far the element was searched for its end
    private JsonValueScanner _scanner; // as new after each whole element

    public FrameStatus Read(ReadOnlySpan<byte> unread, bool isFinal, out Frame frame)
    {
        frame = default;
        if (!_inElement)
        {
            int position = 0;
            if (_phase == Phase.Preamble)
            {
                if (!ByteOrderMark.TryMeasure(unread, isFinal, out position))
                {
                    return FrameStatus.NeedMore;
                }

                _phase = Phase.Start;
            }

            if (!TrySkipToElement(unread, ref position))
            {
                return FrameStatus.Malformed;
            }

            if (!_inElement)
            {
                return BetweenElements(unread[..position], isFinal, out frame);
            }

            _elementStart = _scanned = position;
        }

        if (_scanner.TryFindEnd(unread[_scanned..], out int length))
        {
            int end = _scanned + length;
            frame = new Frame(FrameKind.Event, default, unread[_elementStart..end], unread[..end]);
            _inElement = false;
            return FrameStatus.Frame;
        }

        _scanned = unread.Length;
        return isFinal ? FrameStatus.Truncated : FrameStatus.NeedMore;
    }

    public readonly void Dispose()
    {
    }

    // False when a byte has no business here. Otherwise at an element (_inElement) or at the end of what arrived.
    private bool TrySkipToElement(ReadOnlySpan<byte> unread, ref int position)
    {
        for (; position < unread.Length; position++)
        {
            switch (unread[position])
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    break;
                case (byte)',' when _phase is Phase.Array or Phase.Sequence:
                    break;
                case (byte)'[' when _phase == Phase.Start:
                    _phase = Phase.Array;
                    break;
                case (byte)']' when _phase == Phase.Array:
                    _phase = Phase.Closed;
                    break;
                case (byte)'{' when _phase != Phase.Closed:
                    _phase = _phase == Phase.Start ? Phase.Sequence : _phase;
                    _inElement = true;
                    return true;
                case (byte)'[' when _phase == Phase.Array:
                    _inElement = true;
                    return true;
                default:
                    return false;
            }
        }

        return true;
    }

    private readonly FrameStatus BetweenElements(ReadOnlySpan<byte> separators, bool isFinal, out Frame frame)
    {
        frame = Frame.Silent(separators);
        if (!separators.IsEmpty)
        {
            return FrameStatus.Silent;
        }

        if (!isFinal)
        {
            return FrameStatus.NeedMore;
        }

        return _phase == Phase.Array ? FrameStatus.Truncated : FrameStatus.End;
    }
}
