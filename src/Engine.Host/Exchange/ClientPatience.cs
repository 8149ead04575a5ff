using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Exchange;

/// <summary>How long a client says it waits for an answer, so that nobody queues for somebody who has left.</summary>
internal static class ClientPatience
{
    // The engine's own, then those that the SDKs of OpenAI and Anthropic, and of Gemini, send by themselves; all in seconds.
    private static readonly string[] Headers = ["x-engine-timeout", "x-stainless-timeout", "x-server-timeout"];

    /// <summary>What is left of it; null when the client does not say.</summary>
    /// <param name="request">The request.</param>
    /// <param name="elapsed">How long it has been here.</param>
    public static TimeSpan? Of(HttpRequest request, TimeSpan elapsed)
    {
        foreach (var header in Headers)
        {
            if (double.TryParse(request.Headers[header].ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e6)
            {
                var left = TimeSpan.FromSeconds(seconds) - elapsed;
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }

        return null;
    }
}
