using System.Globalization;
using Engine.Actors.Retries;

namespace Engine.Actors.Tests.Retries;

public sealed class RateLimitHeadersTests
{
    private const string FourWindows =
        "anthropic-ratelimit-requests-limit: 50|anthropic-ratelimit-requests-remaining: 49|anthropic-ratelimit-requests-reset: 2026-11-21T12:00:02Z|"
        + "anthropic-ratelimit-tokens-limit: 70|anthropic-ratelimit-tokens-remaining: 6|anthropic-ratelimit-tokens-reset: 2026-11-21T12:00:03Z|"
        + "anthropic-ratelimit-input-tokens-limit: 40|anthropic-ratelimit-input-tokens-remaining: 0|anthropic-ratelimit-input-tokens-reset: 2026-11-21T12:00:04Z|"
        + "anthropic-ratelimit-output-tokens-limit: 30|anthropic-ratelimit-output-tokens-remaining: 1|anthropic-ratelimit-output-tokens-reset: 2026-11-21T12:00:05Z";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("retry-after: 30", 30.0)]
    [InlineData("retry-after: 1.5", 1.5)]
    [InlineData("retry-after-ms: 250.5|retry-after: 30", 0.2505)]
    [InlineData("retry-after-ms: soon|retry-after: 30", 30.0)]
    [InlineData("retry-after: Sat, 21 Nov 2026 12:00:10 GMT", 10.0)]
    [InlineData("retry-after: Saturday, 21-Nov-26 12:00:10 GMT", 10.0)]
    [InlineData("retry-after: Sat Nov 21 12:00:10 2026", 10.0)]
    [InlineData("retry-after: 2026-11-21T13:00:10+01:00", 10.0)]
    [InlineData("retry-after: 604800", 604800.0)]
    [InlineData("retry-after: 0", null)]
    [InlineData("retry-after: -5", null)]
    [InlineData("retry-after: Sat, 21 Nov 2026 11:59:00 GMT", null)]
    [InlineData("retry-after: NaN", null)]
    [InlineData("retry-after: 1e300", null)]
    [InlineData("retry-after: tomorrow", null)]
    [InlineData("retry-after: 9999-12-31T23:59:59Z", null)]
    [InlineData("retry-after: 0000000000000000000000000000000000000000000000000000000000000000001", null)]
    public void Retry_after_is_read_in_all_its_forms(string headers, double? seconds) =>
        Assert.Equal(seconds is { } wait ? Now.AddSeconds(wait) : null, Read("openai-chat", headers).RetryAt);

    [Theory]
    [InlineData("6m0s", 360.0)]
    [InlineData("1h2m3s", 3723.0)]
    [InlineData("850ms", 0.85)]
    [InlineData("12ms", 0.012)]
    [InlineData("1h16m0.667923083s", 4560.667923)]
    [InlineData("2m59.56s", 179.56)]
    [InlineData("500us", 0.0005)]
    [InlineData("1500", 1500.0)]
    [InlineData("1795262410", 10.0)]
    [InlineData("1795262410000", 10.0)]
    [InlineData("2026-11-21T12:00:10Z", 10.0)]
    [InlineData("1x", null)]
    [InlineData("s", null)]
    [InlineData("1..2s", null)]
    [InlineData("12 ms", null)]
    [InlineData("", null)]
    public void A_reset_is_read_in_all_its_forms(string reset, double? seconds)
    {
        var window = Assert.Single(Read("openai-chat", "x-ratelimit-limit-tokens: 100|x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: " + reset).Windows);

        Assert.Equal((WindowKind.Tokens, 100, 0, false), (window.Kind, window.Limit, window.Remaining, window.Rejected));
        Assert.Equal(seconds is null, window.ResetAt is null);
        Assert.Equal(seconds ?? 0, ((window.ResetAt ?? Now) - Now).TotalSeconds, 5);
    }

    [Fact]
    public void Requests_and_tokens_are_counted_apart() => Assert.Equal(
        [
            WindowCounter.Bucket(WindowKind.Requests, 60, 59, Now.AddSeconds(1), Now),
            WindowCounter.Bucket(WindowKind.Tokens, -1, 149_984, null, Now),
        ],
        Read("openai-responses", "x-ratelimit-limit-requests: 60|x-ratelimit-remaining-requests: 59|x-ratelimit-reset-requests: 1s|x-ratelimit-remaining-tokens: 149984").Windows);

    [Fact]
    public void One_window_without_a_name_counts_requests() => Assert.Equal(
        [new WindowCounter(WindowKind.Requests, 20, 0, Now.AddSeconds(60), false)],
        Read("openai-chat", "x-ratelimit-limit: 20|x-ratelimit-remaining: 0|x-ratelimit-reset: 1795262460000").Windows);

    [Fact]
    public void Anthropic_counts_four_windows() => Assert.Equal(
        [
            WindowCounter.Bucket(WindowKind.Requests, 50, 49, Now.AddSeconds(2), Now),
            WindowCounter.Bucket(WindowKind.Tokens, 70, 6, Now.AddSeconds(3), Now),
            WindowCounter.Bucket(WindowKind.InputTokens, 40, 0, Now.AddSeconds(4), Now),
            WindowCounter.Bucket(WindowKind.OutputTokens, 30, 1, Now.AddSeconds(5), Now),
        ],
        Read("anthropic", FourWindows).Windows);

    [Fact]
    public void A_rejected_window_of_a_subscription_is_named()
    {
        const string Headers = "anthropic-ratelimit-unified-status: rejected|anthropic-ratelimit-unified-reset: 1795262500"
            + "|anthropic-ratelimit-unified-5h-status: rejected|anthropic-ratelimit-unified-5h-utilization: 1.02|anthropic-ratelimit-unified-5h-reset: 1795262460"
            + "|anthropic-ratelimit-unified-7d-status: allowed_warning|anthropic-ratelimit-unified-7d-utilization: 0.855|anthropic-ratelimit-unified-7d-reset: 1795363200";

        Assert.Equal(
            [
                new WindowCounter(WindowKind.Session, 100, 0, Now.AddSeconds(60), true),
                new WindowCounter(WindowKind.Week, 100, 15, DateTimeOffset.FromUnixTimeSeconds(1795363200), false),
            ],
            Read("anthropic", Headers).Windows);
    }

    [Fact]
    public void A_rejected_family_of_models_does_not_reject_the_account()
    {
        var windows = Read(
            "anthropic",
            "anthropic-ratelimit-unified-status: rejected|anthropic-ratelimit-unified-5h-status: allowed|anthropic-ratelimit-unified-7d-status: allowed|anthropic-ratelimit-unified-7d_oi-status: rejected").Windows;

        Assert.Equal([WindowKind.ModelWeek], windows.Where(window => window.Rejected).Select(window => window.Kind));
        Assert.DoesNotContain(windows, window => window is { Remaining: 0, Rejected: false });
    }

    [Theory]
    [InlineData("seven_day", WindowKind.Week)]
    [InlineData("five_hour", WindowKind.Session)]
    public void A_rejection_without_windows_is_the_representatives(string claim, WindowKind kind) => Assert.Equal(
        [new WindowCounter(kind, 100, 0, Now.AddSeconds(60), true)],
        Read("anthropic", $"anthropic-ratelimit-unified-status: rejected|anthropic-ratelimit-unified-reset: 1795262460|anthropic-ratelimit-unified-representative-claim: {claim}").Windows);

    [Fact]
    public void A_full_window_that_is_allowed_all_the_same_has_something_left() => Assert.False(
        Read("anthropic", "anthropic-ratelimit-unified-status: allowed|anthropic-ratelimit-unified-5h-status: allowed|anthropic-ratelimit-unified-5h-utilization: 1.0|anthropic-ratelimit-unified-5h-reset: 1795262460").SaysNothingLeft);

    [Fact]
    public void Codex_tells_shares_of_two_windows()
    {
        const string Headers = "x-codex-primary-used-percent: 99.6|x-codex-primary-window-minutes: 300|x-codex-primary-reset-at: 1795262460"
            + "|x-codex-secondary-used-percent: 100|x-codex-secondary-window-minutes: 10080|x-codex-secondary-reset-after-seconds: 3600";

        var signals = Read("codex", Headers);

        Assert.Equal(
            [
                new WindowCounter(WindowKind.Session, 100, 1, Now.AddSeconds(60), false),
                new WindowCounter(WindowKind.Week, 100, 0, Now.AddSeconds(3600), false),
            ],
            signals.Windows);
        Assert.True(signals.SaysNothingLeft);
        Assert.False(Read("codex", Headers + "|x-codex-credits-has-credits: true").SaysNothingLeft);
    }

    [Fact]
    public void A_longer_first_window_is_a_week() =>
        Assert.Equal(WindowKind.Week, Assert.Single(Read("codex", "x-codex-primary-used-percent: 1|x-codex-primary-window-minutes: 10080").Windows).Kind);

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic")]
    [InlineData("codex")]
    [InlineData("gemini")]
    [InlineData("kiro")]
    public void An_answer_without_such_headers_says_nothing_and_costs_nothing(string dialect)
    {
        Func<string, string?> none = static _ => null;
        Assert.Equal(default, RateLimitHeaders.Read(dialect, none, Now));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            RateLimitHeaders.Read(dialect, none, Now);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("openai-chat", "x-ratelimit-remaining-requests: many|x-ratelimit-remaining-tokens: -1|x-ratelimit-remaining: 1e99")]
    [InlineData("anthropic", "anthropic-ratelimit-requests-remaining: x|anthropic-ratelimit-unified-status: strange")]
    [InlineData("codex", "x-codex-primary-used-percent: lots")]
    public void Garbage_says_nothing(string dialect, string headers) => Assert.True(Read(dialect, headers).Windows.IsDefaultOrEmpty);

    [Fact]
    public void Numbers_are_read_the_same_in_every_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("", useUserOverride: false) { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
            Assert.Equal(Now.AddSeconds(1.5), Read("openai-chat", "retry-after: 1.5").RetryAt);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static RateLimitSignals Read(string dialect, string headers)
    {
        var values = headers.Split('|').Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return RateLimitHeaders.Read(dialect, values.GetValueOrDefault, Now);
    }
}
