using Engine.Actors.Accounts;

namespace Engine.Actors.Rotation;

/// <summary>One model of one account: what a request leases. All members are lock-free and may be called from any thread.</summary>
public sealed class Lane
{
    private volatile LimitMeter? _meter;

    internal Lane(AccountSlot account, string model)
    {
        Account = account;
        Model = model;
    }

    /// <summary>The account.</summary>
    public AccountSlot Account { get; }

    /// <summary>The model as the account's state names it.</summary>
    public string Model { get; }

    /// <summary>True when a success changes something and must be reported: failures are counted, or this call is a probe.</summary>
    public bool ReportsSuccess => Gate.View.ReportsSuccess || Account.Gate.View.ReportsSuccess;

    /// <summary>True when the operator limits tokens here, so that an estimate is worth its price.</summary>
    public bool CountsTokens => Account.CountsTokens || (_meter?.CountsTokens ?? false);

    internal Gate Gate { get; } = new();

    /// <summary>What stands in the way, without taking anything.</summary>
    /// <param name="now">UTC ticks.</param>
    /// <param name="usableAt">When to ask again; <paramref name="now"/> when the instant is not known.</param>
    public PassedOver Check(long now, out long usableAt)
    {
        var account = Account.Gate.Check(now, out var accountAt);
        var model = Gate.Check(now, out var modelAt);
        usableAt = Math.Max(accountAt, modelAt);
        return account != PassedOver.No && (model == PassedOver.No || accountAt >= modelAt) ? account : model;
    }

    /// <summary>Shuts the lane, or its whole account, while an outcome is being written down.</summary>
    public Review BeginReview(bool wholeAccount)
    {
        var gate = wholeAccount ? Account.Gate : Gate;
        gate.BeginReview();
        return new Review(gate);
    }

    /// <summary>Leases the lane.</summary>
    /// <param name="tokens">The estimate of what the call will use.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="lease">To be returned exactly once.</param>
    /// <param name="usableAt">When to ask again; <paramref name="now"/> when the instant is not known.</param>
    internal PassedOver TryLease(long tokens, long now, out Lease lease, out long usableAt)
    {
        lease = default;
        var reason = Account.Gate.TryPass(now, out var accountProbe, out usableAt);
        if (reason != PassedOver.No)
        {
            return reason;
        }

        reason = Gate.TryPass(now, out var modelProbe, out usableAt);
        MeterShare share = default;
        MeterShare laneShare = default;
        var meter = Account.Meter;
        var laneMeter = _meter;
        if (reason == PassedOver.No && meter is not null)
        {
            reason = meter.TryReserve(tokens, now, out share, out usableAt);
        }

        if (reason == PassedOver.No && laneMeter is not null)
        {
            reason = laneMeter.TryReserve(tokens, now, out laneShare, out usableAt);
            if (reason != PassedOver.No)
            {
                meter?.Settle(share, 0, wasSent: false, now);
            }
        }

        if (reason != PassedOver.No)
        {
            EndProbes(accountProbe, modelProbe);
            return reason;
        }

        Account.Enter();
        lease = new Lease(this, now, accountProbe, modelProbe, meter, share, laneMeter, laneShare);
        return PassedOver.No;
    }

    internal void Publish(AccountState state)
    {
        var model = state.Models.GetValueOrDefault(Model);
        Gate.Publish(model is null ? GateView.Open : new GateView(model.Standing, model.Failures > 0, credential: null));
    }

    internal void SetLimits(AccountLimits limits)
    {
        if ((_meter?.Limits ?? AccountLimits.None) != limits)
        {
            _meter = LimitMeter.For(limits);
        }
    }

    internal void EndProbes(bool account, bool model)
    {
        if (account)
        {
            Account.Gate.EndProbe();
        }

        if (model)
        {
            Gate.EndProbe();
        }
    }
}

/// <summary>A lane or account that is shut while an outcome is being written down. Ended exactly once.</summary>
public readonly struct Review
{
    private readonly Gate _gate;

    internal Review(Gate gate) => _gate = gate;

    /// <summary>Opens it again, for what was published meanwhile to decide.</summary>
    public void End() => _gate.EndReview();
}
