using Engine.Actors.Rotation;
using Engine.Host.Routing;
using Engine.Host.Upstreams;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Exchange;

/// <summary>
/// Answers a count request: exactly through an upstream that counts, else by a careful over-estimate, marked with
/// <c>x-engine-warnings: token_count_estimated</c> (wire/mapping.md §9).
/// </summary>
internal sealed class TokenCounting
{
    private const int MaxAnswer = 64 << 10;

    private readonly HttpContext _http;
    private readonly ExchangeRequest _request;
    private readonly RequestFacts _facts;
    private readonly TimeProvider _time;

    public TokenCounting(HttpContext http, ExchangeRequest request, RequestFacts facts, TimeProvider time)
    {
        _http = http;
        _request = request;
        _facts = facts;
        _time = time;
    }

    public async Task RunAsync(AttemptWriter writer, ModelPool pool)
    {
        var tried = new List<AccountSlot>();
        while (pool.TryLease(tried) is { } lease)
        {
            tried.Add(lease.Account.Slot);
            try
            {
                if (!lease.Target.Upstream.DialectFor(_request.Dialect).CountsTokens)
                {
                    continue;
                }

                using var attempt = writer.Prepare(lease);
                _facts.Attempts++;
                _facts.Upstream = lease.Target.Upstream.Name;
                _facts.Account = lease.Account.Slot.Account;
                var (count, failure) = await AskAsync(attempt);
                if (count is { } exact)
                {
                    await WriteAsync(exact, writer.Losses);
                    return;
                }

                if (failure is not null && CommitRules.IsClientsFault(failure.Kind) && failure.Kind != ErrorKind.NotFound)
                {
                    await ErrorAnswer.WriteAsync(_http.Response, _request.Dialect, failure, _facts, writer.Losses);
                    return;
                }
            }
            finally
            {
                pool.Return(lease);
            }
        }

        var losses = new LossLedger();
        losses.Add("token_count_estimated", LossRule.Reported);
        await WriteAsync(TokenEstimate.Of(writer.Tree), losses);
    }

    private async Task<(long? Count, UpstreamError? Failure)> AskAsync(Attempt attempt)
    {
        var upstream = attempt.Lease.Target.Upstream;
        using var deadline = new AttemptDeadline(_time, _http.RequestAborted);
        deadline.Arm(upstream.Timeouts.Connect + upstream.Timeouts.FirstByte);
        try
        {
            using var response = await upstream.Transport.SendAsync(UpstreamCalls.Create(attempt, _request), deadline.Token);
            if (response.Status != StatusCodes.Status200OK)
            {
                return (null, await UpstreamFailures.ReadAsync(response, attempt.Dialect, deadline, upstream.Timeouts, _time));
            }

            using var body = new PooledBytes(MaxAnswer);
            int read;
            while ((read = await response.Body.ReadAsync(body.GetMemory(1024), deadline.Token)) > 0)
            {
                body.Advance(read);
            }

            return (attempt.Dialect.ReadTokenCount(body.Span), null);
        }
        catch (Exception fault) when (fault is UpstreamUnreachableException or IOException or HttpRequestException or BufferCapExceededException || deadline.TimedOut)
        {
            return (null, null);
        }
    }

    private async Task WriteAsync(long tokens, LossLedger losses)
    {
        using var body = new PooledBytes();
        _request.Dialect.WriteTokenCount(tokens, body);
        _facts.Status = StatusCodes.Status200OK;
        AnswerHead.Write(_http.Response, StatusCodes.Status200OK, "application/json", _facts, losses);
        _http.Response.ContentLength = body.Length;
        await _http.Response.BodyWriter.WriteAsync(body.Memory, _http.RequestAborted);
    }
}
