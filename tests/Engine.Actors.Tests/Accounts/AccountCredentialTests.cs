using Engine.Actors.Accounts;
using static Engine.Actors.Tests.Accounts.AccountStory;

namespace Engine.Actors.Tests.Accounts;

public sealed class AccountCredentialTests
{
    [Fact]
    public void The_first_refusal_rests_and_the_second_fails()
    {
        var story = Registered();

        Assert.IsType<AccountEvent.CredentialStruck>(Assert.Single(story.Report(10, 5, Verdicts.Strike)));
        Assert.Equal(new Standing.Cooling(At(10), At(12), CoolingCause.Credential, null), story.State.Standing);
        Assert.IsType<AccountEvent.AuthenticationFailed>(Assert.Single(story.Report(14, 13, Verdicts.Strike, isProbe: true)));
        Assert.Equal(new Standing.AuthenticationFailed(At(14), At(14 + 1800), "credential"), story.State.Standing);
    }

    [Fact]
    public void Parallel_refusals_of_one_credential_are_one_strike()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Strike);

        Assert.Empty(story.Report(10.1, 6, Verdicts.Strike));
        Assert.Empty(story.Report(10.2, 10, Verdicts.Strike));
        Assert.Equal(1, story.State.Strikes);
    }

    [Fact]
    public void A_success_of_the_probe_takes_the_strike_away()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Strike);

        Assert.Empty(story.Report(11, 9, Verdicts.Success));
        Assert.IsType<AccountEvent.CredentialAccepted>(Assert.Single(story.Report(14, 13, Verdicts.Success, isProbe: true)));
        Assert.Equal((0, Standing.Available.Instance), (story.State.Strikes, story.State.Standing));
        Assert.False(story.State.HasFailuresOf(Sonnet));
    }

    [Fact]
    public void A_refusal_of_a_refreshable_credential_starts_a_refresh()
    {
        var story = Registered(isRefreshable: true);

        var events = story.Report(10, 5, Verdicts.Strike);

        Assert.Equal([typeof(AccountEvent.CredentialStruck), typeof(AccountEvent.RefreshStarted)], events.Select(each => each.GetType()));
        Assert.Empty(story.Do(11, new AccountCommand.StartRefresh()));
        story.Do(11, new AccountCommand.RefreshSucceeded(At(3600), "fp-2"));
        Assert.Equal(Standing.Available.Instance, story.State.Standing);
        Assert.Empty(story.Do(11, new AccountCommand.RefreshSucceeded(At(3600), "fp-2")));
    }

    [Fact]
    public void The_refreshed_credential_is_not_blamed_for_calls_of_its_predecessor()
    {
        var story = Registered(isRefreshable: true);
        story.Report(10, 5, Verdicts.Strike);
        story.Do(11, new AccountCommand.RefreshSucceeded(At(3600), "fp-2"));

        Assert.Empty(story.Report(12, 10.5, Verdicts.Strike));
        Assert.IsType<AccountEvent.AuthenticationFailed>(Assert.Single(story.Report(13, 12, Verdicts.Strike)));
    }

    [Fact]
    public void A_success_after_the_refresh_takes_the_strike_away()
    {
        var story = Registered(isRefreshable: true);
        story.Report(10, 5, Verdicts.Strike);
        story.Do(11, new AccountCommand.RefreshSucceeded(At(3600), "fp-2"));

        Assert.True(story.State.HasFailuresOf("any"));
        Assert.Empty(story.Report(12, 9, Verdicts.Success));
        Assert.IsType<AccountEvent.CredentialAccepted>(Assert.Single(story.Report(13, 12, Verdicts.Success)));
    }

    [Fact]
    public void Refusals_while_a_refresh_is_under_way_rest_longer_and_do_not_condemn()
    {
        var story = Registered(isRefreshable: true);
        story.Report(10, 5, Verdicts.Strike);

        Assert.IsType<AccountEvent.CredentialStruck>(Assert.Single(story.Report(13, 12.5, Verdicts.Strike, isProbe: true)));
        Assert.Equal((1, 17.0), (story.State.Strikes, story.UsableAt()));
    }

    [Fact]
    public void A_refresh_that_fails_for_the_moment_is_tried_again_at_the_next_refusal()
    {
        var story = Registered(isRefreshable: true);
        story.Report(10, 5, Verdicts.Strike);
        Assert.IsType<AccountEvent.RefreshFailed>(Assert.Single(story.Do(11, new AccountCommand.RefreshFailed(false, "network"))));
        Assert.Empty(story.Do(11, new AccountCommand.RefreshFailed(false, "network")));

        var events = story.Report(13, 12.5, Verdicts.Strike, isProbe: true);

        Assert.Equal([typeof(AccountEvent.CredentialStruck), typeof(AccountEvent.RefreshStarted)], events.Select(each => each.GetType()));
        Assert.Equal(1, story.State.Strikes);
    }

    [Fact]
    public void An_invalid_credential_is_never_probed_and_only_a_new_one_helps()
    {
        var story = Registered(isRefreshable: true);
        story.Do(10, new AccountCommand.StartRefresh());
        story.Do(11, new AccountCommand.RefreshFailed(true, "invalid_grant"));

        Assert.Equal(new Standing.AuthenticationFailed(At(11), DateTimeOffset.MaxValue, "invalid_grant"), story.State.Standing);
        Assert.Equal(new CredentialState.Invalid(At(11), "invalid_grant"), story.State.Credential);
        Assert.Empty(story.Do(12, new AccountCommand.RefreshFailed(true, "invalid_grant")));
        Assert.Empty(story.Do(12, new AccountCommand.StartRefresh()));
        Assert.Empty(story.Report(12, 11.5, Verdicts.Strike));
        story.Do(13, new AccountCommand.Register(AccountLimits.None, "fp-9", true, At(99)));
        Assert.Equal((Standing.Available.Instance, new CredentialState.Valid(At(99))), (story.State.Standing, story.State.Credential));
    }

    [Fact]
    public void A_refused_account_needs_no_second_strike_and_a_refreshed_token_does_not_free_it()
    {
        var story = Registered(isRefreshable: true);
        Assert.IsType<AccountEvent.AuthenticationFailed>(Assert.Single(story.Report(10, 5, Verdicts.Refuse)));
        Assert.Empty(story.Report(11, 6, Verdicts.Refuse));
        story.Do(12, new AccountCommand.StartRefresh());
        story.Do(13, new AccountCommand.RefreshSucceeded(At(3600), "fp-2"));

        Assert.Equal(1810, story.UsableAt());
        Assert.IsType<AccountEvent.AuthenticationFailed>(Assert.Single(story.Report(1900, 1899, Verdicts.Refuse, isProbe: true)));
        Assert.Equal(1900 + 1800, story.UsableAt());
    }

    [Fact]
    public void A_new_fingerprint_lifts_the_refusal_and_leaves_the_limit()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Quota(until: 500));
        story.Report(11, 6, Verdicts.Refuse);
        Assert.Equal(new Standing.Exhausted(At(10), At(500), At(500)), story.State.BehindRefusal);

        story.Do(20, new AccountCommand.Register(AccountLimits.None, "fp-2"));

        Assert.Equal(new Standing.Exhausted(At(10), At(500), At(500)), story.State.Standing);
        Assert.Null(story.State.BehindRefusal);
    }

    [Fact]
    public void A_refusal_lasts_at_least_as_long_as_the_limit_it_covers()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 100, Retries()));
        story.Report(11, 6, Verdicts.Strike);

        Assert.Equal(100, story.UsableAt());
        Assert.Equal(CoolingCause.Credential, Assert.IsType<Standing.Cooling>(story.State.Standing).Cause);
        var events = story.Report(102, 101, Verdicts.Success, isProbe: true);
        Assert.Equal([typeof(AccountEvent.CredentialAccepted), typeof(AccountEvent.Recovered)], events.Select(each => each.GetType()));
        Assert.Equal(Standing.Available.Instance, story.State.Standing);

        static Actors.Retries.Scope Retries() => Actors.Retries.Scope.Account;
    }

    [Fact]
    public void A_refresh_that_the_process_died_in_is_resumed_once_and_keeps_the_old_expiry()
    {
        var story = new AccountStory();
        story.Do(0, new AccountCommand.Register(AccountLimits.None, "fp-1", IsRefreshable: true, At(500)));
        story.Do(10, new AccountCommand.StartRefresh());
        var (manifest, payload) = AccountEventFormat.WriteState(story.State);
        var recovered = AccountEventFormat.ReadState(manifest, payload);
        Assert.Equal(new CredentialState.Refreshing(At(10), At(500)), recovered.Credential);
        Assert.Empty(story.Do(20, new AccountCommand.StartRefresh()));

        Assert.Equal(new AccountEvent.RefreshStarted(At(20)), Assert.Single(story.Do(20, new AccountCommand.ResumeRefresh())));

        Assert.Empty(story.Do(20, new AccountCommand.ResumeRefresh()));
        Assert.Equal(new CredentialState.Refreshing(At(20), At(500)), story.State.Credential);
        story.Do(21, new AccountCommand.RefreshFailed(false, "network"));
        Assert.Equal(new CredentialState.Valid(At(500)), story.State.Credential);
        story.Do(22, new AccountCommand.StartRefresh());
        story.Do(23, new AccountCommand.ResumeRefresh());
        story.Do(24, new AccountCommand.RefreshSucceeded(At(900), "fp-2"));
        Assert.Equal((new CredentialState.Valid(At(900)), "fp-2"), (story.State.Credential, story.State.Fingerprint));
    }

    [Fact]
    public void Nothing_is_resumed_where_no_refresh_is_under_way()
    {
        var story = Registered(isRefreshable: true);
        Assert.Empty(story.Do(1, new AccountCommand.ResumeRefresh()));
        story.Do(2, new AccountCommand.StartRefresh());
        story.Do(3, new AccountCommand.Register(AccountLimits.None, "fp-1", IsRefreshable: false));
        Assert.Empty(story.Do(4, new AccountCommand.ResumeRefresh()));
        story.Do(5, new AccountCommand.RefreshFailed(true, "invalid_grant"));
        Assert.Empty(story.Do(6, new AccountCommand.ResumeRefresh()));
    }

    [Fact]
    public void A_further_strike_neither_shortens_a_prolonged_refusal_nor_lets_an_older_success_lift_it()
    {
        var story = Registered(isRefreshable: true);
        story.Report(10, 5, Verdicts.Limit(until: 100, Actors.Retries.Scope.Account));
        story.Report(11, 6, Verdicts.Strike);

        story.Report(30, 20, Verdicts.Strike, isProbe: true);

        Assert.Equal(new Standing.Cooling(At(30), At(100), CoolingCause.Credential, null), story.State.Standing);
        Assert.DoesNotContain(story.Report(31, 25, Verdicts.Success, isProbe: true), each => each is AccountEvent.CredentialAccepted);
    }

    [Fact]
    public void A_static_credential_is_never_refreshed() => Assert.Empty(Registered().Do(1, new AccountCommand.StartRefresh()));
}
