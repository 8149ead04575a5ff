using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Engine.Quota;

/// <summary>
/// wire/anthropic-messages.md §8: a bucket; what is left on every answer, whole seconds of <c>retry-after</c> on a refusal. In the
/// place of a daily quota stands the subscription's window, which the unified headers tell about.
/// </summary>
internal sealed class SimulatedAnthropic : Simulated
{
    public override string Name => "anthropic";

    public override bool IsBucket => true;

    public override (string Header, string Prefix) Key => ("x-api-key", "");

    public override string Whole =>
        """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Done."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":40,"output_tokens":2}}""";

    public override (string Head, string Tail) Streamed => (
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":40,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Do"}}


        """,
        """
        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"ne."}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}

        event: message_stop
        data: {"type":"message_stop"}


        """);

    public override string BaseUrl(string server) => server;

    public override string Path(bool stream) => "/v1/messages";

    public override string Body(string system, IReadOnlyList<string> turns, bool stream) =>
        $$"""{"model":"{{Model}}","max_tokens":256,"stream":{{(stream ? "true" : "false")}},"system":"{{system}}","messages":[""" + Messages(turns, "assistant", One) + "]}";

    public override DateTimeOffset Named(Grant grant, DateTimeOffset now) =>
        grant.IsDay ? grant.AgainAt : now + TimeSpan.FromSeconds(WholeSeconds(grant.AgainAt - now));

    public override void Head(IHeaderDictionary headers, Grant grant, QuotaPlan plan, DateTimeOffset now)
    {
        headers["anthropic-ratelimit-requests-limit"] = Number(plan.PerMinute);
        headers["anthropic-ratelimit-requests-remaining"] = Number(grant.Remaining);
        headers["anthropic-ratelimit-requests-reset"] = grant.FullAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    public override string Refuse(IHeaderDictionary headers, Grant grant, QuotaPlan plan, DateTimeOffset now)
    {
        headers.RetryAfter = Number(WholeSeconds(grant.AgainAt - now));
        if (!grant.IsDay)
        {
            Head(headers, grant, plan, now);
            return """{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your organization's rate limit of requests per minute."},"request_id":"req_1"}""";
        }

        var reset = Number(grant.AgainAt.ToUnixTimeSeconds());
        headers["anthropic-ratelimit-unified-status"] = "rejected";
        headers["anthropic-ratelimit-unified-reset"] = reset;
        headers["anthropic-ratelimit-unified-representative-claim"] = "five_hour";
        headers["anthropic-ratelimit-unified-5h-status"] = "rejected";
        headers["anthropic-ratelimit-unified-5h-utilization"] = "1.0";
        headers["anthropic-ratelimit-unified-5h-reset"] = reset;
        return """{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your account's rate limit. Please try again later."},"request_id":"req_1"}""";
    }

    private static string One(string role, string text) => $$"""{"role":"{{role}}","content":"{{text}}"}""";
}
