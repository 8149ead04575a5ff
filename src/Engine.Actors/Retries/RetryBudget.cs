namespace Engine.Actors.Retries;

/// <summary>
/// How many retries the whole engine may make: a share of its requests, plus a small reserve each second so that a quiet engine
/// can retry at all. When everything fails, load on the providers grows by that share, not by a factor. Lock-free, thread-safe.
/// </summary>
public sealed class RetryBudget
{
    // In hundredths of a retry, so that counting is exact.
    private const int Price = 100;

    private const int Cap = 100 * Price;

    private const int ReservePerSecond = 10;

    private volatile int _percent = 20;
    private int _stored;

    // The second (upper bits) and what its reserve has given (lowest 8 bits), in one word so that both change together.
    private long _reserve;

    /// <summary>Retries per hundred requests; 0 or more.</summary>
    public int Percent
    {
        get => _percent;
        set => _percent = Math.Max(0, value);
    }

    /// <summary>A request has arrived (not one of its retries).</summary>
    public void Earn()
    {
        var deposit = _percent;
        var seen = Volatile.Read(ref _stored);
        while (seen < Cap)
        {
            var found = Interlocked.CompareExchange(ref _stored, Math.Min(seen + deposit, Cap), seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    /// <summary>Takes one retry, if there is one.</summary>
    /// <param name="now">The present; tells the seconds of the reserve apart.</param>
    public bool TrySpend(DateTimeOffset now) => TryStored() || TryReserve(now.ToUnixTimeSeconds());

    private bool TryStored()
    {
        var seen = Volatile.Read(ref _stored);
        while (seen >= Price)
        {
            var found = Interlocked.CompareExchange(ref _stored, seen - Price, seen);
            if (found == seen)
            {
                return true;
            }

            seen = found;
        }

        return false;
    }

    private bool TryReserve(long second)
    {
        var seen = Volatile.Read(ref _reserve);
        while (true)
        {
            var given = seen >> 8 == second ? (int)(seen & 0xff) : 0;
            if (given >= ReservePerSecond)
            {
                return false;
            }

            var found = Interlocked.CompareExchange(ref _reserve, (second << 8) | (uint)(given + 1), seen);
            if (found == seen)
            {
                return true;
            }

            seen = found;
        }
    }
}
