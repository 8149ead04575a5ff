namespace Engine.Actors.Rotation;

/// <summary>
/// An amount per any 60 seconds, lock-free. Time is cut into half-second cells; a cell holds its number and the amount taken in
/// it in one word. Taking adds first, to the latest cell that anybody has seen, and then sums the last 60 seconds and the begun
/// cell: of two takers in parallel at least one sees the other, so the limit is never exceeded, and a taker that loses gives
/// back what it added.
/// </summary>
internal sealed class SlidingWindow
{
    /// <summary>Amounts from here on are no limit: a cell could not hold them.</summary>
    public const long NoLimit = 1L << AmountBits;

    /// <summary>Length of a cell in ticks: how much later than after 60 seconds an amount may come free.</summary>
    public const long CellTicks = TimeSpan.TicksPerSecond / 2;

    /// <summary>Whole cells in 60 seconds.</summary>
    public const int CellsInWindow = 120;

    private const int AmountBits = 36;
    private const long AmountMask = NoLimit - 1;
    private const long TagMask = (1L << (64 - AmountBits)) - 1;
    private const int Cells = 128;

    // Takers that found each other in the way look again this often.
    private const int MostTries = 8;

    private readonly long[] _cells = new long[Cells];
    private long _limit;
    private long _latest;

    /// <summary>Limits to <paramref name="limit"/> per 60 seconds; 1 or more, less than <see cref="NoLimit"/>.</summary>
    public SlidingWindow(long limit) => Limit = limit;

    /// <summary>What 60 seconds hold; 1 or more, less than <see cref="NoLimit"/>. What was taken before a change still counts.</summary>
    public long Limit
    {
        get => Volatile.Read(ref _limit);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, NoLimit);
            Volatile.Write(ref _limit, value);
        }
    }

    /// <summary>Takes an amount if the window has it. One that is larger than the whole limit is taken when nothing else is.</summary>
    /// <param name="amount">What to take; 0 or more.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="taken">What to give back by <see cref="Return"/>.</param>
    public bool TryTake(long amount, long now, out WindowShare taken)
    {
        var limit = Limit;
        amount = Math.Min(amount, limit);
        for (var tries = 1; ; tries++)
        {
            taken = Add(amount, now);
            if (Sum(taken.Cell) <= limit)
            {
                return true;
            }

            Return(taken);
            if (tries == MostTries || Sum(taken.Cell) + amount > limit)
            {
                return false;
            }
        }
    }

    /// <summary>UTC ticks at which an amount fits if nothing else is taken meanwhile; <paramref name="now"/> when it does already.</summary>
    public long FitsAt(long amount, long now)
    {
        var limit = Limit;
        var cell = Present(now);
        var sum = Sum(cell) + Math.Min(amount, limit);
        if (sum <= limit)
        {
            return now;
        }

        var each = cell - CellsInWindow;
        while (each < cell && (sum -= AmountIn(each)) > limit)
        {
            each++;
        }

        return (each + CellsInWindow + 1) * CellTicks;
    }

    /// <summary>Adds what was used beyond a share, without asking.</summary>
    public void Charge(long amount, long now) => Add(Math.Min(amount, Limit), now);

    /// <summary>Gives a share back, or part of one. Nothing happens once it has left the window.</summary>
    public void Return(in WindowShare share)
    {
        ref var word = ref _cells[share.Cell % Cells];
        while (true)
        {
            var seen = Volatile.Read(ref word);
            if (seen >>> AmountBits != (share.Cell & TagMask))
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
    public long Taken(long now) => Sum(Present(now));

    // The clock of all takers: one that was held up, or whose clock lags, must not take from the past, where nobody looks. Only
    // a clock that was set back by more than the window is believed.
    private long Present(long now)
    {
        var cell = now / CellTicks;
        while (true)
        {
            var latest = Volatile.Read(ref _latest);
            if (cell <= latest && latest - cell <= CellsInWindow)
            {
                return latest;
            }

            if (Interlocked.CompareExchange(ref _latest, cell, latest) == latest)
            {
                return cell;
            }
        }
    }

    // Adds to a cell that is still the latest afterwards: whoever moves on later sees what was added.
    private WindowShare Add(long amount, long now)
    {
        var cell = Present(now);
        while (true)
        {
            var share = new WindowShare(cell, amount);
            var isAdded = TryAdd(share);
            cell = Volatile.Read(ref _latest);
            if (isAdded && cell == share.Cell)
            {
                return share;
            }

            if (isAdded)
            {
                Return(share);
            }
        }
    }

    // False when time has gone on so far that the cell's place belongs to a later one.
    private bool TryAdd(in WindowShare share)
    {
        ref var word = ref _cells[share.Cell % Cells];
        var tag = share.Cell & TagMask;
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var age = (tag - (seen >>> AmountBits)) & TagMask;
            if (age > TagMask / 2 && Volatile.Read(ref _latest) != share.Cell)
            {
                return false;
            }

            var known = age == 0 ? seen & AmountMask : 0;
            var next = (tag << AmountBits) | Math.Min(known + share.Amount, AmountMask);
            if (Interlocked.CompareExchange(ref word, next, seen) == seen)
            {
                return true;
            }
        }
    }

    private long Sum(long cell)
    {
        var tag = cell & TagMask;
        long sum = 0;
        foreach (ref var word in _cells.AsSpan())
        {
            var seen = Volatile.Read(ref word);
            sum += ((tag - (seen >>> AmountBits)) & TagMask) <= CellsInWindow ? seen & AmountMask : 0;
        }

        return sum;
    }

    private long AmountIn(long cell)
    {
        var word = Volatile.Read(ref _cells[cell % Cells]);
        return word >>> AmountBits == (cell & TagMask) ? word & AmountMask : 0;
    }
}

/// <summary>What was taken from a <see cref="SlidingWindow"/>.</summary>
/// <param name="Cell">The half second it was taken in.</param>
/// <param name="Amount">How much.</param>
internal readonly record struct WindowShare(long Cell, long Amount);
