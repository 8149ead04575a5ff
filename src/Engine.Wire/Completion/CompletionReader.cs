using System.Text.Json;
using System.Text.Unicode;
using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>
/// Reads one upstream answer, event by event or whole, and pushes it into a sink. One instance per answer; holds only what its
/// dialect needs to remember between events. Rules all dialects share live here: bytes that are not UTF-8 are repaired, malformed
/// JSON is an error event, a stream that ends without its terminator is <see cref="ErrorKind.Truncated"/>, and nothing follows an
/// end or an error.
/// </summary>
public abstract class CompletionReader
{
    private bool _closed;

    /// <summary>True after the terminator or an error: later bytes carry nothing.</summary>
    public bool IsClosed => _closed;

    /// <summary>Reads one complete event of a stream.</summary>
    /// <param name="name">The SSE event name; empty when the framing has none.</param>
    /// <param name="data">The event's data. Valid until this call returns.</param>
    /// <param name="sink">Receives what the event says.</param>
    public void ReadEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ICompletionSink sink)
    {
        if (_closed)
        {
            return;
        }

        if (!Utf8.IsValid(data))
        {
            using var repaired = Repaired(data);
            ReadEvent(name, repaired.Span, sink);
            return;
        }

        try
        {
            OnEvent(name, data, sink);
        }
        catch (JsonException)
        {
            Fail(sink, new UpstreamError(ErrorKind.UpstreamFault, "The upstream sent an event that is not valid JSON."));
        }
    }

    /// <summary>Reads a whole, non-streamed answer.</summary>
    public void ReadBody(ReadOnlySpan<byte> body, ICompletionSink sink)
    {
        if (!Utf8.IsValid(body))
        {
            using var repaired = Repaired(body);
            ReadBody(repaired.Span, sink);
            return;
        }

        try
        {
            OnBody(body, sink);
        }
        catch (JsonException)
        {
            Fail(sink, new UpstreamError(ErrorKind.UpstreamFault, "The upstream answered with something that is not valid JSON."));
        }

        Complete(sink);
    }

    /// <summary>The upstream closed. Without a terminator seen this is a truncation, never a stop.</summary>
    public void Complete(ICompletionSink sink)
    {
        if (_closed)
        {
            return;
        }

        OnComplete(sink);
        if (!_closed)
        {
            Fail(sink, new UpstreamError(ErrorKind.Truncated, "The upstream closed the stream before the answer was complete."));
        }
    }

    /// <summary>Reads one event. May throw <see cref="JsonException"/>.</summary>
    protected abstract void OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ICompletionSink sink);

    /// <summary>Reads a whole answer. May throw <see cref="JsonException"/>. Ends with <see cref="Close"/> when it is complete.</summary>
    protected abstract void OnBody(ReadOnlySpan<byte> body, ICompletionSink sink);

    /// <summary>The upstream closed without <see cref="Close"/>: a dialect that ends by closing (Gemini) decides here whether the answer is whole.</summary>
    protected virtual void OnComplete(ICompletionSink sink)
    {
    }

    /// <summary>The terminator was seen.</summary>
    protected void Close(ICompletionSink sink)
    {
        if (!_closed)
        {
            _closed = true;
            sink.End();
        }
    }

    /// <summary>The answer failed.</summary>
    protected void Fail(ICompletionSink sink, UpstreamError error)
    {
        if (!_closed)
        {
            _closed = true;
            sink.Error(error);
        }
    }

    private static PooledBytes Repaired(ReadOnlySpan<byte> bytes)
    {
        var repaired = new PooledBytes();
        repaired.Advance(Utf8Repair.Write(bytes, repaired.GetSpan(Utf8Repair.Measure(bytes))));
        return repaired;
    }
}
