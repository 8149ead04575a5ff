using System.Globalization;
using Engine.Actors.Accounts;
using Engine.EndToEnd.Tests.Faults;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Kills;

/// <summary>What each dialect says when it bars somebody, and what an engine must take from it.</summary>
internal static class BarWords
{
    /// <summary><c>routing.longest-rest</c> of the engines here: how long a refusal without an instant lasts.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan QuotaReset = TimeSpan.FromSeconds(20);

    /// <summary>True when the whole account is barred, not only the model.</summary>
    public static bool IsOfAccount(BarKind kind, string dialect) => kind == BarKind.Credential || (kind == BarKind.Quota && dialect != "gemini");

    /// <summary>How long a new bar lasts.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="dialect">The upstream's.</param>
    /// <param name="isSecondStrike">For credentials: the engine knows of the first refusal.</param>
    /// <param name="random">Chooses among what providers do.</param>
    public static TimeSpan Length(BarKind kind, string dialect, bool isSecondStrike, Random random) => kind switch
    {
        BarKind.RateLimit or BarKind.Overload => TimeSpan.FromSeconds(random.Next(1, 6)),
        BarKind.RateLimitMilliseconds => TimeSpan.FromMilliseconds(random.Next(1000, 4000)),
        BarKind.OverloadInStream => CoolingPolicy.Default.BackoffBase,
        BarKind.Quota => dialect == "openai-chat" ? LongestRest : QuotaReset,
        _ => isSecondStrike ? LongestRest : CoolingPolicy.Default.StrikeRest,
    };

    /// <summary>True when the refusal names its instant, so that one that names a later instant prolongs it.</summary>
    public static bool NamesInstant(BarKind kind, string dialect) => kind switch
    {
        BarKind.OverloadInStream or BarKind.Credential => false,
        BarKind.Quota => dialect == "anthropic",
        _ => true,
    };

    /// <summary>The wait in the unit that the dialect has for it; never shorter than asked.</summary>
    public static TimeSpan Rounded(BarKind kind, string dialect, TimeSpan wait) => kind switch
    {
        BarKind.RateLimitMilliseconds => TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(wait.TotalMilliseconds, 1))),
        BarKind.RateLimit or BarKind.Overload when dialect != "gemini" || kind == BarKind.Overload => TimeSpan.FromSeconds(Math.Ceiling(Math.Max(wait.TotalSeconds, 1))),
        BarKind.RateLimit => TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(wait.TotalMilliseconds, 1))),
        _ => wait,
    };

    /// <summary>Refuses a call.</summary>
    /// <param name="kind">How.</param>
    /// <param name="dialect">The upstream's.</param>
    /// <param name="exchange">The call.</param>
    /// <param name="wait">As <see cref="Rounded"/> gave it.</param>
    /// <param name="until">The instant; whole seconds where the dialect names instants.</param>
    public static Task TellAsync(BarKind kind, string dialect, UpstreamExchange exchange, TimeSpan wait, DateTimeOffset until)
    {
        var seconds = wait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        var milliseconds = wait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        return (kind, dialect) switch
        {
            (BarKind.OverloadInStream, _) => UpstreamFaults.PlayAsync("start-error", dialect, exchange, Task.CompletedTask),
            (BarKind.Credential, _) => UpstreamFaults.PlayAsync("401", dialect, exchange, Task.CompletedTask),
            (BarKind.Overload, "openai-chat") => exchange.JsonAsync(
                503, """{"error":{"message":"Full","type":"server_error","param":null,"code":"server_is_overloaded"}}""", ("retry-after", seconds)),
            (BarKind.Overload, "anthropic") => exchange.JsonAsync(
                529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ("retry-after", seconds)),
            (BarKind.Overload, _) => exchange.JsonAsync(
                503, """{"error":{"code":503,"message":"Full","status":"UNAVAILABLE"}}""", ("retry-after", seconds)),
            (BarKind.Quota, "openai-chat") => exchange.JsonAsync(
                429, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"""),
            (BarKind.Quota, "anthropic") => exchange.JsonAsync(
                429,
                """{"type":"error","error":{"type":"rate_limit_error","message":"Too much"}}""",
                ("anthropic-ratelimit-unified-status", "rejected"),
                ("anthropic-ratelimit-unified-5h-status", "rejected"),
                ("anthropic-ratelimit-unified-5h-utilization", "1.0"),
                ("anthropic-ratelimit-unified-5h-reset", until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))),
            (BarKind.Quota, _) => exchange.JsonAsync(429, Gemini(seconds, ""","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier" """)),
            (BarKind.RateLimit, "gemini") => exchange.JsonAsync(429, Gemini(seconds, ""","quotaId":"GenerateRequestsPerMinutePerProjectPerModel" """)),
            (_, "openai-chat") => exchange.JsonAsync(
                429, """{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", Header()),
            (_, "anthropic") => exchange.JsonAsync(
                429, """{"type":"error","error":{"type":"rate_limit_error","message":"Rate limit reached"}}""", Header()),
            _ => exchange.JsonAsync(429, """{"error":{"code":429,"message":"Rate limit reached","status":"RESOURCE_EXHAUSTED"}}""", Header()),
        };

        (string, string) Header() => kind == BarKind.RateLimitMilliseconds ? ("retry-after-ms", milliseconds) : ("retry-after", seconds);
    }

    private static string Gemini(string seconds, string quota) => $$$"""
        {"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED","details":[
          {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"requests"{{{quota}}}}]},
          {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{{{seconds}}}s"}]}}
        """;
}
