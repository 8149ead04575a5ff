using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class LaneTests
{
    private readonly RotationScene _scene = new();

    [Fact]
    public void A_lease_counts_as_under_way_until_it_is_given_back()
    {
        var lane = RotationScene.Lane("a");
        Assert.Equal(PassedOver.No, lane.TryLease(0, _scene.Now, out var lease, out _));
        Assert.Equal((1, _scene.Now, false), (lane.Account.InFlight, lease.LeasedAt, lease.IsProbe));
        lease.Return(0, wasSent: true, _scene.Now);
        Assert.Equal(0, lane.Account.InFlight);
    }

    [Fact]
    public void A_probe_is_given_back_with_its_lease()
    {
        var lane = RotationScene.Lane("a");
        _scene.Cool(lane.Account, TimeSpan.Zero);
        _scene.CoolModel(lane, TimeSpan.Zero);
        Assert.Equal(PassedOver.No, lane.TryLease(0, _scene.Now, out var lease, out _));
        Assert.True(lease is { ProbesAccount: true, ProbesModel: true });
        Assert.Equal(PassedOver.ProbeOut, lane.TryLease(0, _scene.Now, out _, out _));
        lease.Return(0, wasSent: true, _scene.Now);
        Assert.Equal(PassedOver.No, lane.TryLease(0, _scene.Now, out _, out _));
    }

    [Fact]
    public void The_limits_of_account_and_model_hold_together()
    {
        var account = RotationScene.Account("a", new AccountLimits(3, 0, 0));
        var small = account.LaneOf("small", new AccountLimits(1, 0, 0));
        var large = account.LaneOf("large", AccountLimits.None);
        Assert.Equal(PassedOver.No, small.TryLease(0, _scene.Now, out _, out _));
        Assert.Equal(PassedOver.RequestLimit, small.TryLease(0, _scene.Now, out _, out _));

        // The refusal by the model's limit took nothing from the account's.
        Assert.Equal(PassedOver.No, large.TryLease(0, _scene.Now, out _, out _));
        Assert.Equal(PassedOver.No, large.TryLease(0, _scene.Now, out _, out _));
        Assert.Equal(PassedOver.RequestLimit, large.TryLease(0, _scene.Now, out _, out _));
    }

    [Fact]
    public void A_refusal_gives_everything_back()
    {
        var lane = RotationScene.Lane("a", new AccountLimits(5, 100, 2), modelLimits: new AccountLimits(0, 10, 0));
        _scene.Cool(lane.Account, TimeSpan.Zero);
        Assert.Equal(PassedOver.No, lane.TryLease(10, _scene.Now, out var probe, out _));
        probe.Return(10, wasSent: true, _scene.Now);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(PassedOver.TokenLimit, lane.TryLease(10, _scene.Now, out _, out _));
        }

        Assert.Equal(0, lane.Account.InFlight);
        Assert.Equal(PassedOver.No, lane.Account.Gate.TryPass(_scene.Now, out _, out _));
        var other = lane.Account.LaneOf("other", AccountLimits.None);
        RotationScene.Free(lane.Account);
        Assert.Equal(PassedOver.No, other.TryLease(90, _scene.Now, out _, out _));
    }

    [Fact]
    public void The_longer_of_two_bars_names_the_instant()
    {
        var lane = RotationScene.Lane("a");
        _scene.CoolModel(lane, TimeSpan.FromHours(1));
        _scene.Cool(lane.Account, TimeSpan.FromSeconds(5));
        Assert.Equal(PassedOver.Cooling, lane.TryLease(0, _scene.Now, out _, out var usableAt));
        Assert.Equal(_scene.Now + TimeSpan.TicksPerHour, usableAt);
        _scene.Exhaust(lane.Account, TimeSpan.FromHours(2));
        Assert.Equal(PassedOver.Exhausted, lane.TryLease(0, _scene.Now, out _, out usableAt));
        Assert.Equal(_scene.Now + (2 * TimeSpan.TicksPerHour), usableAt);
    }

    [Fact]
    public void A_models_rest_bars_no_other_model()
    {
        var lane = RotationScene.Lane("a");
        var other = lane.Account.LaneOf("other", AccountLimits.None);
        _scene.CoolModel(lane, TimeSpan.FromSeconds(5));
        Assert.Equal(PassedOver.Cooling, lane.Check(_scene.Now, out _));
        Assert.Equal(PassedOver.No, other.Check(_scene.Now, out _));
    }

    [Fact]
    public void A_review_shuts_the_model_or_the_whole_account()
    {
        var lane = RotationScene.Lane("a");
        var other = lane.Account.LaneOf("other", AccountLimits.None);
        var model = lane.BeginReview(wholeAccount: false);
        Assert.Equal((PassedOver.UnderReview, PassedOver.No), (lane.Check(_scene.Now, out _), other.Check(_scene.Now, out _)));
        model.End();
        var account = lane.BeginReview(wholeAccount: true);
        Assert.Equal((PassedOver.UnderReview, PassedOver.UnderReview), (lane.Check(_scene.Now, out _), other.Check(_scene.Now, out _)));
        account.End();
        Assert.Equal((PassedOver.No, PassedOver.No), (lane.Check(_scene.Now, out _), other.Check(_scene.Now, out _)));
    }

    [Fact]
    public void A_success_is_reported_only_where_it_changes_something()
    {
        var lane = RotationScene.Lane("a");
        Assert.False(lane.ReportsSuccess);
        lane.Account.Publish(lane.Account.State with { Failures = 1 });
        Assert.True(lane.ReportsSuccess);
        lane.Account.Publish(lane.Account.State with { Failures = 0 });
        Assert.False(lane.ReportsSuccess);
        _scene.CoolModel(lane, TimeSpan.Zero);
        Assert.True(lane.ReportsSuccess);
    }
}
