using Engine.Actors.Accounts;
using Engine.Actors.Retries;
using Engine.Actors.Rotation;
using static Engine.Actors.Tests.Accounts.AccountStory;

namespace Engine.Actors.Tests.Accounts;

public sealed class AccountStumbleTests
{
    private static readonly Verdict Unreachable = Verdicts.Fault() with { Scope = Scope.Account };

    [Fact]
    public void A_lone_fault_of_the_provider_is_counted_and_bars_nobody()
    {
        var story = Registered();

        var happened = Assert.Single(story.Report(10, 5, Verdicts.Fault()));

        Assert.Equal(new AccountEvent.Stumbled(At(10), Sonnet, 1) { RequestId = "req-1", Reason = "provider_fault" }, happened);
        Assert.Equal(Standing.Available.Instance, story.State.StandingOf(Sonnet));
        Assert.True(story.State.HasFailuresOf(Sonnet));
        Assert.False(story.State.HasFailuresOf("haiku"));
    }

    [Fact]
    public void A_lone_fault_of_the_whole_account_bars_none_of_its_models()
    {
        var story = Registered();

        Assert.Equal(new AccountEvent.Stumbled(At(10), null, 1) { RequestId = "req-1", Reason = "provider_fault" }, Assert.Single(story.Report(10, 5, Unreachable)));
        Assert.Equal(Standing.Available.Instance, story.State.Standing);
        Assert.True(story.State.HasFailuresOf("haiku"));
    }

    [Fact]
    public void Faults_of_calls_leased_before_the_stumble_are_the_same_stumble()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Fault());

        Assert.Empty(story.Report(11, 9, Verdicts.Fault()));
        Assert.Empty(story.Report(12, 10, Verdicts.Fault()));
        Assert.Equal(1, story.State.Models[Sonnet].Failures);
    }

    [Fact]
    public void The_second_fault_in_a_row_cools_with_backoff_and_further_ones_double_it_up_to_its_ceiling()
    {
        foreach (var fault in (Verdict[])[Verdicts.Fault(), Unreachable])
        {
            var story = Registered();
            story.Report(1, 0, fault);
            double at = 2;
            for (var failures = 2; failures <= 12; failures++)
            {
                var cooled = Assert.IsType<AccountEvent.Cooled>(Assert.Single(story.Report(at + 1, at, fault, isProbe: failures > 2)));
                Assert.Equal((failures, CoolingCause.ProviderFault), (cooled.Failures, cooled.Cause));
                Assert.Equal(at + 1 + Math.Min(60, Math.Pow(2, failures - 1)), story.UsableAt());
                at = story.UsableAt();
            }
        }
    }

    [Fact]
    public void A_success_forgets_the_stumble()
    {
        foreach (var fault in (Verdict[])[Verdicts.Fault(), Unreachable])
        {
            var story = Registered();
            story.Report(10, 5, fault);

            Assert.Empty(story.Report(11, 9, Verdicts.Success));
            var model = fault.Scope == Scope.Account ? null : Sonnet;
            Assert.Equal(new AccountEvent.Recovered(At(13), model) { RequestId = "req-1", Reason = "success" }, Assert.Single(story.Report(13, 12, Verdicts.Success)));
            Assert.False(story.State.HasFailuresOf(Sonnet));
            Assert.IsType<AccountEvent.Stumbled>(Assert.Single(story.Report(15, 14, fault)));
        }
    }

    [Fact]
    public void Other_failures_bar_at_once()
    {
        foreach (var verdict in (Verdict[])[Verdicts.Fault(CoolingCause.Overload), Verdicts.Fault() with { Until = At(40) }, Verdicts.Limit()])
        {
            Assert.IsType<AccountEvent.Cooled>(Assert.Single(Registered().Report(10, 5, verdict)));
        }
    }

    [Fact]
    public void A_limit_after_a_stumble_counts_on_and_one_leased_before_it_does_not()
    {
        var (later, earlier) = (Registered(), Registered());
        later.Report(10, 5, Verdicts.Fault());
        earlier.Report(10, 5, Verdicts.Fault());

        Assert.Equal(2, Assert.IsType<AccountEvent.Cooled>(Assert.Single(later.Report(12, 11, Verdicts.Limit()))).Failures);
        Assert.Equal(1, Assert.IsType<AccountEvent.Cooled>(Assert.Single(earlier.Report(12, 9, Verdicts.Limit()))).Failures);
        Assert.Null(later.State.Models[Sonnet].StumbledAt);
    }

    [Fact]
    public void A_fault_of_the_probe_is_no_stumble()
    {
        var story = Registered();
        story.Report(10, 5, Verdicts.Limit(until: 40));

        Assert.Equal(2, Assert.IsType<AccountEvent.Cooled>(Assert.Single(story.Report(42, 41, Verdicts.Fault(), isProbe: true))).Failures);
    }

    [Fact]
    public void An_operator_and_a_new_credential_clear_a_stumble()
    {
        foreach (var command in (AccountCommand[])[new AccountCommand.Clear(null, "ann"), new AccountCommand.Register(AccountLimits.None, "fp-2")])
        {
            var story = Registered();
            story.Report(10, 5, Unreachable);
            story.Do(11, command);

            Assert.Equal((0, null), (story.State.Failures, story.State.StumbledAt));
        }
    }

    [Fact]
    public void Requests_keep_passing_after_a_stumble_and_report_their_success()
    {
        foreach (var fault in (Verdict[])[Verdicts.Fault(), Unreachable])
        {
            var story = Registered();
            var slot = new AccountSlot(story.State.Id);
            var lane = slot.LaneOf(Sonnet, AccountLimits.None);
            slot.Publish(story.State);
            Assert.False(lane.ReportsSuccess);

            story.Report(10, 5, fault);
            slot.Publish(story.State);

            Assert.Equal((PassedOver.No, true), (lane.Check(At(10).UtcTicks, out _), lane.ReportsSuccess));
            story.Report(12, 11, Verdicts.Success);
            slot.Publish(story.State);
            Assert.False(lane.ReportsSuccess);
        }
    }
}
