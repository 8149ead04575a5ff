using Engine.Host.Upstreams;
using Engine.Wire.Completion;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Host.Exchange;

/// <summary>Reads what an upstream says when it does not answer.</summary>
internal static class UpstreamFailures
{
    private const int MaxErrorBody = 256 << 10;

    /// <summary>The failure behind a status that is not 2xx.</summary>
    public static async Task<UpstreamError> ReadAsync(
        UpstreamResponse response, IUpstreamDialect dialect, AttemptDeadline deadline, UpstreamTimeouts timeouts)
    {
        using var body = new PooledBytes();
        deadline.Arm(timeouts.Idle);
        try
        {
            int count;
            while (body.Length < MaxErrorBody && (count = await response.Body.ReadAsync(body.GetMemory(4096), deadline.Token)) > 0)
            {
                body.Advance(count);
            }
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException || deadline.TimedOut)
        {
            // The status says enough.
        }

        return dialect.ReadError(response.Status, body.Span);
    }

    /// <summary>True when something between the engine and the API has answered.</summary>
    public static bool IsWebPage(UpstreamResponse response) => response.ContentType.StartsWith("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>The failure behind a 2xx that is not an answer: a login page, an empty 204. Null when it may be one.</summary>
    public static UpstreamError? NotAnAnswer(UpstreamResponse response)
    {
        var html = IsWebPage(response);
        return html || response.Status != 200
            ? new UpstreamError(ErrorKind.UpstreamFault, html
                ? "The upstream answered with a web page instead of its API."
                : $"The upstream answered with status {response.Status} instead of an answer.")
            { UpstreamStatus = response.Status }
            : null;
    }
}
