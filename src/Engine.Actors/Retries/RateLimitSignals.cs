using System.Collections.Immutable;

namespace Engine.Actors.Retries;

/// <summary>What the headers of one answer say about limits. Empty (<see langword="default"/>) when they say nothing.</summary>
/// <param name="RetryAt">The instant that <c>retry-after-ms</c> or <c>Retry-After</c> names.</param>
/// <param name="Windows">Counters, one per window the provider told about; default when none.</param>
public readonly record struct RateLimitSignals(DateTimeOffset? RetryAt, ImmutableArray<WindowCounter> Windows)
{
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
public readonly record struct WindowCounter(WindowKind Kind, long Limit, long Remaining, DateTimeOffset? ResetAt, bool Rejected);
