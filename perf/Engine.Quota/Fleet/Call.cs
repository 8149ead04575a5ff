using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Engine.Quota;

/// <summary>One call over HTTP.</summary>
internal static class Call
{
    public static async Task<TurnOutcome> SendAsync(
        HttpClient http, string address, Simulated dialect, string key, string body, bool stream, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address + dialect.Path(stream));
        request.Headers.TryAddWithoutValidation(dialect.Key.Header, dialect.Key.Prefix + key);
        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        var status = (int)response.StatusCode;
        if (status == 200 && text.Contains("\"error\"", StringComparison.Ordinal))
        {
            status = text.Contains("rate_limit", StringComparison.Ordinal) || text.Contains("RESOURCE_EXHAUSTED", StringComparison.Ordinal) ? 429 : 500;
        }

        var attempts = response.Headers.TryGetValues("x-engine-attempts", out var values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
        return new TurnOutcome(status, response.Headers.RetryAfter?.Delta, attempts, status == 200 ? null : text);
    }
}
