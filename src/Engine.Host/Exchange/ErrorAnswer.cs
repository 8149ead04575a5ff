using System.Globalization;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Exchange;

/// <summary>Writes a failure as an HTTP error in the client's dialect.</summary>
internal static class ErrorAnswer
{
    // SDKs would sleep through a longer hint, or ignore it (wire/pitfalls.md 106).
    private static readonly TimeSpan LongestHonouredHint = TimeSpan.FromSeconds(60);

    /// <summary>Writes status, headers and body, and completes the answer. Nothing may have been sent.</summary>
    public static async Task WriteAsync(HttpResponse response, IClientDialect dialect, UpstreamError error, RequestFacts facts, LossLedger losses)
    {
        using var body = new PooledBytes();
        var status = dialect.WriteError(error, facts.RequestId, body);
        facts.Status = status;
        facts.Failure ??= error.Kind.ToString();
        AnswerHead.Write(response, status, "application/json", facts, losses);
        WriteRetryHint(response, status, error);
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body.Memory, response.HttpContext.RequestAborted);
    }

    private static void WriteRetryHint(HttpResponse response, int status, UpstreamError error)
    {
        var wait = error.RetryAfter;
        if (status == StatusCodes.Status429TooManyRequests || wait is not null)
        {
            var seconds = Math.Max(1, Math.Ceiling((wait ?? TimeSpan.FromSeconds(1)).TotalSeconds));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (error.Kind == ErrorKind.Quota || wait > LongestHonouredHint)
        {
            response.Headers["x-should-retry"] = "false";
        }
    }
}
