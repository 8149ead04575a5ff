using Engine.Actors.Accounts;

namespace Engine.Actors.Rotation;

/// <summary>
/// The operator's own limits of an account, or of one model of it. Requests and tokens are reserved before the call and settled
/// after it; neither is ever exceeded by requests in parallel. After a restart the windows start empty.
/// </summary>
internal sealed class LimitMeter
{
    private readonly SlidingWindow? _requests;
    private readonly SlidingWindow? _tokens;
    private readonly int _concurrency;
    private int _inFlight;

    private LimitMeter(AccountLimits limits)
    {
        Limits = limits;
        _requests = limits.RequestsPerMinute is > 0 and < SlidingWindow.NoLimit ? new SlidingWindow(limits.RequestsPerMinute) : null;
        _tokens = limits.TokensPerMinute is > 0 and < SlidingWindow.NoLimit ? new SlidingWindow(limits.TokensPerMinute) : null;
        _concurrency = limits.Concurrency;
    }

    /// <summary>What it enforces.</summary>
    public AccountLimits Limits { get; }

    /// <summary>True when token counts matter, so that an estimate is worth its price.</summary>
    public bool CountsTokens => _tokens is not null;

    /// <summary>A meter for limits; null when there are none.</summary>
    public static LimitMeter? For(AccountLimits limits) => limits == AccountLimits.None ? null : new LimitMeter(limits);

    /// <summary>Reserves one call.</summary>
    /// <param name="tokens">The estimate.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="share">What to settle or give back.</param>
    /// <param name="usableAt">When to ask again; <paramref name="now"/> when that is not known.</param>
    public PassedOver TryReserve(long tokens, long now, out MeterShare share, out long usableAt)
    {
        share = default;
        usableAt = now;
        if (_concurrency > 0 && Interlocked.Increment(ref _inFlight) > _concurrency)
        {
            Interlocked.Decrement(ref _inFlight);
            return PassedOver.ConcurrencyLimit;
        }

        WindowShare requests = default;
        WindowShare reserved = default;
        var reason = _requests is not null && !_requests.TryTake(1, now, out requests, out usableAt) ? PassedOver.RequestLimit
            : _tokens is not null && !_tokens.TryTake(tokens, now, out reserved, out usableAt) ? PassedOver.TokenLimit
            : PassedOver.No;
        if (reason == PassedOver.No)
        {
            share = new MeterShare(requests, reserved);
            return reason;
        }

        if (reason == PassedOver.TokenLimit)
        {
            _requests?.Return(requests);
        }

        Leave();
        return reason;
    }

    /// <summary>Ends one call.</summary>
    /// <param name="share">What it reserved.</param>
    /// <param name="tokens">What it used; 0 after a failure or a cancelled call, which gets its tokens back.</param>
    /// <param name="wasSent">False when no upstream saw it: it gets its request back too.</param>
    /// <param name="now">UTC ticks.</param>
    public void Settle(in MeterShare share, long tokens, bool wasSent, long now)
    {
        if (!wasSent)
        {
            _requests?.Return(share.Requests);
        }

        if (_tokens is not null)
        {
            if (tokens > share.Tokens.Amount)
            {
                _tokens.Charge(tokens - share.Tokens.Amount, now);
            }
            else
            {
                _tokens.Return(share.Tokens with { Amount = share.Tokens.Amount - tokens });
            }
        }

        Leave();
    }

    private void Leave()
    {
        if (_concurrency > 0)
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}

/// <summary>What one call reserved from a <see cref="LimitMeter"/>.</summary>
/// <param name="Requests">From the window of requests.</param>
/// <param name="Tokens">From the window of tokens.</param>
internal readonly record struct MeterShare(WindowShare Requests, WindowShare Tokens);
