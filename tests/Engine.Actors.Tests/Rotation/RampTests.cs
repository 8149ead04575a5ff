using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class RampTests
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const string Model = "m";

    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void There_is_no_bound_before_a_rest()
    {
        var ramp = new Ramp();
        Assert.Equal(1000, Enter(ramp, 1000, 0));
    }

    [Fact]
    public void After_a_rest_each_answer_makes_room_for_twice_as_many()
    {
        var ramp = new Ramp();
        ramp.Narrow(0);
        foreach (var width in (int[])[1, 2, 4, 8, 16, 32])
        {
            Assert.Equal(width, Enter(ramp, 100, 0));
            Assert.True(ramp.IsFull(0));
            ramp.Answered(-1, 0);
            for (var i = 1; i < width; i++)
            {
                ramp.Leave();
            }
        }

        Assert.Equal(1000, Enter(ramp, 1000, 0));
    }

    [Fact]
    public void As_many_go_out_as_the_provider_says_are_left()
    {
        var ramp = new Ramp();
        Assert.Equal(10, Enter(ramp, 10, 0));
        ramp.Answered(11, 0);
        Assert.Equal(2, Enter(ramp, 10, 0));
        ramp.Answered(Ramp.Wide, 0);
        Assert.Equal(1000, Enter(ramp, 1000, 0));
    }

    [Fact]
    public void With_nothing_left_one_may_go_out_to_hear_it()
    {
        var ramp = new Ramp();
        Assert.True(ramp.TryEnter(isProbe: false, 0));
        ramp.Answered(0, 0);
        Assert.Equal(1, Enter(ramp, 10, 0));
    }

    [Fact]
    public void A_call_that_ends_without_an_answer_gives_its_place_back_and_makes_no_room()
    {
        var ramp = new Ramp();
        ramp.Narrow(0);
        Assert.Equal(1, Enter(ramp, 10, 0));
        ramp.Leave();
        Assert.Equal(1, Enter(ramp, 10, 0));
    }

    [Fact]
    public void A_second_without_an_answer_gives_room_for_one_more()
    {
        var ramp = new Ramp();
        ramp.Narrow(10 * Second);
        Assert.Equal(1, Enter(ramp, 10, 5 * Second));
        Assert.Equal(0, Enter(ramp, 10, 10 * Second));
        Assert.Equal(3, Enter(ramp, 10, 13 * Second));
    }

    [Fact]
    public void A_probe_goes_out_beside_calls_from_before_the_rest()
    {
        var ramp = new Ramp();
        Enter(ramp, 5, 0);
        ramp.Narrow(0);
        Assert.False(ramp.TryEnter(isProbe: false, 0));
        Assert.True(ramp.TryEnter(isProbe: true, 0));
    }

    [Fact]
    public void A_lane_that_has_rested_lets_its_calls_out_little_by_little()
    {
        var state = AccountState.New(new AccountId("u", "a"));
        state = AccountDecider.Apply(state, new AccountEvent.Registered(Start, AccountLimits.None, "f", false, null));
        var slot = new AccountSlot(state.Id);
        var lane = slot.LaneOf(Model, AccountLimits.None);
        var rested = Start.AddSeconds(10);
        var now = rested.UtcTicks;
        state = AccountDecider.Apply(state, new AccountEvent.Cooled(Start, Model, Start, rested, CoolingCause.RateLimit, null, 1));
        slot.Publish(state);
        Assert.Equal(PassedOver.No, lane.TryLease(0, now, out var probe, out _));
        Assert.True(probe.IsProbe);
        Assert.Equal(PassedOver.ProbeOut, lane.TryLease(0, now, out _, out _));

        probe.Answered(-1, now);
        slot.Publish(AccountDecider.Apply(state, new AccountEvent.Recovered(rested, Model)));
        probe.Return(0, wasSent: true, now, wasAnswered: true);

        Assert.Equal(PassedOver.No, lane.TryLease(0, now, out var first, out _));
        Assert.Equal(PassedOver.No, lane.TryLease(0, now, out _, out _));
        Assert.Equal(PassedOver.FewLeft, lane.TryLease(0, now, out _, out var usableAt));
        Assert.Equal(PassedOver.FewLeft, lane.Check(now, out _));
        Assert.Equal(now, usableAt);

        first.Return(0, wasSent: true, now);
        Assert.Equal(PassedOver.No, lane.Check(now, out _));
    }

    private static int Enter(Ramp ramp, int calls, long now) => Enumerable.Range(0, calls).Count(_ => ramp.TryEnter(isProbe: false, now));
}
