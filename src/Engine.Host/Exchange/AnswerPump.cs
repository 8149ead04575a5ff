using System.Buffers;
using Engine.Host.Upstreams;
using Engine.Wire.Completion;
using Engine.Wire.Framing;

namespace Engine.Host.Exchange;

/// <summary>
/// Carries one streamed answer from the upstream to the client: one pass per upstream read, one flush when the upstream has
/// nothing more at hand. In the same dialect the bytes pass untouched, event by event, while the reader only meters them.
/// </summary>
internal sealed class AnswerPump : IDisposable
{
    // After the terminator the connection is read to its end, so that it can be used again; this long at most.
    private static readonly TimeSpan TailWait = TimeSpan.FromMilliseconds(250);

    // Answers that come in one burst are flushed at least this often.
    private const int BurstBytes = 64 << 10;

    private readonly Stream _body;
    private readonly FrameReader _frames;
    private readonly CompletionReader _reader;
    private readonly ICompletionSink _writer;
    private readonly MeteringSink _meter;
    private readonly ClientStream _client;
    private readonly UpstreamTimeouts _timeouts;
    private readonly AttemptDeadline _deadline;
    private readonly bool _arrayExpected;
    private ICompletionSink _sink;

    public AnswerPump(
        UpstreamResponse response,
        FrameReader frames,
        CompletionReader reader,
        MeteringSink meter,
        ClientStream client,
        ICompletionSink writer,
        bool passBytes,
        bool arrayExpected,
        UpstreamTimeouts timeouts,
        AttemptDeadline deadline)
    {
        _body = response.Body;
        _frames = frames;
        _reader = reader;
        _meter = meter;
        _writer = writer;
        PassesBytes = passBytes;
        _arrayExpected = arrayExpected;
        _sink = passBytes ? meter : new TeeSink(meter, writer);
        _client = client;
        _timeouts = timeouts;
        _deadline = deadline;
    }

    /// <summary>True while the upstream's bytes go to the client untouched and the writer is not used.</summary>
    public bool PassesBytes { get; private set; }

    /// <summary>Called when an answer breaks off that the client has begun to see, before it sees the error event.</summary>
    public Action<UpstreamError>? BreakingOff { get; init; }

    /// <summary>
    /// Runs to the end of the answer. Failures end up in the meter, not in exceptions.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public async Task RunAsync()
    {
        _deadline.Arm(_timeouts.FirstByte);
        var burst = 0;
        while (true)
        {
            int count;
            try
            {
                var read = _body.ReadAsync(_frames.GetMemory(), _deadline.Token);
                if (!read.IsCompleted || burst >= BurstBytes)
                {
                    burst = 0;
                    await _client.FlushAsync();
                    count = read.IsCompleted ? await read : await WaitAsync(read);
                }
                else
                {
                    count = await read;
                }
            }
            catch (IOException)
            {
                Fail(ErrorKind.Truncated, "The connection to the upstream broke in the middle of the answer.");
                break;
            }
            catch (HttpRequestException)
            {
                Fail(ErrorKind.Truncated, "The upstream ended the answer with a protocol error.");
                break;
            }
            catch (OperationCanceledException) when (_deadline.TimedOut)
            {
                Fail(ErrorKind.Timeout, "The upstream went silent in the middle of the answer.");
                break;
            }

            burst += count;
            if (!Take(count))
            {
                break;
            }

            _deadline.Arm(_reader.IsClosed ? TailWait : _timeouts.Idle);
        }

        if (_meter.Failure is { } failure && _client.Output.IsReleased && !PassesBytes)
        {
            // The error event is written and on its way: what it means for the account must be on record before it arrives.
            BreakingOff?.Invoke(failure);
            _client.Wrote();
        }

        await _client.FlushAsync();
    }

    public void Dispose() => _frames.Dispose();

    private async ValueTask<int> WaitAsync(ValueTask<int> read)
    {
        _client.GiveTurn();
        try
        {
            return await read;
        }
        finally
        {
            await _client.TakeTurnAsync();
        }
    }

    // False when the answer is over.
    private bool Take(int count)
    {
        if (count == 0)
        {
            _frames.Complete();
        }
        else
        {
            _frames.Advance(count);
        }

        FrameStatus status;
        while ((status = _frames.Read(out var frame)) is FrameStatus.Frame or FrameStatus.Silent)
        {
            if (status == FrameStatus.Frame && IsWholeAnswer(frame))
            {
                StopPassingBytes();
                _reader.ReadBody(frame.Data, _sink);
            }
            else if (status == FrameStatus.Frame)
            {
                _reader.ReadEvent(frame.Name, frame.Data, _sink);
            }

            if (PassesBytes && _meter.Failure is null)
            {
                _client.Output.Write(frame.Raw);
            }

            if (IsAnswerWhole && !_reader.IsClosed)
            {
                // Nothing further is read: leaving now closes the connection, which is not yet at its end.
                _sink.End();
                _client.Commit();
                return false;
            }
        }

        switch (status)
        {
            case FrameStatus.TooLarge:
                Fail(ErrorKind.UpstreamFault, "The upstream sent an event larger than the engine takes.");
                break;
            case FrameStatus.Malformed:
                Fail(ErrorKind.UpstreamFault, "The upstream answered with something that is not a stream of events.");
                break;
            case FrameStatus.End or FrameStatus.Truncated:
                _reader.Complete(_sink);
                break;
        }

        if (_meter.Failure is null && (_meter.ContentSeen || _meter.Ended || _client.Output.IsFull))
        {
            _client.Commit();
        }

        return status == FrameStatus.NeedMore && count > 0 && _meter.Failure is null;
    }

    // A repair has ended the answer itself (an emulated stop sequence) while the upstream still speaks.
    private bool IsAnswerWhole => !PassesBytes && _writer is RelaySink { IsAnswerWhole: true };

    // An upstream that was asked for a stream and answered with one JSON object.
    private bool IsWholeAnswer(in Frame frame) => _frames.Format == FrameFormat.JsonArray && !_arrayExpected && frame.Data.StartsWith("{"u8);

    private void StopPassingBytes()
    {
        if (PassesBytes)
        {
            PassesBytes = false;
            _sink = new TeeSink(_meter, _writer);
        }
    }

    // Once the answer is whole, a failing connection is nobody's concern.
    private void Fail(ErrorKind kind, string message)
    {
        if (!_reader.IsClosed)
        {
            _sink.Error(new UpstreamError(kind, message));
        }
    }
}
