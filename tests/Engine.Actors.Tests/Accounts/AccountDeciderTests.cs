using System.Collections.Immutable;
using Engine.Actors.Accounts;
using Engine.Actors.Retries;
using static Engine.Actors.Tests.Accounts.AccountStory;

namespace Engine.Actors.Tests.Accounts;

public sealed class AccountDeciderTests
{
    private const string Haiku = "haiku";

    [Fact]
    public void A_limit_of_a_model_bars_that_model_alone()
    {
        var story = Registered();

        var cooled = Assert.IsType<AccountEvent.Cooled>(Assert.Single(story.Report(10, 5, Verdicts.Limit(until: 40))));

        Assert.Equal(new AccountEvent.Cooled(At(10), Sonnet, At(10), At(40), CoolingCause.RateLimit, At(40), 1) { RequestId = "req-1", Reason = "rate_limit" }, cooled);
        Assert.Equal(40, story.UsableAt());
        Assert.Equal(DateTimeOffset.MinValue, story.State.StandingOf(Haiku).UsableAt);
        Assert.True(story.State.HasFailuresOf(Sonnet));
        Assert.False(story.State.HasFailuresOf(Haiku));
    }

    [Fact]
    public void A_limit_of_the_account_bars_every_model_and_the_later_instant_wins()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 40));
        story.Report(10, 5, Verdicts.Limit(until: 30, Scope.Account));

        Assert.Equal(40, story.UsableAt());
        Assert.Equal(30, story.UsableAt(Haiku));
        Assert.True(story.State.HasFailuresOf(Haiku));
    }

    [Theory]
    [InlineData(CoolingCause.RateLimit, 30 * 60)]
    [InlineData(CoolingCause.Overload, 60)]
    public void Backoff_doubles_with_each_failed_probe_up_to_its_ceiling(CoolingCause cause, int ceiling)
    {
        var story = Registered();
        var verdict = Verdicts.Fault(cause);
        double at = 0;
        for (var failures = 1; failures <= 14; failures++)
        {
            story.Report(at + 1, at, verdict, isProbe: failures > 1);
            Assert.Equal(at + 1 + Math.Min(ceiling, Math.Pow(2, failures - 1)), story.UsableAt());
            at = story.UsableAt();
        }
    }

    [Fact]
    public void A_success_of_the_probe_frees_the_model_and_resets_its_backoff()
    {
        var story = Registered();
        story.Report(1, 0, Verdicts.Limit());
        story.Report(3, 2.5, Verdicts.Limit(), isProbe: true);

        Assert.Equal(new AccountEvent.Recovered(At(6), Sonnet) { RequestId = "req-1", Reason = "success" }, Assert.Single(story.Report(6, 5, Verdicts.Success, isProbe: true)));
        Assert.Empty(story.State.Models);
        story.Report(8, 7, Verdicts.Limit());
        Assert.Equal(9, story.UsableAt());
    }

    [Fact]
    public void A_success_with_nothing_to_free_is_no_event() => Assert.Empty(Registered().Report(1, 0, Verdicts.Success));

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(20)]
    public void A_success_leased_before_the_rest_was_over_frees_nothing(double leased)
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 40));

        Assert.Empty(story.Report(41, leased, Verdicts.Success));
        Assert.Equal(40, story.UsableAt());
    }

    [Fact]
    public void Late_failures_of_a_burst_neither_escalate_nor_shorten()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 40));

        Assert.Empty(story.Report(11, 5, Verdicts.Limit()));
        Assert.Empty(story.Report(12, 6, Verdicts.Limit(until: 20)));
        Assert.Equal(40, story.UsableAt());
        Assert.Equal(1, story.State.Models[Sonnet].Failures);
    }

    [Fact]
    public void A_late_failure_that_names_a_later_instant_prolongs_without_escalating()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 40));

        var cooled = Assert.IsType<AccountEvent.Cooled>(Assert.Single(story.Report(12, 6, Verdicts.Limit(until: 90))));

        Assert.Equal((At(10), At(90), 1), (cooled.Since, cooled.Until, cooled.Failures));
    }

    [Fact]
    public void A_probe_that_was_on_its_way_when_the_rest_was_prolonged_still_frees()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 40));
        story.Report(42, 6, Verdicts.Limit(until: 90));

        Assert.IsType<AccountEvent.Recovered>(Assert.Single(story.Report(43, 41, Verdicts.Success, isProbe: true)));
    }

    [Fact]
    public void A_failed_probe_never_moves_the_instant_back()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 40));
        story.Report(42, 6, Verdicts.Limit(until: 90));
        story.Report(43, 41, Verdicts.Limit(), isProbe: true);

        Assert.Equal(90, story.UsableAt());
    }

    [Theory]
    [InlineData(100, 0.0, 100)]
    [InlineData(40, 0.5, 40.15)]
    [InlineData(1000, 0.5, 1000.25)]
    [InlineData(10.2, 0.0, 11)]
    [InlineData(3610, 0.5, 1810)]
    public void A_named_instant_gets_jitter_a_floor_and_a_cap(double hint, double jitter, double expected)
    {
        var story = new AccountStory { Jitter = jitter };
        story.Do(0, new AccountCommand.Register(AccountLimits.None, ""));
        story.Do(10, new AccountCommand.Report(new AttemptReport { RequestId = "r", Model = Sonnet, LeasedAt = At(1), Verdict = Verdicts.Limit(hint) }));

        Assert.Equal(expected, story.UsableAt(), 6);
        Assert.Equal(At(hint), Assert.IsType<Standing.Cooling>(story.State.StandingOf(Sonnet)).Hint);
    }

    [Fact]
    public void A_hint_of_a_week_is_kept_and_probed_after_the_longest_hold()
    {
        const double Week = 7 * 24 * 3600;
        var story = Registered();
        story.Report(10, 5, Verdicts.Quota(until: Week));

        Assert.Equal(new Standing.Exhausted(At(10), At(Week), At(1810)), story.State.Standing);
        Assert.IsType<AccountEvent.Exhausted>(Assert.Single(story.Report(1812, 1811, Verdicts.Quota(until: Week), isProbe: true)));
        Assert.Equal(1812 + 1800, story.UsableAt());
        Assert.IsType<AccountEvent.Reset>(Assert.Single(story.Report(4000, 3999, Verdicts.Success, isProbe: true)));
        Assert.Equal(Standing.Available.Instance, story.State.Standing);
        Assert.Equal(0, story.State.Failures);
    }

    [Fact]
    public void An_unknown_reset_is_probed_after_the_longest_hold()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Quota());

        Assert.Equal(new Standing.Exhausted(At(10), null, At(1810)), story.State.Standing);
    }

    [Fact]
    public void A_spent_quota_replaces_a_cooling_also_when_it_comes_late()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 40, Scope.Account));
        story.Report(11, 5, Verdicts.Quota(until: 20));

        Assert.Equal(new Standing.Exhausted(At(11), At(20), At(40)), story.State.Standing);
        var longer = Assert.IsType<AccountEvent.Exhausted>(Assert.Single(story.Report(12, 5, Verdicts.Quota(until: 100))));
        Assert.Equal((At(11), At(100), 1), (longer.Since, longer.ProbeAt, longer.Failures));
    }

    [Fact]
    public void A_late_limit_prolongs_a_spent_quota_only_when_it_names_a_later_instant()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Quota(until: 50));

        Assert.Empty(story.Report(11, 5, Verdicts.Limit(until: 40, Scope.Account)));
        story.Report(12, 5, Verdicts.Limit(until: 70, Scope.Account));
        Assert.Equal(new Standing.Exhausted(At(10), At(70), At(70)), story.State.Standing);
    }

    [Fact]
    public void A_clients_fault_never_moves_an_account()
    {
        foreach (var measure in Enum.GetValues<Measure>())
        {
            var story = Registered();
            var verdict = new Verdict(Culprit.Client, measure, Scope.Account, CoolingCause.RateLimit, RetryAdvice.GiveUp, At(100), "invalid");
            Assert.Empty(story.Report(1, 0, verdict));
        }
    }

    [Fact]
    public void A_success_that_leaves_nothing_cools_until_the_window_is_full()
    {
        var story = Registered();
        var signals = Windows(
            new WindowCounter(WindowKind.Requests, 10, 0, At(20), Rejected: false),
            new WindowCounter(WindowKind.Tokens, 10, 0, At(30), Rejected: false),
            new WindowCounter(WindowKind.InputTokens, 10, 3, At(90), Rejected: false));

        var cooled = Assert.IsType<AccountEvent.Cooled>(Assert.Single(story.Report(10, 5, Verdicts.Success, signals: signals)));

        Assert.Equal((CoolingCause.NothingLeft, At(30), 0, "nothing_left"), (cooled.Cause, cooled.Until, cooled.Failures, cooled.Reason));
    }

    [Fact]
    public void A_success_that_leaves_nothing_in_a_bucket_cools_until_some_is_back()
    {
        var signals = Windows(WindowCounter.Bucket(WindowKind.Requests, 60, 0, At(70), At(10)));

        var cooled = Assert.IsType<AccountEvent.Cooled>(Assert.Single(Registered().Report(10, 5, Verdicts.Success, signals: signals)));

        Assert.Equal((CoolingCause.NothingLeft, At(13)), (cooled.Cause, cooled.Until));
    }

    [Fact]
    public void A_probe_that_succeeds_and_leaves_nothing_frees_and_cools_again()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 40));
        var events = story.Report(42, 41, Verdicts.Success, isProbe: true, signals: Windows(new WindowCounter(WindowKind.Requests, 10, 0, At(100), false)));

        Assert.Equal([typeof(AccountEvent.Recovered), typeof(AccountEvent.Cooled)], events.Select(each => each.GetType()));
        Assert.Equal(100, story.UsableAt());
    }

    [Theory]
    [InlineData(WindowKind.Session, null)]
    [InlineData(WindowKind.Week, null)]
    [InlineData(WindowKind.ModelWeek, Sonnet)]
    public void A_success_that_leaves_nothing_of_a_subscription_exhausts(WindowKind kind, string? model)
    {
        var events = Registered().Report(10, 5, Verdicts.Success, signals: Windows(new WindowCounter(kind, 100, 0, At(900), false)));

        Assert.Equal((model, At(900)), Assert.Single(events) is AccountEvent.Exhausted e ? (e.Model, e.ProbeAt) : default);
    }

    [Fact]
    public void Nothing_left_of_a_window_without_an_end_says_nothing() =>
        Assert.Empty(Registered().Report(10, 5, Verdicts.Success, signals: Windows(new WindowCounter(WindowKind.Requests, 10, 0, null, false))));

    [Fact]
    public void The_models_of_an_account_are_bounded_and_the_first_usable_is_forgotten()
    {
        var story = Registered();
        for (var i = 0; i <= AccountDecider.MostModels; i++)
        {
            story.Report(10, 5, Verdicts.Limit(until: i == 7 ? 50 : 100 + i), model: $"m{i}");
        }

        Assert.Equal(AccountDecider.MostModels, story.State.Models.Count);
        Assert.False(story.State.Models.ContainsKey("m7"));
    }

    private static RateLimitSignals Windows(params ImmutableArray<WindowCounter> windows) => new(null, windows);
}
