namespace Engine.Actors.Rotation;

/// <summary>
/// Opens a lane little by little, so that those who have waited do not all fall upon an account that has just come back: bounds
/// the calls that are not answered yet. After a rest it is one, doubled by every answer; where answers say how many requests are
/// left, it is that many. A second without an answer gives room for one more, so that a slow call holds nobody up for long.
/// Lock-free; width and instant are written one after the other, and a reader that sees them mixed is off by one answer.
/// </summary>
internal sealed class Ramp
{
    /// <summary>From here on there is no bound.</summary>
    public const int Wide = 64;

    private int _width = int.MaxValue;
    private long _since;
    private int _unanswered;

    /// <summary>True when no further call may go out now.</summary>
    public bool IsFull(long now) => Volatile.Read(ref _unanswered) >= Width(now);

    /// <summary>Lets a call out, if there is room.</summary>
    /// <param name="isProbe">A probe always goes out: what is not answered from before its rest says nothing.</param>
    /// <param name="now">UTC ticks.</param>
    public bool TryEnter(bool isProbe, long now)
    {
        if (Interlocked.Increment(ref _unanswered) <= Width(now) || isProbe)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>A call has ended that was not answered.</summary>
    public void Leave() => Interlocked.Decrement(ref _unanswered);

    /// <summary>A call is answered.</summary>
    /// <param name="left">Requests that the provider says are left; negative when it does not say.</param>
    /// <param name="now">UTC ticks.</param>
    public void Answered(long left, long now)
    {
        Leave();
        var width = Volatile.Read(ref _width);
        if (left >= 0)
        {
            Widen((int)Math.Clamp(left, 1, Wide), now);
        }
        else if (width < Wide)
        {
            Widen(width * 2, now);
        }
    }

    /// <summary>Begins anew.</summary>
    /// <param name="usableAt">UTC ticks at which the rest is over.</param>
    public void Narrow(long usableAt)
    {
        Volatile.Write(ref _since, usableAt);
        Volatile.Write(ref _width, 1);
    }

    private void Widen(int width, long now)
    {
        Volatile.Write(ref _since, now);
        Volatile.Write(ref _width, width < Wide ? width : int.MaxValue);
    }

    private int Width(long now)
    {
        var width = Volatile.Read(ref _width);
        return width < Wide
            ? (int)Math.Clamp(width + ((now - Volatile.Read(ref _since)) / TimeSpan.TicksPerSecond), width, Wide)
            : width;
    }
}
