using Engine.Actors.Accounts;

namespace Engine.Actors.Rotation;

/// <summary>
/// The operator's own limits of an account, or of one model of it. Requests and tokens are reserved before the call and settled
/// after it; neither is ever exceeded by requests in parallel. What was taken survives a change of the limits, not a restart.
/// </summary>
internal sealed class LimitMeter
{
    private volatile Terms _terms;
    private int _inFlight;

    private LimitMeter(AccountLimits limits) => _terms = new Terms(limits, WindowOf(null, limits.RequestsPerMinute), WindowOf(null, limits.TokensPerMinute));

    /// <summary>What it enforces.</summary>
    public AccountLimits Limits => _terms.Limits;

    /// <summary>True when token counts matter, so that an estimate is worth its price.</summary>
    public bool CountsTokens => _terms.Tokens is not null;

    /// <summary>
    /// The meter for limits; null as long as there never were any. A present one is kept, with the calls under way and what the
    /// last 60 seconds have used. Not for parallel callers.
    /// </summary>
    public static LimitMeter? Adjusted(LimitMeter? present, AccountLimits limits)
    {
        if (present is null)
        {
            return limits == AccountLimits.None ? null : new LimitMeter(limits);
        }

        var terms = present._terms;
        if (terms.Limits != limits)
        {
            present._terms = new Terms(limits, WindowOf(terms.Requests, limits.RequestsPerMinute), WindowOf(terms.Tokens, limits.TokensPerMinute));
        }

        return present;
    }

    /// <summary>What stands in the way of a call, without reserving it.</summary>
    /// <param name="tokens">The estimate.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="usableAt">When to ask again; <paramref name="now"/> when that is not known.</param>
    public PassedOver Check(long tokens, long now, out long usableAt)
    {
        var terms = _terms;
        usableAt = terms.Requests?.FitsAt(1, now) ?? now;
        var reason = usableAt > now ? PassedOver.RequestLimit : PassedOver.No;
        if (terms.Tokens?.FitsAt(tokens, now) is { } fits && fits > usableAt)
        {
            (reason, usableAt) = (PassedOver.TokenLimit, fits);
        }

        return reason == PassedOver.No && terms.Concurrency > 0 && Volatile.Read(ref _inFlight) >= terms.Concurrency
            ? PassedOver.ConcurrencyLimit
            : reason;
    }

    /// <summary>Reserves one call.</summary>
    /// <param name="tokens">The estimate.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="share">What to settle or give back.</param>
    public PassedOver TryReserve(long tokens, long now, out MeterShare share)
    {
        share = default;
        var terms = _terms;
        if (!TryEnter(terms.Concurrency))
        {
            return PassedOver.ConcurrencyLimit;
        }

        WindowShare requests = default;
        WindowShare reserved = default;
        if (terms.Requests is not null && !terms.Requests.TryTake(1, now, out requests))
        {
            Leave();
            return PassedOver.RequestLimit;
        }

        if (terms.Tokens is not null && !terms.Tokens.TryTake(tokens, now, out reserved))
        {
            terms.Requests?.Return(requests);
            Leave();
            return PassedOver.TokenLimit;
        }

        share = new MeterShare(requests, reserved);
        return PassedOver.No;
    }

    /// <summary>Ends one call.</summary>
    /// <param name="share">What it reserved.</param>
    /// <param name="tokens">What it used; 0 after a failure or a cancelled call, which gets its tokens back; <see cref="Lease.TokensUnknown"/> keeps the estimate.</param>
    /// <param name="wasSent">False when no upstream saw it: it gets its request back too.</param>
    /// <param name="now">UTC ticks.</param>
    public void Settle(in MeterShare share, long tokens, bool wasSent, long now)
    {
        var terms = _terms;
        if (!wasSent)
        {
            terms.Requests?.Return(share.Requests);
        }

        if (tokens == Lease.TokensUnknown)
        {
            // An answer whose provider counts nothing has cost what was expected of it.
        }
        else if (tokens > share.Tokens.Amount)
        {
            terms.Tokens?.Charge(tokens - share.Tokens.Amount, now);
        }
        else
        {
            terms.Tokens?.Return(share.Tokens with { Amount = share.Tokens.Amount - tokens });
        }

        Leave();
    }

    private static SlidingWindow? WindowOf(SlidingWindow? present, long limit)
    {
        if (limit is <= 0 or >= SlidingWindow.NoLimit)
        {
            return null;
        }

        present ??= new SlidingWindow(limit);
        present.Limit = limit;
        return present;
    }

    // Counted without a limit too: one may come while the call is under way.
    private bool TryEnter(int most)
    {
        var seen = Volatile.Read(ref _inFlight);
        while (most <= 0 || seen < most)
        {
            var found = Interlocked.CompareExchange(ref _inFlight, seen + 1, seen);
            if (found == seen)
            {
                return true;
            }

            seen = found;
        }

        return false;
    }

    private void Leave() => Interlocked.Decrement(ref _inFlight);

    private sealed record Terms(AccountLimits Limits, SlidingWindow? Requests, SlidingWindow? Tokens)
    {
        public int Concurrency => Limits.Concurrency;
    }
}

/// <summary>What one call reserved from a <see cref="LimitMeter"/>.</summary>
/// <param name="Requests">From the window of requests.</param>
/// <param name="Tokens">From the window of tokens.</param>
internal readonly record struct MeterShare(WindowShare Requests, WindowShare Tokens);
