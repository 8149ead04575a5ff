namespace Engine.Actors.Retries;

/// <summary>How long a request waits before its next attempt: full jitter under a doubling ceiling. Pure.</summary>
public static class Backoff
{
    private const double FirstMilliseconds = 50;

    private const double LongestMilliseconds = 2_000;

    /// <summary>The wait before a retry: between nothing and 50 ms · 2ⁿ, 2 s at most.</summary>
    /// <param name="retry">Which retry of the request, from 0.</param>
    /// <param name="random">In [0, 1), from the caller's random source.</param>
    public static TimeSpan Before(int retry, double random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retry);
        var ceiling = Math.Min(LongestMilliseconds, FirstMilliseconds * Math.Pow(2, Math.Min(retry, 30)));
        return TimeSpan.FromMilliseconds(ceiling * random);
    }
}
