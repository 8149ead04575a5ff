using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Benchmarks.Rotation;

/// <summary>A pool of open accounts, and one lease after another from it. Each operation is a lease and its return, with the clock read for both.</summary>
internal sealed class LeaseScene
{
    public const int Leases = 1_000;

    public static readonly string[] Strategies = ["round-robin", "fill-first", "weighted", "request-count", "least-busy"];

    private readonly AccountPool _pool;
    private readonly RotationTable _table;
    private readonly UInt128[] _sessions;

    public LeaseScene(int accounts, string strategy, bool hasLimits, bool hasSessions)
    {
        var limits = hasLimits ? new AccountLimits(30_000_000_000, 60_000_000_000, 1_000) : AccountLimits.None;
        var lanes = Enumerable.Range(0, accounts).Select(i => LaneOf(i, limits)).ToArray();
        _table = new RotationTable([.. lanes], [.. lanes.Select(static _ => "family")], Selector(strategy));
        _pool = new AccountPool("model", TimeProvider.System, new AffinityTable(65_536, TimeSpan.FromHours(1)));
        _sessions = [.. Enumerable.Range(0, 256).Select(i => hasSessions ? SessionKey.Of($"conversation {i}") : 0)];
    }

    public long Run()
    {
        long leased = 0;
        for (var i = 0; i < Leases; i++)
        {
            var result = _pool.TryLease(_table, new LeaseRequest { Client = "client", Session = _sessions[i % 256], Tokens = 900 });
            if (result.Answer != LeaseAnswer.Leased)
            {
                throw new InvalidOperationException("An open account was not leased.");
            }

            result.Lease.Return(800, wasSent: true, TimeProvider.System.GetUtcNow().UtcTicks);
            leased++;
        }

        return leased;
    }

    private static Lane LaneOf(int number, AccountLimits limits)
    {
        var slot = new AccountSlot(new AccountId("upstream", $"account-{number}")) { Weight = 1 + (number % 3) };
        slot.Publish(slot.State with { Standing = Standing.Available.Instance, Underlying = null, Limits = limits });
        return slot.LaneOf("model", AccountLimits.None);
    }

    private static Selector Selector(string strategy) => strategy switch
    {
        "fill-first" => new FillFirst(),
        "weighted" => new Weighted(),
        "request-count" => new RequestCount(100),
        "least-busy" => new LeastBusy(),
        _ => new RoundRobin(),
    };
}
