namespace Engine.Actors.Credentials;

/// <summary>When tokens are fetched. Pure.</summary>
public static class RefreshTiming
{
    /// <summary>Two refreshes of one account are at least this far apart.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>No failed refresh waits longer for its repetition.</summary>
    public static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>When a pair is to be replaced: 5 minutes before it expires, or a tenth of its lifetime where that is less.</summary>
    /// <returns><see cref="DateTimeOffset.MaxValue"/> when it does not expire.</returns>
    public static DateTimeOffset DueAt(TokenPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        if (pair.Until is not { } until)
        {
            return DateTimeOffset.MaxValue;
        }

        var tenth = (until - pair.Since) / 10;
        return until - (tenth < Ahead ? tenth : Ahead);
    }

    /// <summary>How long to wait after failures: doubling from one second, up to half of it left to chance.</summary>
    /// <param name="failures">In a row; 1 or more.</param>
    /// <param name="jitter">In [0, 1).</param>
    public static TimeSpan Backoff(int failures, double jitter)
    {
        var wait = Shortest.Ticks * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        return TimeSpan.FromTicks((long)(Math.Min(wait, LongestBackoff.Ticks) * (0.5 + (jitter / 2))));
    }
}
