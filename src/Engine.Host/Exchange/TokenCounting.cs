using Engine.Actors.Retries;
using Engine.Host.Accounts;
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
    private readonly AccountFeed _accounts;
    private readonly JournalBarrier _barrier;
    private readonly TimeProvider _time;
    private AnswerSigns _signs;

    public TokenCounting(
        HttpContext http, ExchangeRequest request, RequestFacts facts, AccountFeed accounts, JournalBarrier barrier, TimeProvider time)
    {
        _http = http;
        _request = request;
        _facts = facts;
        _accounts = accounts;
        _barrier = barrier;
        _time = time;
    }

    public async Task RunAsync(AttemptWriter writer, LeaseDesk desk)
    {
        while (desk.TryNext() is { } lease)
        {
            var sent = false;
            try
            {
                if (!lease.Target.Upstream.DialectFor(_request.Dialect).CountsTokens)
                {
                    desk.Skip(lease);
                    continue;
                }

                using var attempt = writer.Prepare(lease);
                _facts.Attempts++;
                _facts.Upstream = lease.Id.Upstream;
                _facts.Account = lease.Id.Account;
                sent = true;
                var (count, failure) = await AskAsync(attempt);
                if (count is { } exact)
                {
                    await WriteAsync(exact, writer.Losses);
                    return;
                }

                var verdict = _accounts.Failed(lease, _facts.RequestId, failure, _signs, _barrier);
                if (verdict.Retry == RetryAdvice.GiveUp)
                {
                    await _barrier.WaitAsync();
                    await ErrorAnswer.WriteAsync(_http.Response, _request.Dialect, failure, _facts, writer.Losses);
                    return;
                }

                desk.Skip(lease);
            }
            finally
            {
                desk.Return(lease, 0, sent);
            }
        }

        var losses = new LossLedger();
        losses.Add("token_count_estimated", LossRule.Reported);
        await WriteAsync(TokenEstimate.Of(writer.Tree), losses);
    }

    private async Task<(long? Count, UpstreamError Failure)> AskAsync(Attempt attempt)
    {
        var upstream = attempt.Lease.Target.Upstream;
        using var deadline = new AttemptDeadline(_time, _http.RequestAborted);
        deadline.Arm(upstream.Timeouts.Connect + upstream.Timeouts.FirstByte);
        try
        {
            using var response = await upstream.Transport.SendAsync(UpstreamCalls.Create(attempt, _request), deadline.Token);
            _signs = OutcomeReader.SignsOf(upstream.Dialect, response, _time.GetUtcNow());
            if (response.Status != StatusCodes.Status200OK)
            {
                return (null, await UpstreamFailures.ReadAsync(response, attempt.Dialect, deadline, upstream.Timeouts));
            }

            using var body = new PooledBytes(MaxAnswer);
            int read;
            while ((read = await response.Body.ReadAsync(body.GetMemory(1024), deadline.Token)) > 0)
            {
                body.Advance(read);
            }

            return (attempt.Dialect.ReadTokenCount(body.Span), new UpstreamError(ErrorKind.UpstreamFault, "The upstream did not say how many tokens there are."));
        }
        catch (Exception fault) when (fault is UpstreamUnreachableException or IOException or HttpRequestException or BufferCapExceededException || deadline.TimedOut)
        {
            return (null, new UpstreamError(deadline.TimedOut ? ErrorKind.Timeout : ErrorKind.UpstreamFault, "The upstream did not count."));
        }
    }

    private async Task WriteAsync(long tokens, LossLedger losses)
    {
        await _barrier.WaitAsync();
        using var body = new PooledBytes();
        _request.Dialect.WriteTokenCount(tokens, body);
        _facts.Status = StatusCodes.Status200OK;
        AnswerHead.Write(_http.Response, StatusCodes.Status200OK, "application/json", _facts, losses);
        _http.Response.ContentLength = body.Length;
        await _http.Response.BodyWriter.WriteAsync(body.Memory, _http.RequestAborted);
    }
}
