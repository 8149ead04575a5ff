namespace Engine.Actors.Rotation;

/// <summary>
/// An amount per any 60 seconds, lock-free. Time is cut into half-second cells; a cell holds its number and the amount taken in
/// it in one word. Taking adds first and then sums the last 60 seconds and the begun cell: of two takers in parallel at least
/// one sees the other, so the limit is never exceeded, and a taker that loses gives back what it added.
/// </summary>
internal sealed class SlidingWindow
{
    /// <summary>Amounts from here on are no limit: a cell could not hold them.</summary>
    public const long NoLimit = 1L << AmountBits;

    private const int AmountBits = 36;
    private const long AmountMask = NoLimit - 1;
    private const long CellTicks = TimeSpan.TicksPerSecond / 2;
    private const int CellsInWindow = 120;
    private const int Cells = 128;

    private readonly long[] _cells = new long[Cells];
    private readonly long _limit;

    /// <summary>Limits to <paramref name="limit"/> per 60 seconds; 1 or more, less than <see cref="NoLimit"/>.</summary>
    public SlidingWindow(long limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(limit, NoLimit);
        _limit = limit;
    }

    /// <summary>Takes an amount if the window has it. One that is larger than the whole limit is taken when nothing else is.</summary>
    /// <param name="amount">What to take; 0 or more.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="taken">What to give back by <see cref="Return"/>.</param>
    /// <param name="usableAt">UTC ticks at which the amount fits if nothing else is taken meanwhile; <paramref name="now"/> when it was taken.</param>
    public bool TryTake(long amount, long now, out WindowShare taken, out long usableAt)
    {
        amount = Math.Min(amount, _limit);
        var cell = now / CellTicks;
        Add(cell, amount);
        taken = new WindowShare(cell, amount);
        if (Sum(cell) <= _limit)
        {
            usableAt = now;
            return true;
        }

        Return(taken);
        usableAt = FitsAt(amount, cell);
        return false;
    }

    /// <summary>Adds what was used beyond a share, without asking.</summary>
    public void Charge(long amount, long now) => Add(now / CellTicks, Math.Min(amount, _limit));

    /// <summary>Gives a share back, or part of one. Nothing happens once it has left the window.</summary>
    public void Return(in WindowShare share)
    {
        ref var word = ref _cells[share.Cell % Cells];
        while (true)
        {
            var seen = Volatile.Read(ref word);
            if (seen >>> AmountBits != Tag(share.Cell))
            {
                return;
            }

            var left = Math.Max(0, (seen & AmountMask) - share.Amount);
            if (Interlocked.CompareExchange(ref word, (seen & ~AmountMask) | left, seen) == seen)
            {
                return;
            }
        }
    }

    /// <summary>What was taken in the last 60 seconds.</summary>
    public long Taken(long now) => Sum(now / CellTicks);

    private static long Tag(long cell) => cell & ((1L << (64 - AmountBits)) - 1);

    private void Add(long cell, long amount)
    {
        ref var word = ref _cells[cell % Cells];
        var tag = Tag(cell);
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var known = seen >>> AmountBits == tag ? seen & AmountMask : 0;
            var next = (tag << AmountBits) | Math.Min(known + amount, AmountMask);
            if (Interlocked.CompareExchange(ref word, next, seen) == seen)
            {
                return;
            }
        }
    }

    private long Sum(long cell)
    {
        long sum = 0;
        for (var each = cell - CellsInWindow; each <= cell; each++)
        {
            sum += AmountIn(each);
        }

        return sum;
    }

    private long AmountIn(long cell)
    {
        var word = Volatile.Read(ref _cells[cell % Cells]);
        return word >>> AmountBits == Tag(cell) ? word & AmountMask : 0;
    }

    private long FitsAt(long amount, long cell)
    {
        var sum = Sum(cell) + amount;
        for (var each = cell - CellsInWindow; each <= cell; each++)
        {
            sum -= AmountIn(each);
            if (sum <= _limit)
            {
                return (each + CellsInWindow + 1) * CellTicks;
            }
        }

        return (cell + CellsInWindow + 1) * CellTicks;
    }
}

/// <summary>What was taken from a <see cref="SlidingWindow"/>.</summary>
/// <param name="Cell">The half second it was taken in.</param>
/// <param name="Amount">How much.</param>
internal readonly record struct WindowShare(long Cell, long Amount);
