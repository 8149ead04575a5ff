namespace Engine.Actors.Accounts;

/// <summary>How long accounts rest. All spans are positive.</summary>
public sealed record CoolingPolicy
{
    /// <summary>The documented defaults.</summary>
    public static readonly CoolingPolicy Default = new();

    /// <summary>No rest is shorter, whatever the provider names (wire/mapping.md §7).</summary>
    public TimeSpan Floor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The first rest when the provider names no instant; doubles with every further failure.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest rest that backoff alone gives for refusals of the account.</summary>
    public TimeSpan RateLimitCeiling { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The longest rest that backoff alone gives for the provider's own faults.</summary>
    public TimeSpan FaultCeiling { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>No rest is longer: after this a probe goes out even if the provider named a later instant.</summary>
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a credential rests after its first refusal.</summary>
    public TimeSpan StrikeRest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>When an account that was told to wait may be probed.</summary>
    /// <param name="now">The present.</param>
    /// <param name="hint">The instant the provider named.</param>
    /// <param name="jitter">In [0, 1): moves the instant later by up to 1 % of the wait, 500 ms at most.</param>
    public DateTimeOffset HintedUntil(DateTimeOffset now, DateTimeOffset hint, double jitter)
    {
        var wait = hint - now;
        wait = wait < Floor ? Floor : wait;
        if (wait < LongestHold)
        {
            wait += TimeSpan.FromTicks((long)(jitter * Math.Min(wait.Ticks / 100.0, LongestJitter.Ticks)));
        }

        return now + (wait < LongestHold ? wait : LongestHold);
    }

    /// <summary>When an account may be probed that failed without a word about when.</summary>
    /// <param name="now">The present.</param>
    /// <param name="failures">Failures in a row, this one included; at least 1.</param>
    /// <param name="cause">Why it rests.</param>
    public DateTimeOffset BackoffUntil(DateTimeOffset now, int failures, CoolingCause cause)
    {
        var ceiling = cause is CoolingCause.Overload or CoolingCause.ProviderFault ? FaultCeiling : RateLimitCeiling;
        return now + Doubled(BackoffBase, failures, ceiling);
    }

    /// <summary>When a refused credential may be tried again while a refresh of it has not succeeded.</summary>
    /// <param name="now">The present.</param>
    /// <param name="failures">Refusals in a row, this one included; at least 1.</param>
    public DateTimeOffset StrikeUntil(DateTimeOffset now, int failures) => now + Doubled(StrikeRest, failures, FaultCeiling);

    private static readonly TimeSpan LongestJitter = TimeSpan.FromMilliseconds(500);

    private TimeSpan Doubled(TimeSpan first, int failures, TimeSpan ceiling)
    {
        ceiling = ceiling < LongestHold ? ceiling : LongestHold;
        var wait = first.Ticks * Math.Pow(2, Math.Clamp(failures - 1, 0, 62));
        var capped = wait < ceiling.Ticks ? TimeSpan.FromTicks((long)wait) : ceiling;
        return capped < Floor ? Floor : capped;
    }
}
