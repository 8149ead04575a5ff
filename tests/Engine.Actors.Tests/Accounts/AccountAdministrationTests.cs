using Engine.Actors.Accounts;
using static Engine.Actors.Tests.Accounts.AccountStory;

namespace Engine.Actors.Tests.Accounts;

public sealed class AccountAdministrationTests
{
    private static readonly AccountCommand.Register Same = new(AccountLimits.None, "fp-1");

    [Fact]
    public void Nobody_calls_an_account_that_is_not_registered()
    {
        var story = new AccountStory();

        Assert.Equal(DateTimeOffset.MaxValue, story.State.StandingOf(Sonnet).UsableAt);
        Assert.IsType<AccountEvent.Registered>(Assert.Single(story.Do(0, Same)));
        Assert.Empty(story.Do(1, Same));
        Assert.Equal(Standing.Available.Instance, story.State.Standing);
    }

    [Fact]
    public void A_registration_with_other_limits_changes_the_limits_alone()
    {
        var story = Registered();
        var limits = new AccountLimits(10, 1000, 2);

        Assert.Equal(new AccountEvent.LimitsChanged(At(1), limits), Assert.Single(story.Do(1, Same with { Limits = limits })));
        Assert.Empty(story.Do(2, new AccountCommand.AdjustLimits(limits)));
        Assert.IsType<AccountEvent.LimitsChanged>(Assert.Single(story.Do(2, new AccountCommand.AdjustLimits(AccountLimits.None))));
    }

    [Fact]
    public void A_suspended_account_comes_back_as_it_was()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Quota(until: 500));
        story.Do(11, new AccountCommand.Suspend("ann"));

        Assert.Equal(new Standing.Suspended(At(11), "ann"), story.State.Standing);
        Assert.Empty(story.Do(12, new AccountCommand.Suspend("bob")));
        story.Do(13, new AccountCommand.Resume("bob"));
        Assert.Equal(new Standing.Exhausted(At(10), At(500), At(500)), story.State.Standing);
        Assert.Empty(story.Do(14, new AccountCommand.Resume("bob")));
    }

    [Fact]
    public void Outcomes_of_calls_that_were_under_way_count_below_a_suspension()
    {
        var story = Registered();
        story.Do(9, new AccountCommand.Suspend("ann"));
        story.Report(10, 5, Verdicts.Quota(until: 500));

        Assert.Equal(DateTimeOffset.MaxValue, story.State.StandingOf(Sonnet).UsableAt);
        story.Do(13, new AccountCommand.Resume("ann"));
        Assert.Equal(500, story.UsableAt());
    }

    [Fact]
    public void A_retired_account_comes_back_as_it_was_suspension_included()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 100, Actors.Retries.Scope.Account));
        story.Do(11, new AccountCommand.Suspend("ann"));
        story.Do(12, new AccountCommand.Retire());

        Assert.Equal(new Standing.Retired(At(12)), story.State.Standing);
        Assert.Empty(story.Do(13, new AccountCommand.Retire()));
        story.Do(14, Same);
        Assert.Equal(new Standing.Suspended(At(11), "ann"), story.State.Standing);
        story.Do(15, new AccountCommand.Resume("ann"));
        Assert.Equal(100, story.UsableAt());
    }

    [Fact]
    public void Clearing_lifts_everything_but_what_an_operator_or_the_config_imposed()
    {
        var story = Registered(isRefreshable: true);
        story.Report(10, 5, Verdicts.Limit(until: 100));
        story.Report(10, 5, Verdicts.Quota(until: 500));
        story.Report(10, 5, Verdicts.Refuse);
        story.Do(11, new AccountCommand.RefreshFailed(true, "invalid_grant"));
        story.Do(11, new AccountCommand.Suspend("ann"));

        Assert.Equal(new AccountEvent.Cleared(At(12), null, "ann"), Assert.Single(story.Do(12, new AccountCommand.Clear(null, "ann"))));
        Assert.Empty(story.Do(13, new AccountCommand.Clear(null, "ann")));
        Assert.Equal(new Standing.Suspended(At(11), "ann"), story.State.Standing);
        story.Do(14, new AccountCommand.Resume("ann"));
        Assert.Equal(Standing.Available.Instance, story.State.StandingOf(Sonnet));
        Assert.Equal(new CredentialState.Valid(null), story.State.Credential);
    }

    [Fact]
    public void Clearing_one_model_leaves_the_rest()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 100));
        story.Report(10, 5, Verdicts.Limit(until: 200), model: "haiku");

        Assert.IsType<AccountEvent.Cleared>(Assert.Single(story.Do(12, new AccountCommand.Clear(Sonnet, "ann"))));
        Assert.Empty(story.Do(12, new AccountCommand.Clear(Sonnet, "ann")));
        Assert.Equal(DateTimeOffset.MinValue, story.State.StandingOf(Sonnet).UsableAt);
        Assert.Equal(200, story.UsableAt("haiku"));
    }

    [Fact]
    public void Status_words_say_when_a_probe_is_due()
    {
        (Standing Standing, string Before, string After)[] words =
        [
            (Standing.Available.Instance, "available", "available"),
            (new Standing.Cooling(At(0), At(10), CoolingCause.Overload, null), "cooling", "half_open"),
            (new Standing.Exhausted(At(0), null, At(10)), "exhausted", "half_open"),
            (new Standing.AuthenticationFailed(At(0), At(10), "x"), "auth_failed", "half_open"),
            (new Standing.AuthenticationFailed(At(0), DateTimeOffset.MaxValue, "x"), "auth_failed", "auth_failed"),
            (new Standing.Suspended(At(0), "ann"), "suspended", "suspended"),
            (new Standing.Retired(At(0)), "retired", "retired"),
        ];
        foreach (var (standing, before, after) in words)
        {
            Assert.Equal((before, after), (AccountStatus.WordOf(standing, At(9)), AccountStatus.WordOf(standing, At(10))));
        }
    }
}
