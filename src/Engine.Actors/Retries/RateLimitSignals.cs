using System.Collections.Immutable;

namespace Engine.Actors.Retries;

/// <summary>What the headers of one answer say about limits. Empty (<see langword="default"/>) when they say nothing.</summary>
/// <param name="RetryAt">The instant that <c>retry-after-ms</c> or <c>Retry-After</c> names.</param>
/// <param name="Windows">Counters, one per window the provider told about; default when none.</param>
public readonly record struct RateLimitSignals(DateTimeOffset? RetryAt, ImmutableArray<WindowCounter> Windows)
{
    /// <summary>The requests that the provider says are left; negative when it does not say.</summary>
    public long RequestsLeft
    {
        get
        {
            if (!Windows.IsDefaultOrEmpty)
            {
                foreach (var window in Windows)
                {
                    if (window.Kind == WindowKind.Requests)
                    {
                        return window.Remaining;
                    }
                }
            }

            return -1;
        }
    }

    /// <summary>True when a window has nothing left: the answer must be reported even if it is a success.</summary>
    public bool SaysNothingLeft
    {
        get
        {
            if (!Windows.IsDefaultOrEmpty)
            {
                foreach (var window in Windows)
                {
                    if (window.Remaining == 0 && window.ResetAt is not null)
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }
}

/// <summary>What a provider counts.</summary>
public enum WindowKind
{
    /// <summary>Requests of a short window.</summary>
    Requests,

    /// <summary>Tokens of a short window.</summary>
    Tokens,

    /// <summary>Input tokens of a short window.</summary>
    InputTokens,

    /// <summary>Output tokens of a short window.</summary>
    OutputTokens,

    /// <summary>A subscription's window of some hours.</summary>
    Session,

    /// <summary>A subscription's week.</summary>
    Week,

    /// <summary>A subscription's week for one family of models.</summary>
    ModelWeek,
}

/// <summary>One counter of a provider.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Limit">How much a window holds; negative when unknown. Percent of it (100) where only a share is known.</param>
/// <param name="Remaining">What is left; negative when unknown.</param>
/// <param name="ResetAt">When the window is full again; null when unknown.</param>
/// <param name="Rejected">True when the provider says that this window refused the request.</param>
public readonly record struct WindowCounter(WindowKind Kind, long Limit, long Remaining, DateTimeOffset? ResetAt, bool Rejected)
{
    // Enough that whoever comes next does not find it empty again, little enough that no bucket overflows meanwhile.
    private const double WorthCalling = 0.05;

    // Of a day's bucket a twentieth takes an hour, and its first request is there after some seconds.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// When it is worth a call again once it is empty. A bucket is refilled all the time: when a twentieth of it is there or five
    /// seconds have passed, and at least one of what it counts is there. Another window when it is full. Null when unknown.
    /// </summary>
    public DateTimeOffset? UsableAt { get; private init; } = ResetAt;

    /// <summary>A counter of a bucket that is refilled all the time; its reset is when it is full.</summary>
    /// <param name="kind">What is counted.</param>
    /// <param name="limit">How much it holds; negative when unknown.</param>
    /// <param name="remaining">What is left; negative when unknown.</param>
    /// <param name="fullAt">When it is full again; null when unknown.</param>
    /// <param name="now">The present.</param>
    public static WindowCounter Bucket(WindowKind kind, long limit, long remaining, DateTimeOffset? fullAt, DateTimeOffset now) =>
        new(kind, limit, remaining, fullAt, Rejected: false)
        {
            UsableAt = fullAt > now ? now + Pause(fullAt.Value - now, limit) : fullAt,
        };

    private static TimeSpan Pause(TimeSpan full, long limit)
    {
        var (one, some) = (limit > 0 ? full / limit : TimeSpan.Zero, full * WorthCalling);
        some = some < LongestPause ? some : LongestPause;
        return one > some ? one : some;
    }
}
