using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class AccountSlotTests
{
    private readonly RotationScene _scene = new();

    [Fact]
    public void Nobody_is_called_before_an_actor_has_published()
    {
        var lane = new AccountSlot(new AccountId("up", "a")).LaneOf("m", AccountLimits.None);
        Assert.Equal(PassedOver.Retired, lane.TryLease(0, _scene.Now, out _, out var usableAt));
        Assert.Equal(DateTimeOffset.MaxValue.UtcTicks, usableAt);
    }

    [Fact]
    public void A_model_has_one_lane()
    {
        var slot = RotationScene.Account("a");
        Assert.Same(slot.LaneOf("m", AccountLimits.None), slot.LaneOf("m", AccountLimits.None));
        Assert.NotSame(slot.LaneOf("m", AccountLimits.None), slot.LaneOf("n", AccountLimits.None));
    }

    [Fact]
    public void A_lane_that_is_made_later_stands_as_the_model_does()
    {
        var slot = RotationScene.Account("a");
        slot.Publish(slot.State with { Models = slot.State.Models.Add("m", new ModelState(_scene.Cooling(TimeSpan.FromSeconds(9)), 1)) });
        Assert.Equal(PassedOver.Cooling, slot.LaneOf("m", AccountLimits.None).Check(_scene.Now, out _));
    }

    [Fact]
    public async Task A_lane_is_never_seen_before_it_stands_as_the_model_does()
    {
        var models = Enumerable.Range(0, 500).Select(static i => $"m{i}").ToArray();
        var slot = RotationScene.Account("a");
        slot.Publish(slot.State with { Models = slot.State.Models.AddRange(models.Select(model => KeyValuePair.Create(model, new ModelState(_scene.Cooling(TimeSpan.FromSeconds(9)), 1)))) });
        var seenOpen = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            models.Count(model => slot.LaneOf(model, AccountLimits.None).Check(_scene.Now, out var _) == PassedOver.No))));
        Assert.Equal(0, seenOpen.Sum());
    }

    [Fact]
    public void Invented_models_share_a_lane_once_there_are_too_many()
    {
        var slot = RotationScene.Account("a");
        var known = slot.LaneOf("known", AccountLimits.None);
        var lanes = Enumerable.Range(0, 2 * AccountSlot.MaxLanes).Select(i => slot.LaneOf($"m{i}", AccountLimits.None)).ToHashSet();
        Assert.Equal(AccountSlot.MaxLanes - 1, lanes.Count);
        Assert.Contains(lanes, static lane => lane.Model == AccountSlot.SharedModel);
        Assert.Same(known, slot.LaneOf("known", AccountLimits.None));
    }

    [Fact]
    public void A_weight_is_at_least_one() => Assert.Equal(1, RotationScene.Account("a", weight: -3).Weight);

    [Fact]
    public void Published_limits_hold_at_once()
    {
        var lane = RotationScene.Lane("a");
        Assert.False(lane.CountsTokens);
        lane.Account.Publish(lane.Account.State with { Limits = new AccountLimits(1, 10, 0) });
        Assert.True(lane.CountsTokens);
        Assert.Equal(PassedOver.No, lane.TryLease(1, _scene.Now, out _, out _));
        Assert.Equal(PassedOver.RequestLimit, lane.TryLease(1, _scene.Now, out _, out _));
    }
}
