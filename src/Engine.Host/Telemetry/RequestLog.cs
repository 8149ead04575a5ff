using Engine.Host.Exchange;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Engine.Host.Telemetry;

/// <summary>One structured line per request. Never a body, a header or a secret.</summary>
internal static partial class RequestLog
{
    public static void Write(ILogger log, HttpContext http, RequestFacts facts, TimeSpan duration)
    {
        var status = facts.ClientGone ? StatusCodes.Status499ClientClosedRequest : facts.Status != 0 ? facts.Status : http.Response.StatusCode;
        var level = facts.Surface is "server" ? LogLevel.Debug : LogLevel.Information;
        Request(
            log,
            level,
            facts.RequestId,
            http.Request.Method,
            facts.Surface,
            status,
            Math.Round(duration.TotalMilliseconds, 2),
            facts.Model,
            facts.Upstream,
            facts.Account,
            facts.Attempts,
            facts.Stream,
            facts.Failure,
            facts.Usage.Input,
            facts.Usage.Output);
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "request {requestId} failed in the engine")]
    public static partial void Fault(ILogger log, string requestId, Exception fault);

    [LoggerMessage(EventId = 1, EventName = "request", Message = "{method} {surface} {status} in {milliseconds} ms")]
    private static partial void Request(
        ILogger log,
        LogLevel level,
        string requestId,
        string method,
        string surface,
        int status,
        double milliseconds,
        string model,
        string upstream,
        string account,
        int attempts,
        bool stream,
        string? failure,
        long inputTokens,
        long outputTokens);
}
