using System.Collections.Concurrent;
using Engine.Actors.Accounts;
using Engine.Actors.Rotation;
using Engine.Host.Configuration;

namespace Engine.Host.Routing;

/// <summary>
/// The pools by name, with what outlives a reload of the config: cursors, waiting requests, where conversations are. Makes the
/// stages of a new config around them.
/// </summary>
internal sealed class PoolDirectory : IDisposable
{
    // A conversation's entry is about 150 bytes.
    private const int Conversations = 65_536;

    private readonly ConcurrentDictionary<string, AccountPool> _pools = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly Func<string, AccountId?> _lastAccountOf;
    private readonly AffinityTable _affinity;

    /// <summary>Makes an empty directory.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="options">The first config's.</param>
    /// <param name="lastAccountOf">The account a pool was on when its history ended.</param>
    public PoolDirectory(TimeProvider time, RoutingOptions options, Func<string, AccountId?> lastAccountOf)
    {
        _time = time;
        _lastAccountOf = lastAccountOf;
        _affinity = new AffinityTable(Conversations, options.AffinityLifetime);
        Room = new WaitingRoom(time, options.QueueCapacity);
    }

    /// <summary>Where requests wait.</summary>
    public WaitingRoom Room { get; }

    /// <summary>The stage of a name under a config.</summary>
    public PoolStage StageOf(string name, IEnumerable<ModelTarget> targets, RoutingOptions options)
    {
        var strategy = options.Pools.FirstOrDefault(pool => pool.Model == name) ?? new PoolOptions(name, options.Strategy, options.RequestCount);
        var isNew = false;
        var pool = _pools.GetOrAdd(name, key =>
        {
            isNew = true;
            return new AccountPool(key, _time, _affinity);
        });
        var stage = new PoolStage(pool, targets, SelectorOf(strategy));
        if (isNew && _lastAccountOf(name) is { } last)
        {
            pool.Restore(stage.Table, last.Upstream, last.Account);
        }

        return stage;
    }

    public void Dispose() => Room.Dispose();

    private static Selector SelectorOf(PoolOptions options) => options.Strategy switch
    {
        RoutingStrategy.RoundRobin => new RoundRobin(),
        RoutingStrategy.QuotaExhausted => new QuotaExhausted(),
        RoutingStrategy.FillFirst => new FillFirst(),
        RoutingStrategy.LeastBusy => new LeastBusy(),
        RoutingStrategy.Weighted => new Weighted(),
        RoutingStrategy.SoonestResetFirst => new SoonestResetFirst(),
        _ => new RequestCount(options.RequestCount),
    };
}
