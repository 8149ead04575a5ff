using Engine.Actors.Retries;
using Engine.Actors.Rotation;
using Engine.Host.Access;
using Engine.Host.Accounts;
using Engine.Host.Routing;
using Engine.Host.Server;
using Engine.Host.Upstreams;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Framing;
using Engine.Wire.Json;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Exchange;

/// <summary>
/// The way of one request from head to end (docs/architecture.md shows it as a picture):
/// <list type="number">
/// <item>read what routing needs</item>
/// <item>route: model → pool</item>
/// <item>lease an account, or wait for one</item>
/// <item>write the request in the account's dialect</item>
/// <item>call the upstream; on failure <see cref="CommitRules"/> says whether to replay, go elsewhere or report</item>
/// <item>carry the answer over, streamed or whole</item>
/// <item>report to the account what changes its standing, and to the client what no account could do</item>
/// </list>
/// </summary>
internal sealed class Exchange
{
    private readonly HttpContext _http;
    private readonly ExchangeRequest _request;
    private readonly EngineState _state;
    private readonly TimeProvider _time;
    private readonly RequestFacts _facts;
    private readonly JournalBarrier _barrier;
    private readonly long _started;
    private LossLedger _losses = new();
    private AnswerSigns _signs;
    private CommitPoint _point;

    // Why an answer that the client has begun to see broke off; null when it did not.
    private string? _brokeOff;

    public Exchange(HttpContext http, ExchangeRequest request, EngineState state, TimeProvider time, RequestFacts facts)
    {
        _http = http;
        _request = request;
        _state = state;
        _time = time;
        _facts = facts;
        _barrier = new JournalBarrier(time);
        _started = time.GetTimestamp();
    }

    /// <summary>Answers the client. Every failure is reported; only a client that went away gets nothing.</summary>
    public async Task RunAsync()
    {
        try
        {
            // 1 read
            var head = _request.Dialect.ReadHead(_request.Client);
            _facts.Model = head.Model;
            _facts.Stream = head.Stream;

            // 2 route
            if (_state.Models.Find(head.Model) is not { } pool)
            {
                await ReportAsync(new UpstreamError(ErrorKind.UnknownModel, $"The model '{head.Model}' does not exist.") { Param = "model" }, null);
                return;
            }

            var trace = _state.Accounts.Decisions.Rent(_facts.RequestId, head.Model, _time.GetUtcNow());
            try
            {
                await AnswerAsync(head, pool, trace);
            }
            finally
            {
                _state.Accounts.Decisions.Add(trace);
            }
        }
        catch (RequestRejectedException rejected)
        {
            await ReportAsync(rejected.Rejection, null);
        }
        catch (OperationCanceledException) when (_http.RequestAborted.IsCancellationRequested)
        {
            _facts.ClientGone = true;
        }
    }

    private async Task AnswerAsync(RequestHead head, ModelPool pool, DecisionTrace trace)
    {
        var writer = new AttemptWriter(_request, head);
        var desk = new LeaseDesk(
            pool,
            _state.Accounts,
            _state.Limits,
            _time,
            _barrier,
            LeaseRequests.Of(_request, pool, _state.Limits.KeepsSessions, writer, trace),
            () => AccessGate.ClientOf(_http.Request),
            ClientPatience.Of(_http.Request, _time.GetElapsedTime(_started)));
        if (_request.Operation == Operation.CountTokens)
        {
            await new TokenCounting(_http, _request, _facts, _state.Accounts, _barrier, _time).RunAsync(writer, desk);
            _losses = writer.Losses;
            return;
        }

        var context = new AnswerContext
        {
            Model = head.Model,
            Ids = new IdMint((ulong)Random.Shared.NextInt64()),
            CreatedUnixSeconds = _time.GetUtcNow().ToUnixTimeSeconds(),
            IncludeUsage = head.IncludeUsage,
            StreamAsJsonArray = _request.Client.StreamAsJsonArray,
        };
        await using var client = head.Stream ? NewStream(context) : null;
        UpstreamError? failure = null;

        // 3 lease, or wait for one
        while (await NextAsync(desk, client) is { } lease)
        {
            var sent = false;
            var tokens = 0L;
            Verdict verdict;
            try
            {
                // 4 write
                using var attempt = writer.Prepare(lease);
                _losses = writer.Losses;
                _facts.SameDialect = attempt.PassThrough;

                // 5 call, 6 carry the answer over
                var shown = context with { Reasoning = writer.Show, UpstreamModel = lease.Target.Model, FreeformTools = attempt.FreeformTools };
                sent = true;
                failure = await CallAsync(attempt, shown, client);
                if (failure is null)
                {
                    tokens = _facts.Usage is { Input: >= 0 } or { Output: >= 0 }
                        ? Math.Max(0, _facts.Usage.Input) + Math.Max(0, _facts.Usage.Output)
                        : Lease.TokensUnknown;
                    trace.Ended(_brokeOff ?? "answered");
                    return;
                }

                // 7 report
                verdict = _state.Accounts.Failed(lease, _facts.RequestId, failure, _signs, _barrier);
                failure = verdict.Until is { } until ? failure with { RetryAfter = until - _time.GetUtcNow() } : failure;
            }
            finally
            {
                desk.Return(lease, tokens, sent);
            }

            if (!await desk.MayRetryAsync(lease, verdict, _point, _http.RequestAborted))
            {
                await ReportAsync(failure, client);
                return;
            }

            client?.Output.Discard();
        }

        await ReportAsync(desk.Refusal(failure), client);
    }

    private async ValueTask<LeasedAccount?> NextAsync(LeaseDesk desk, ClientStream? client)
    {
        var lease = await desk.NextAsync(client, _http.RequestAborted);
        Advance(client is { HeadIsOut: true } ? CommitPoint.HeadersOut : _point);
        if (lease is not null)
        {
            _facts.Attempts++;
            _facts.Upstream = lease.Id.Upstream;
            _facts.Account = lease.Id.Account;
            _signs = default;
        }

        return lease;
    }

    // Null when the client has its answer.
    private async Task<UpstreamError?> CallAsync(Attempt attempt, AnswerContext context, ClientStream? client)
    {
        using var deadline = new AttemptDeadline(_time, _http.RequestAborted);
        var upstream = attempt.Lease.Target.Upstream;
        var call = UpstreamCalls.Create(attempt, _request);
        var (response, failure) = await SendAsync(upstream, call, deadline, client);
        if (response is null)
        {
            return failure;
        }

        using (response)
        {
            _signs = OutcomeReader.SignsOf(upstream.Dialect, response, _time.GetUtcNow());
            _facts.UpstreamRequestId = response.Header("request-id") ?? response.Header("x-request-id") ?? "";
            if (response.Status is < 200 or > 299)
            {
                return await UpstreamFailures.ReadAsync(response, attempt.Dialect, deadline, upstream.Timeouts);
            }

            if (UpstreamFailures.NotAnAnswer(response) is { } garbage)
            {
                return garbage;
            }

            return client is not null
                ? await StreamAsync(response, attempt, context, client, deadline)
                : await new WholeAnswer(_http, _request, _facts, _state.Limits).RunAsync(response, attempt, context, _losses, deadline, () => AnsweredAsync(attempt.Lease));
        }
    }

    private async Task<(UpstreamResponse? Response, UpstreamError? Failure)> SendAsync(
        Upstream upstream, UpstreamCall call, AttemptDeadline deadline, ClientStream? client)
    {
        Advance(CommitPoint.SentUpstream);
        deadline.Arm(upstream.Timeouts.Connect + upstream.Timeouts.FirstByte);
        client?.GiveTurn();
        try
        {
            try
            {
                return (await upstream.Transport.SendAsync(call, deadline.Token), null);
            }
            catch (UpstreamUnreachableException fault) when (CommitRules.MayReplay(_point, fault.ConnectionReused, responseBegan: false))
            {
                return (await upstream.Transport.SendAsync(call with { FreshConnection = true }, deadline.Token), null);
            }
        }
        catch (UpstreamUnreachableException fault)
        {
            _signs = new AnswerSigns { Unreachable = true };
            return (null, new UpstreamError(ErrorKind.UpstreamFault, fault.Message));
        }
        catch (OperationCanceledException) when (deadline.TimedOut)
        {
            return (null, new UpstreamError(ErrorKind.Timeout, "The upstream did not answer in time."));
        }
        finally
        {
            if (client is not null)
            {
                await client.TakeTurnAsync();
                Advance(client.HeadIsOut ? CommitPoint.HeadersOut : _point);
            }
        }
    }

    private async Task<UpstreamError?> StreamAsync(
        UpstreamResponse response, Attempt attempt, AnswerContext context, ClientStream client, AttemptDeadline deadline)
    {
        var meter = new MeteringSink();
        client.Committing = () => _state.Accounts.Answered(attempt.Lease, _facts.RequestId, _signs, _barrier);
        var writer = attempt.Repaired(_request.Dialect.CreateWriter(client.Output, context));
        using var pump = new AnswerPump(
            response,
            new FrameReader(FrameFormatSelector.ForContentType(response.ContentType), _state.Limits.MaxResponseEvent),
            attempt.Dialect.CreateReader(context),
            meter,
            client,
            writer,
            attempt.PassThrough,
            attempt.PassThrough && _request.Client.StreamAsJsonArray,
            attempt.Lease.Target.Upstream.Timeouts,
            deadline)
        {
            BreakingOff = failure => _brokeOff = _state.Accounts.Failed(attempt.Lease, _facts.RequestId, failure, _signs, _barrier).Reason,
        };
        try
        {
            await pump.RunAsync();
        }
        finally
        {
            client.Committing = null;
            Advance(client.Output.IsReleased ? CommitPoint.ContentOut : client.HeadIsOut ? CommitPoint.HeadersOut : _point);
            _facts.Usage = meter.TokenUsage;
        }

        if (meter.Failure is null)
        {
            _facts.Status = StatusCodes.Status200OK;
        }
        else if (_point == CommitPoint.ContentOut && !pump.PassesBytes)
        {
            // The writer that has begun the answer has also written its error event.
            _facts.Status = StatusCodes.Status200OK;
            _facts.Failure = meter.Failure.Kind.ToString();
            return null;
        }

        return meter.Failure;
    }

    private ClientStream NewStream(AnswerContext context)
    {
        var contentType = _request.Dialect.StreamContentType(context);
        return new ClientStream(
            _http.Response,
            _time,
            _barrier,
            _state.Limits.HeartbeatInterval,
            response =>
            {
                AnswerHead.Write(response, StatusCodes.Status200OK, contentType, _facts, _losses);
                AnswerHead.WriteStream(response);
            },
            output => _request.Dialect.CreateWriter(output, context));
    }

    private async Task ReportAsync(UpstreamError error, ClientStream? client)
    {
        _facts.Failure = error.Kind.ToString();
        await _barrier.WaitAsync();
        if (CommitRules.Report(_point) == ReportForm.HttpError)
        {
            await ErrorAnswer.WriteAsync(_http.Response, _request.Dialect, error, _facts, _losses);
            return;
        }

        _facts.Status = StatusCodes.Status200OK;
        if (client is not null)
        {
            client.Output.Discard();
            client.Commit();
            client.NewWriter().Error(error);
            client.Wrote();
            await client.FlushAsync();
        }
    }

    private ValueTask AnsweredAsync(LeasedAccount lease)
    {
        _state.Accounts.Answered(lease, _facts.RequestId, _signs, _barrier);
        return _barrier.WaitAsync();
    }

    private void Advance(CommitPoint point) => _point = point > _point ? point : _point;
}
