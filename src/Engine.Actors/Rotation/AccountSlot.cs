using System.Collections.Concurrent;
using Engine.Actors.Accounts;

namespace Engine.Actors.Rotation;

/// <summary>
/// One account as the data plane sees it: what its actor published last, the operator's limits, and counters. Shared by every
/// pool that offers a model of the account, and it outlives reloads of the config.
/// </summary>
public sealed class AccountSlot
{
    /// <summary>Models that get a lane of their own. Further ones share one, so that callers cannot grow the engine by inventing names.</summary>
    public const int MaxLanes = 512;

    /// <summary>The lane that further models share.</summary>
    public const string SharedModel = "*";

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Lock _publishing = new();
    private volatile LimitMeter? _meter;
    private volatile int _weight = 1;
    private AccountState _state;
    private int _inFlight;

    /// <summary>Makes the slot of an account that nobody may call until its actor says otherwise.</summary>
    public AccountSlot(AccountId id)
    {
        Id = id;
        _state = AccountState.New(id);
        Publish(_state);
    }

    /// <summary>Which account.</summary>
    public AccountId Id { get; }

    /// <summary>Its share in weighted strategies; 1 or more.</summary>
    public int Weight
    {
        get => _weight;
        set => _weight = Math.Max(1, value);
    }

    /// <summary>Calls under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>What the provider last said is left.</summary>
    public Headroom Headroom { get; } = new();

    /// <summary>The state its actor published last.</summary>
    public AccountState State => Volatile.Read(ref _state);

    /// <summary>True when the operator limits its tokens, so that an estimate is worth its price.</summary>
    public bool CountsTokens => _meter?.CountsTokens ?? false;

    internal Gate Gate { get; } = new();

    internal LimitMeter? Meter => _meter;

    /// <summary>The lane of a model, made on first use.</summary>
    /// <param name="model">The upstream's name of it.</param>
    /// <param name="limits">The operator's limits of this model on this account.</param>
    public Lane LaneOf(string model, AccountLimits limits)
    {
        if (!_lanes.TryGetValue(model, out var lane))
        {
            lock (_publishing)
            {
                var name = _lanes.Count < MaxLanes - 1 || _lanes.ContainsKey(model) ? model : SharedModel;
                if (!_lanes.TryGetValue(name, out lane))
                {
                    // Published before anybody can see it.
                    lane = new Lane(this, name);
                    lane.Publish(_state);
                    _lanes[name] = lane;
                }
            }
        }

        lane.SetLimits(limits);
        return lane;
    }

    /// <summary>
    /// Shows a state to requests. Called by the account's actor alone, after what led to the state is in the journal.
    /// </summary>
    public void Publish(AccountState state)
    {
        lock (_publishing)
        {
            Volatile.Write(ref _state, state);
            _meter = LimitMeter.Adjusted(_meter, state.Limits);
            Gate.Publish(new GateView(state.Standing, state.Failures > 0 || state.Strikes > 0, state.Credential));
            foreach (var (_, lane) in _lanes)
            {
                lane.Publish(state);
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();

    internal void Enter() => Interlocked.Increment(ref _inFlight);

    internal void Leave() => Interlocked.Decrement(ref _inFlight);
}
