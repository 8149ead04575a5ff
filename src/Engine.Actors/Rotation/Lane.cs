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

    internal Ramp Ramp { get; } = new();

    /// <summary>What stands in the way, without taking anything.</summary>
    /// <param name="now">UTC ticks.</param>
    /// <param name="usableAt">When to ask again; <paramref name="now"/> when the instant is not known.</param>
    public PassedOver Check(long now, out long usableAt)
    {
        var account = Account.Gate.Check(now, out var accountAt);
        var model = Gate.Check(now, out var modelAt);
        usableAt = Math.Max(accountAt, modelAt);
        var reason = account != PassedOver.No && (model == PassedOver.No || accountAt >= modelAt) ? account : model;
        var isProbe = Gate.View.NeedsProbe || Account.Gate.View.NeedsProbe;
        return reason == PassedOver.No && !isProbe && Ramp.IsFull(now) ? PassedOver.FewLeft : reason;
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
        usableAt = now;
        var meter = Account.Meter;
        var laneMeter = _meter;
        MeterShare share = default;
        MeterShare laneShare = default;
        long modelProbe = 0;
        var isReserved = false;
        var isLaneReserved = false;
        var reason = Account.Gate.TryPass(now, out var accountProbe, out _);
        if (reason == PassedOver.No)
        {
            reason = Gate.TryPass(now, out modelProbe, out _);
        }

        if (reason == PassedOver.No && meter is not null)
        {
            reason = meter.TryReserve(tokens, now, out share);
            isReserved = reason == PassedOver.No;
        }

        if (reason == PassedOver.No && laneMeter is not null)
        {
            reason = laneMeter.TryReserve(tokens, now, out laneShare);
            isLaneReserved = reason == PassedOver.No;
        }

        if (reason == PassedOver.No && !Ramp.TryEnter(accountProbe != 0 || modelProbe != 0, now))
        {
            reason = PassedOver.FewLeft;
        }

        if (reason == PassedOver.No)
        {
            Account.Enter();
            lease = new Lease(this, now, accountProbe, modelProbe, meter, share, laneMeter, laneShare);
            return reason;
        }

        if (isReserved)
        {
            meter!.Settle(share, 0, wasSent: false, now);
        }

        if (isLaneReserved)
        {
            laneMeter!.Settle(laneShare, 0, wasSent: false, now);
        }

        EndProbes(accountProbe, modelProbe);

        // What stands in the way longest is the honest answer.
        var longest = Check(tokens, now, out usableAt);
        return longest == PassedOver.No ? reason : longest;
    }

    /// <summary>What stands in the way of a call of this size, limits included, without taking anything.</summary>
    internal PassedOver Check(long tokens, long now, out long usableAt)
    {
        var reason = Check(now, out usableAt);
        Lengthen(Account.Meter, tokens, now, ref reason, ref usableAt);
        Lengthen(_meter, tokens, now, ref reason, ref usableAt);
        return reason;
    }

    internal void Publish(AccountState state)
    {
        var model = state.Models.GetValueOrDefault(Model);
        Gate.Publish(model is null ? GateView.Open : new GateView(model.Standing, model.Failures > 0, credential: null));
        if (state.StandingOf(Model) is Standing.Cooling or Standing.Exhausted)
        {
            Ramp.Narrow(state.StandingOf(Model).UsableAt.UtcTicks);
        }
    }

    internal void SetLimits(AccountLimits limits) => _meter = LimitMeter.Adjusted(_meter, limits);

    internal void EndProbes(long account, long model)
    {
        if (account != 0)
        {
            Account.Gate.EndProbe(account);
        }

        if (model != 0)
        {
            Gate.EndProbe(model);
        }
    }

    private static void Lengthen(LimitMeter? meter, long tokens, long now, ref PassedOver reason, ref long usableAt)
    {
        if (meter?.Check(tokens, now, out var at) is { } limit and not PassedOver.No && (reason == PassedOver.No || at > usableAt))
        {
            (reason, usableAt) = (limit, at);
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
