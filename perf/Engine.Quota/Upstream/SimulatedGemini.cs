using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Engine.Quota;

/// <summary>wire/gemini.md §7: windows; nothing on answers, <c>QuotaFailure</c> and <c>RetryInfo</c> in the body of a refusal. Daily quotas turn at midnight Pacific, which no field says.</summary>
internal sealed class SimulatedGemini : Simulated
{
    public override string Name => "gemini";

    public override bool IsBucket => false;

    public override (string Header, string Prefix) Key => ("x-goog-api-key", "");

    public override string Whole =>
        """{"candidates":[{"content":{"role":"model","parts":[{"text":"Done."}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":40,"candidatesTokenCount":2,"totalTokenCount":42},"modelVersion":"m","responseId":"r1"}""";

    public override (string Head, string Tail) Streamed => (
        """
        data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Do"}]},"index":0}],"usageMetadata":{"promptTokenCount":40,"totalTokenCount":40},"modelVersion":"m","responseId":"r1"}


        """,
        """
        data: {"candidates":[{"content":{"role":"model","parts":[{"text":"ne."}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":40,"candidatesTokenCount":2,"totalTokenCount":42},"modelVersion":"m","responseId":"r1"}


        """);

    public override string BaseUrl(string server) => server;

    public override string Path(bool stream) => $"/v1beta/models/{Model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}";

    public override string Body(string system, IReadOnlyList<string> turns, bool stream) =>
        $$"""{"systemInstruction":{"parts":[{"text":"{{system}}"}]},"contents":[""" + Messages(turns, "model", One) + "]}";

    public override DateTimeOffset Named(Grant grant, DateTimeOffset now) => grant.AgainAt;

    public override void Head(IHeaderDictionary headers, Grant grant, QuotaPlan plan, DateTimeOffset now)
    {
    }

    public override string Refuse(IHeaderDictionary headers, Grant grant, QuotaPlan plan, DateTimeOffset now)
    {
        // Beside a day's quota the delay is about the next minute only.
        var wait = grant.IsDay ? TimeSpan.FromSeconds(34) : grant.AgainAt - now;
        var delay = (Math.Ceiling(wait.TotalMilliseconds) / 1000).ToString("0.###", CultureInfo.InvariantCulture) + "s";
        var (period, limit) = grant.IsDay ? ("Day", plan.PerDay) : ("Minute", plan.PerMinute);
        return $$$"""
            {"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.\nPlease retry in {{{delay}}}.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPer{{{period}}}PerProjectPerModel-FreeTier","quotaDimensions":{"location":"global","model":"{{{Model}}}"},"quotaValue":"{{{limit}}}"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{{{delay}}}"}]}}
            """;
    }

    private static string One(string role, string text) => $$"""{"role":"{{role}}","parts":[{"text":"{{text}}"}]}""";
}
