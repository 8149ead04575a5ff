using Engine.Actors.Accounts;
using Engine.Actors.Rotation;
using Engine.Testing;

namespace Engine.Actors.Tests.Rotation;

/// <summary>Accounts, lanes and tables for the tests of the rotation, on a clock that stands still.</summary>
internal sealed class RotationScene
{
    public const string Model = "opus";

    public RotationScene() => Affinity = new AffinityTable(1024, TimeSpan.FromMinutes(5));

    public ManualTimeProvider Time { get; } = new();

    public AffinityTable Affinity { get; }

    public long Now => Time.GetUtcNow().UtcTicks;

    public AccountPool Pool(string name = "pool") => new(name, Time, Affinity);

    public static AccountSlot Account(string name, AccountLimits? limits = null, int weight = 1)
    {
        var slot = new AccountSlot(new AccountId("up", name)) { Weight = weight };
        slot.Publish(Available(slot) with { Limits = limits ?? AccountLimits.None });
        return slot;
    }

    public static Lane Lane(string name, AccountLimits? limits = null, int weight = 1, AccountLimits? modelLimits = null) =>
        Account(name, limits, weight).LaneOf(Model, modelLimits ?? AccountLimits.None);

    public static Lane[] Lanes(int count) => [.. Enumerable.Range(0, count).Select(static i => Lane($"a{i}"))];

    public static RotationTable Table(Selector selector, params Lane[] lanes) =>
        new([.. lanes], [.. lanes.Select(static _ => "family")], selector);

    public static AccountState Available(AccountSlot slot) => slot.State with { Standing = Standing.Available.Instance, Underlying = null };

    public void Cool(AccountSlot slot, TimeSpan rest) => slot.Publish(slot.State with { Standing = Cooling(rest) });

    public void CoolModel(Lane lane, TimeSpan rest) =>
        lane.Account.Publish(lane.Account.State with { Models = lane.Account.State.Models.SetItem(lane.Model, new ModelState(Cooling(rest), 1)) });

    public void Exhaust(AccountSlot slot, TimeSpan rest) =>
        slot.Publish(slot.State with { Standing = new Standing.Exhausted(Time.GetUtcNow(), Time.GetUtcNow() + rest, Time.GetUtcNow() + rest) });

    public void Suspend(AccountSlot slot) => slot.Publish(slot.State with { Standing = new Standing.Suspended(Time.GetUtcNow(), "operator") });

    public static void Free(AccountSlot slot) => slot.Publish(Available(slot));

    public Standing Cooling(TimeSpan rest) => new Standing.Cooling(Time.GetUtcNow(), Time.GetUtcNow() + rest, CoolingCause.RateLimit, null);

    public void Return(LeaseResult result, long tokens = 0) => result.Lease.Return(tokens, wasSent: true, Now);

    /// <summary>Leases and gives back at once; the name of the account.</summary>
    public string Turn(AccountPool pool, RotationTable table, LeaseRequest request = default)
    {
        var result = pool.TryLease(table, request);
        Assert.Equal(LeaseAnswer.Leased, result.Answer);
        Return(result);
        return result.Lease.Lane.Account.Id.Account;
    }
}
