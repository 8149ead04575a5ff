using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Engine.Quota;

/// <summary>wire/openai-chat.md §7: a bucket; what is left on every answer, <c>retry-after-ms</c> on a refusal.</summary>
internal sealed class SimulatedOpenAi : Simulated
{
    public override string Name => "openai-chat";

    public override bool IsBucket => true;

    public override (string Header, string Prefix) Key => ("authorization", "Bearer ");

    public override string Whole =>
        """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Done."},"finish_reason":"stop"}],"usage":{"prompt_tokens":40,"completion_tokens":2,"total_tokens":42}}""";

    public override (string Head, string Tail) Streamed => (
        """
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Do"},"finish_reason":null}]}


        """,
        """
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"ne."},"finish_reason":null}]}

        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: [DONE]


        """);

    public override string BaseUrl(string server) => server + "/v1";

    public override string Path(bool stream) => "/v1/chat/completions";

    public override string Body(string system, IReadOnlyList<string> turns, bool stream) =>
        $$"""{"model":"{{Model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"system","content":"{{system}}"},""" + Messages(turns, "assistant", One) + "]}";

    public override DateTimeOffset Named(Grant grant, DateTimeOffset now) => now + TimeSpan.FromMilliseconds(Milliseconds(grant.AgainAt - now));

    public override void Head(IHeaderDictionary headers, Grant grant, QuotaPlan plan, DateTimeOffset now)
    {
        headers["x-ratelimit-limit-requests"] = Number(plan.PerMinute);
        headers["x-ratelimit-remaining-requests"] = Number(grant.Remaining);
        headers["x-ratelimit-reset-requests"] = Go(grant.FullAt - now);
    }

    public override string Refuse(IHeaderDictionary headers, Grant grant, QuotaPlan plan, DateTimeOffset now)
    {
        var wait = grant.AgainAt - now;
        headers["retry-after-ms"] = Number(Milliseconds(wait));
        headers.RetryAfter = Number(WholeSeconds(wait));
        var (unit, limit) = grant.IsDay ? ("requests per day (RPD)", plan.PerDay ?? 0) : ("requests per min (RPM)", plan.PerMinute);
        if (!grant.IsDay)
        {
            Head(headers, grant, plan, now);
        }

        return $$$"""{"error":{"message":"Rate limit reached for {{{Model}}} in organization org-simulated on {{{unit}}}: Limit {{{limit}}}, Used {{{limit}}}, Requested 1. Please try again in {{{Go(wait)}}}.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""";
    }

    private static string One(string role, string text) => $$"""{"role":"{{role}}","content":"{{text}}"}""";

    private static long Milliseconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalMilliseconds));

    // Durations as Go prints them, to the millisecond.
    private static string Go(TimeSpan wait) => wait < TimeSpan.FromSeconds(1)
        ? Number(Milliseconds(wait)) + "ms"
        : (wait >= TimeSpan.FromMinutes(1) ? Number((long)wait.TotalMinutes) + "m" : "")
            + (Math.Ceiling(wait.TotalMilliseconds % 60_000) / 1000).ToString("0.###", CultureInfo.InvariantCulture) + "s";
}
