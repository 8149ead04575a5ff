using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class GateTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly long Now = Start.UtcTicks;

    [Fact]
    public void An_open_gate_lets_everybody_pass_and_nobody_is_a_probe()
    {
        var gate = new Gate();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(PassedOver.No, gate.TryPass(Now, out var probe, out var usableAt));
            Assert.Equal((0, Now), (probe, usableAt));
        }
    }

    [Fact]
    public void A_rest_bars_until_its_very_end()
    {
        var gate = Resting(TimeSpan.FromSeconds(10));
        var end = Now + TimeSpan.FromSeconds(10).Ticks;
        Assert.Equal(PassedOver.Cooling, gate.TryPass(end - 1, out _, out var usableAt));
        Assert.Equal(end, usableAt);
        Assert.Equal(PassedOver.No, gate.TryPass(end, out var probe, out _));
        Assert.NotEqual(0, probe);
    }

    [Theory]
    [InlineData("cooling")]
    [InlineData("exhausted")]
    [InlineData("auth_failed")]
    [InlineData("suspended")]
    [InlineData("retired")]
    public void A_bar_says_what_it_is(string word)
    {
        var gate = new Gate();
        var until = Start.AddSeconds(5);
        gate.Publish(View(word switch
        {
            "cooling" => new Standing.Cooling(Start, until, CoolingCause.RateLimit, null),
            "exhausted" => new Standing.Exhausted(Start, null, until),
            "auth_failed" => new Standing.AuthenticationFailed(Start, until, "invalid_api_key"),
            "suspended" => new Standing.Suspended(Start, "operator"),
            _ => new Standing.Retired(Start),
        }));
        Assert.Equal(word, gate.Check(Now, out var usableAt).Word());
        Assert.Equal(word is "suspended" or "retired" ? DateTimeOffset.MaxValue.UtcTicks : until.UtcTicks, usableAt);
    }

    [Fact]
    public void A_half_open_gate_lets_a_single_probe_out_until_it_is_given_back()
    {
        var gate = Resting(TimeSpan.Zero);
        gate.TryPass(Now, out var probe, out _);
        Assert.Equal(PassedOver.ProbeOut, gate.TryPass(Now, out _, out var usableAt));
        Assert.Equal(Now, usableAt);
        Assert.Equal(PassedOver.ProbeOut, gate.Check(Now, out _));
        gate.EndProbe(probe);
        Assert.Equal(PassedOver.No, gate.TryPass(Now, out _, out _));
    }

    [Fact]
    public void A_probe_that_still_streams_does_not_hold_up_the_probe_of_the_next_rest()
    {
        var gate = Resting(TimeSpan.Zero);
        gate.TryPass(Now, out var streaming, out _);
        gate.Publish(GateView.Open);
        gate.Publish(View(new Standing.Cooling(Start, Start, CoolingCause.RateLimit, null)));

        Assert.Equal(PassedOver.No, gate.TryPass(Now, out var next, out _));
        Assert.NotEqual(0, next);
        gate.EndProbe(streaming);
        Assert.Equal(PassedOver.ProbeOut, gate.TryPass(Now, out _, out _));
    }

    [Fact]
    public void A_rest_that_is_prolonged_keeps_its_probe_single()
    {
        var gate = Resting(TimeSpan.Zero);
        gate.TryPass(Now, out var hanging, out _);
        gate.Publish(View(new Standing.Cooling(Start, Start.AddSeconds(5), CoolingCause.RateLimit, null)));
        var later = Now + TimeSpan.FromSeconds(5).Ticks;
        Assert.Equal(PassedOver.ProbeOut, gate.TryPass(later, out _, out _));
        gate.EndProbe(hanging);
        Assert.Equal(PassedOver.No, gate.TryPass(later, out _, out _));
    }

    [Fact]
    public void A_review_shuts_the_gate_until_the_last_one_has_ended()
    {
        var gate = new Gate();
        gate.BeginReview();
        gate.BeginReview();
        gate.EndReview();
        Assert.Equal(PassedOver.UnderReview, gate.TryPass(Now, out _, out var usableAt));
        Assert.Equal(Now, usableAt);
        gate.EndReview();
        Assert.Equal(PassedOver.No, gate.TryPass(Now, out _, out _));
    }

    [Fact]
    public void A_review_does_not_hide_how_long_the_rest_lasts()
    {
        var gate = Resting(TimeSpan.FromSeconds(10));
        gate.BeginReview();
        Assert.Equal(PassedOver.Cooling, gate.Check(Now, out var usableAt));
        Assert.Equal(Now + TimeSpan.FromSeconds(10).Ticks, usableAt);
    }

    [Fact]
    public void A_refresh_bars_only_once_the_old_credential_is_over()
    {
        var gate = new Gate();
        gate.Publish(View(Standing.Available.Instance, new CredentialState.Refreshing(Start, Start.AddSeconds(30))));
        var over = Now + TimeSpan.FromSeconds(30).Ticks;
        Assert.Equal(PassedOver.No, gate.TryPass(over - 1, out var probe, out _));
        Assert.Equal(0, probe);
        Assert.Equal(PassedOver.Refreshing, gate.TryPass(over, out _, out var usableAt));
        Assert.Equal(over, usableAt);
    }

    [Fact]
    public void A_refresh_frees_a_refused_credential_but_no_suspension()
    {
        var refreshing = new CredentialState.Refreshing(Start, Start);
        var gate = new Gate();
        gate.Publish(View(new Standing.AuthenticationFailed(Start, DateTimeOffset.MaxValue, "expired"), refreshing));
        Assert.Equal(PassedOver.Refreshing, gate.Check(Now, out var usableAt));
        Assert.Equal(Now, usableAt);
        gate.Publish(View(new Standing.Suspended(Start, "operator"), refreshing));
        Assert.Equal(PassedOver.Suspended, gate.Check(Now, out usableAt));
        Assert.Equal(DateTimeOffset.MaxValue.UtcTicks, usableAt);
    }

    [Fact]
    public async Task Of_parallel_callers_one_is_the_probe_and_its_failure_bars_the_others()
    {
        const int Callers = 4;
        const int Rounds = 2_000;
        var gate = new Gate();
        var halfOpen = View(new Standing.Cooling(Start, Start, CoolingCause.RateLimit, null));
        var barred = View(new Standing.Cooling(Start, Start.AddSeconds(30), CoolingCause.RateLimit, null));
        gate.Publish(halfOpen);
        var passed = 0;
        var wrong = 0;
        using var barrier = new Barrier(Callers, _ =>
        {
            wrong += passed == 1 ? 0 : 1;
            passed = 0;
            gate.Publish(halfOpen);
        });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    for (var i = 0; i < 20; i++)
                    {
                        if (gate.TryPass(Now, out var probe, out var _) == PassedOver.No)
                        {
                            Interlocked.Increment(ref passed);
                            gate.BeginReview();
                            gate.EndProbe(probe);
                            gate.Publish(barred);
                            gate.EndReview();
                        }
                    }

                    barrier.SignalAndWait();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Equal(0, wrong);
    }

    private static Gate Resting(TimeSpan rest)
    {
        var gate = new Gate();
        gate.Publish(View(new Standing.Cooling(Start, Start + rest, CoolingCause.RateLimit, null)));
        return gate;
    }

    private static GateView View(Standing standing, CredentialState? credential = null) => new(standing, hasFailures: false, credential);
}
