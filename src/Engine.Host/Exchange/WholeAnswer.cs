using Engine.Host.Upstreams;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Framing;
using Engine.Wire.Json;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Exchange;

/// <summary>Carries one answer that the client wants whole. Nothing is sent before the answer is known to be good.</summary>
internal sealed class WholeAnswer
{
    private readonly HttpContext _http;
    private readonly ExchangeRequest _request;
    private readonly RequestFacts _facts;
    private readonly ExchangeLimits _limits;

    public WholeAnswer(HttpContext http, ExchangeRequest request, RequestFacts facts, ExchangeLimits limits)
    {
        _http = http;
        _request = request;
        _facts = facts;
        _limits = limits;
    }

    /// <summary>Null when the client has its answer.</summary>
    /// <param name="response">The upstream's answer.</param>
    /// <param name="attempt">The call.</param>
    /// <param name="context">What the answer is to say of itself.</param>
    /// <param name="losses">What the request lost.</param>
    /// <param name="deadline">The call's deadline.</param>
    /// <param name="answered">Called when the answer is known to be good, before the client gets it.</param>
    public async Task<UpstreamError?> RunAsync(
        UpstreamResponse response, Attempt attempt, AnswerContext context, LossLedger losses, AttemptDeadline deadline, Func<ValueTask> answered)
    {
        var timeouts = attempt.Lease.Target.Upstream.Timeouts;
        var streamed = FrameFormatSelector.ForContentType(response.ContentType) == FrameFormat.Sse;
        using var body = new PooledBytes(_limits.MaxResponseBody);
        var meter = new MeteringSink();
        using var fold = new CompletionFold();
        var passThrough = attempt.PassThrough && !streamed;
        ICompletionSink repaired = passThrough ? meter : attempt.Repaired(fold);
        ICompletionSink sink = passThrough ? meter : new TeeSink(meter, repaired);
        var reader = attempt.Dialect.CreateReader(context);
        var reading = streamed
            ? ReadEventsAsync(response.Body, reader, sink, repaired as RelaySink, timeouts, deadline)
            : ReadAsync(response.Body, body, timeouts, deadline);
        if (await FailureOfAsync(reading, deadline) is { } broken)
        {
            return broken;
        }

        if (!streamed)
        {
            reader.ReadBody(body.Span, sink);
        }

        _facts.Usage = meter.TokenUsage;
        if (meter.Failure is not null)
        {
            return meter.Failure;
        }

        await answered();
        if (passThrough)
        {
            await WriteAsync(body, response.ContentType, losses);
        }
        else
        {
            using var written = new PooledBytes();
            _request.Dialect.WriteBody(fold, context, written);
            await WriteAsync(written, "application/json", losses);
        }

        return null;
    }

    private static async Task<UpstreamError?> FailureOfAsync(Task reading, AttemptDeadline deadline)
    {
        try
        {
            await reading;
            return null;
        }
        catch (BufferCapExceededException fault)
        {
            return new UpstreamError(ErrorKind.UpstreamFault, fault.Message);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return new UpstreamError(ErrorKind.Truncated, "The connection to the upstream broke in the middle of the answer.");
        }
        catch (OperationCanceledException) when (deadline.TimedOut)
        {
            return new UpstreamError(ErrorKind.Timeout, "The upstream went silent in the middle of the answer.");
        }
    }

    private static async Task ReadAsync(Stream upstream, PooledBytes body, UpstreamTimeouts timeouts, AttemptDeadline deadline)
    {
        deadline.Arm(timeouts.FirstByte);
        int count;
        while ((count = await upstream.ReadAsync(body.GetMemory(16 << 10), deadline.Token)) > 0)
        {
            body.Advance(count);
            deadline.Arm(timeouts.Idle);
        }

        deadline.Disarm();
    }

    // Events are read as they arrive, so that an answer that a repair has ended early leaves the upstream at once.
    private async Task ReadEventsAsync(
        Stream upstream, CompletionReader reader, ICompletionSink sink, RelaySink? repaired, UpstreamTimeouts timeouts, AttemptDeadline deadline)
    {
        using var frames = new FrameReader(FrameFormat.Sse, _limits.MaxResponseBody);
        long total = 0;
        deadline.Arm(timeouts.FirstByte);
        int count;
        do
        {
            count = await upstream.ReadAsync(frames.GetMemory(), deadline.Token);
            total += count;
            if (total > _limits.MaxResponseBody)
            {
                throw new BufferCapExceededException(_limits.MaxResponseBody);
            }

            deadline.Arm(timeouts.Idle);
        }
        while (Take(frames, count, reader, sink, repaired));
        deadline.Disarm();
    }

    // False when the answer is over.
    private static bool Take(FrameReader frames, int count, CompletionReader reader, ICompletionSink sink, RelaySink? repaired)
    {
        if (count == 0)
        {
            frames.Complete();
        }
        else
        {
            frames.Advance(count);
        }

        FrameStatus status;
        while ((status = frames.Read(out var frame)) is FrameStatus.Frame or FrameStatus.Silent)
        {
            if (status == FrameStatus.Frame)
            {
                reader.ReadEvent(frame.Name, frame.Data, sink);
            }

            if (!reader.IsClosed && repaired is { IsAnswerWhole: true })
            {
                sink.End();
                return false;
            }
        }

        if (status == FrameStatus.NeedMore && count > 0)
        {
            return true;
        }

        reader.Complete(sink);
        return false;
    }

    private async Task WriteAsync(PooledBytes body, string contentType, LossLedger losses)
    {
        _facts.Status = StatusCodes.Status200OK;
        AnswerHead.Write(_http.Response, StatusCodes.Status200OK, contentType, _facts, losses);
        _http.Response.ContentLength = body.Length;
        await _http.Response.BodyWriter.WriteAsync(body.Memory, _http.RequestAborted);
    }
}
