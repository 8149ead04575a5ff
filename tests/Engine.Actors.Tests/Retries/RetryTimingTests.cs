using System.Collections.Immutable;
using Engine.Actors.Retries;

namespace Engine.Actors.Tests.Retries;

public sealed class RetryTimingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_named_counts_in_the_order_of_the_document()
    {
        var outcome = Limited("openai-chat") with
        {
            Signals = new RateLimitSignals(Now.AddSeconds(1), Windows((WindowKind.Requests, 0, 5, false), (WindowKind.Tokens, 0, 4, true))),
            BodyRetryAt = Now.AddSeconds(2),
            BodyRetryAfter = TimeSpan.FromSeconds(3),
            Window = QuotaWindow.Minute,
        };

        Assert.Equal(Now.AddSeconds(1), Until(outcome));
        outcome = outcome with { Signals = outcome.Signals with { RetryAt = null } };
        Assert.Equal(Now.AddSeconds(2), Until(outcome));
        outcome = outcome with { BodyRetryAt = null };
        Assert.Equal(Now.AddSeconds(3), Until(outcome));
        outcome = outcome with { BodyRetryAfter = null };
        Assert.Equal(Now.AddSeconds(4), Until(outcome));
        outcome = outcome with { Signals = new RateLimitSignals(null, Windows((WindowKind.Requests, 0, 5, false), (WindowKind.Tokens, 7, 99, false))) };
        Assert.Equal(Now.AddSeconds(5), Until(outcome));
        outcome = outcome with { Signals = default };
        Assert.Equal(Now.AddSeconds(60), Until(outcome));
        Assert.Null(Until(outcome with { Window = QuotaWindow.Unknown }));
    }

    [Fact]
    public void Instants_that_have_passed_and_absurd_waits_name_nothing() => Assert.Null(Until(Limited("gemini") with
    {
        BodyRetryAt = Now.AddSeconds(-5),
        BodyRetryAfter = TimeSpan.MaxValue,
    }));

    [Fact]
    public void All_rejected_windows_of_a_subscription_must_be_over() => Assert.Equal(
        Now.AddSeconds(900),
        Until(Limited("anthropic") with
        {
            Signals = new RateLimitSignals(Now.AddSeconds(120), Windows((WindowKind.Session, 0, 300, true), (WindowKind.Week, 0, 900, true), (WindowKind.ModelWeek, 5, 5000, false))),
        }));

    [Theory]
    [InlineData("2026-11-21T12:00:00Z", "2026-11-22T08:00:00Z")]
    [InlineData("2026-11-21T07:59:59Z", "2026-11-21T08:00:00Z")]
    [InlineData("2026-11-21T08:00:00Z", "2026-11-22T08:00:00Z")]
    [InlineData("2026-07-01T12:00:00Z", "2026-07-02T07:00:00Z")]
    [InlineData("2026-03-08T09:00:00Z", "2026-03-09T07:00:00Z")]
    [InlineData("2026-11-01T08:00:00Z", "2026-11-02T08:00:00Z")]
    public void Googles_day_ends_at_midnight_in_California(string now, string midnight)
    {
        Assert.SkipUnless(TimeZoneInfo.TryFindSystemTimeZoneById("America/Los_Angeles", out _), "This machine knows no time zones.");

        Assert.Equal(DateTimeOffset.Parse(midnight), RetryTiming.NextPacificMidnight(DateTimeOffset.Parse(now)));
    }

    [Theory]
    [InlineData(34, "2026-11-22T08:00:00Z")]
    [InlineData(18_000, "2026-11-21T17:00:00Z")]
    public void A_delay_of_seconds_beside_a_days_quota_is_not_its_reset(int delay, string until)
    {
        var outcome = Limited("gemini") with { Window = QuotaWindow.Day, BodyRetryAfter = TimeSpan.FromSeconds(delay) };

        Assert.Equal(DateTimeOffset.Parse(until), Until(outcome));
    }

    [Fact]
    public void A_months_quota_is_back_on_the_first() => Assert.Equal(
        new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), Until(Limited("kiro") with { Code = "MONTHLY_REQUEST_COUNT" }));

    [Fact]
    public void A_day_in_Beijing_ends_eight_hours_early() => Assert.Equal(
        new DateTimeOffset(2026, 11, 21, 16, 0, 0, TimeSpan.Zero), Until(Limited("qwen") with { Kind = FailureKind.Quota }));

    private static DateTimeOffset? Until(UpstreamOutcome outcome) => OutcomeClassifier.Classify(outcome, Now).Until;

    private static UpstreamOutcome Limited(string dialect) => new() { Dialect = dialect, Status = 429, Kind = FailureKind.RateLimit };

    private static ImmutableArray<WindowCounter> Windows(params (WindowKind Kind, long Left, int Reset, bool Rejected)[] windows) =>
        [.. windows.Select(each => new WindowCounter(each.Kind, 100, each.Left, Now.AddSeconds(each.Reset), each.Rejected))];
}
