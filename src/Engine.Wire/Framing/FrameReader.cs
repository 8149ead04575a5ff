using System.Text.Unicode;
using Engine.Wire.Json;

namespace Engine.Wire.Framing;

/// <summary>
/// The lowest layer of the wire in one piece: a receive buffer and the framer that fits the response. The caller receives into
/// <see cref="GetMemory"/>, says how much came (<see cref="Advance"/>) or that nothing will (<see cref="Complete"/>), and then
/// calls <see cref="Read"/> until it answers neither Frame nor Silent. No allocation per frame. Not thread-safe.
/// </summary>
public sealed class FrameReader : IDisposable
{
    /// <summary>The cap for one frame where nobody sets another: base64 images come in one event (wire/README.md, rule 3).</summary>
    public const int DefaultMaximumFrame = 64 * 1024 * 1024;

    private const int InitialCapacity = 16 * 1024; // what one TLS record carries
    private const int MinimumFree = 2 * 1024; // less room than this is not worth a receive

    private readonly ReceiveBuffer _buffer;
    private readonly int _maximumFrame;
    private FrameFormat _format;
    private SseFramer _sse;
    private NdJsonFramer _ndJson;
    private JsonArrayFramer _jsonArray;
    private ScratchBuffer _repaired;
    private FrameStatus _last; // End or a failure, once there is one; until then NeedMore
    private bool _completed;

    /// <summary>Creates a reader that holds no memory until it is asked for some.</summary>
    /// <param name="format">The framing of the response.</param>
    /// <param name="maximumFrame">Most bytes of one frame with its framing, and of what is buffered; at least 1.</param>
    public FrameReader(FrameFormat format, int maximumFrame = DefaultMaximumFrame)
    {
        _buffer = new ReceiveBuffer(Math.Min(InitialCapacity, maximumFrame), maximumFrame);
        _format = format;
        _maximumFrame = maximumFrame;
    }

    /// <summary>The framing in use; <see cref="FrameFormat.Detect"/> until the bytes have shown which.</summary>
    public FrameFormat Format => _format;

    /// <summary>
    /// What was received and not given out as a frame; after a failure, what could not be read. Valid until the next
    /// <see cref="GetMemory"/>, <see cref="ReleaseIfEmpty"/> or <see cref="Dispose"/>.
    /// </summary>
    public ReadOnlySpan<byte> Unread => _buffer.Unread;

    /// <summary>
    /// Memory to receive into, never empty, valid until the next call of this method, <see cref="ReleaseIfEmpty"/> or
    /// <see cref="Dispose"/>. It ends the life of every span given out before.
    /// </summary>
    /// <exception cref="InvalidOperationException">The last answer of <see cref="Read"/> was not NeedMore, and no room is left.</exception>
    public Memory<byte> GetMemory() => _buffer.TryGetMemory(MinimumFree, out var memory)
        ? memory
        : throw new InvalidOperationException("No room is left: read the frames first.");

    /// <summary>Says that the first <paramref name="count"/> bytes of the memory last handed out were filled.</summary>
    public void Advance(int count) => _buffer.Advance(count);

    /// <summary>Says that nothing will follow what was received.</summary>
    public void Complete() => _completed = true;

    /// <summary>
    /// Gives out the next frame. Its spans are valid until the next call of any member but <see cref="Unread"/> and
    /// <see cref="Format"/>; its data is valid UTF-8, repaired where the upstream's was not, while <see cref="Frame.Raw"/> is as
    /// received. End and the three failures are final.
    /// </summary>
    public FrameStatus Read(out Frame frame)
    {
        _repaired.Release();
        if (_last != FrameStatus.NeedMore)
        {
            frame = default;
            return _last;
        }

        var unread = _buffer.Unread;
        if (_format == FrameFormat.Detect && !TryDetect(unread))
        {
            frame = default;
            return NotYet(unread);
        }

        var status = _format switch
        {
            FrameFormat.Sse => _sse.Read(unread, _completed, out frame),
            FrameFormat.NdJson => _ndJson.Read(unread, _completed, out frame),
            _ => _jsonArray.Read(unread, _completed, out frame),
        };
        switch (status)
        {
            case FrameStatus.Frame:
                _buffer.Consume(frame.Length);
                if (!Utf8.IsValid(frame.Data))
                {
                    frame = frame.WithData(Repair(frame.Data));
                }

                return status;
            case FrameStatus.Silent:
                _buffer.Consume(frame.Length);
                return status;
            case FrameStatus.NeedMore:
                return NotYet(unread);
            default:
                return _last = status;
        }
    }

    /// <summary>
    /// Gives the memory back while nothing is unread, so that a silent stream holds none. Not while a receive is pending.
    /// </summary>
    public void ReleaseIfEmpty()
    {
        _repaired.Release();
        _buffer.ReleaseIfEmpty();
    }

    /// <summary>Gives all memory back. Not while a receive is pending.</summary>
    public void Dispose()
    {
        _repaired.Release();
        _sse.Dispose();
        _ndJson.Dispose();
        _jsonArray.Dispose();
        _buffer.Dispose();
    }

    private FrameStatus NotYet(ReadOnlySpan<byte> unread)
    {
        if (unread.Length >= _maximumFrame)
        {
            _last = FrameStatus.TooLarge;
        }

        return _last;
    }

    private bool TryDetect(ReadOnlySpan<byte> unread)
    {
        if (!ByteOrderMark.TryMeasure(unread, _completed, out int mark))
        {
            return false;
        }

        var content = unread[mark..].TrimStart(" \t\r\n"u8);
        if (content.IsEmpty && !_completed)
        {
            return false;
        }

        _format = JsonValueScanner.StartsValue(content) ? FrameFormat.JsonArray : FrameFormat.Sse;
        return true;
    }

    private ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> data)
    {
        var repaired = _repaired.Rent(Utf8Repair.Measure(data));
        return repaired[..Utf8Repair.Write(data, repaired)];
    }
}
