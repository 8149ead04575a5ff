namespace Engine.Actors.Rotation;

/// <summary>
/// Where requests wait while no account may be called: bounded, fair between clients, and only as long as waiting can still
/// help. Whoever leaves has a lease, or an answer that says when to come back. Slow path: a lock is taken.
/// </summary>
public sealed class WaitingRoom : IDisposable
{
    // A free place that nobody announced is found this late at most.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(25);

    // Timers cannot be set for as long as a deadline may be away.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountPool, FairQueue> _queues = [];
    private volatile int _capacity;
    private int _count;
    private int _pumping;

    /// <summary>Makes a room.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="capacity">Requests that may wait at once; 0 or more.</param>
    public WaitingRoom(TimeProvider time, int capacity)
    {
        _time = time;
        _capacity = capacity;
        _timer = time.CreateTimer(static room => ((WaitingRoom)room!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Requests that may wait at once. Those that wait already stay when it shrinks.</summary>
    public int Capacity
    {
        get => _capacity;
        set => _capacity = value;
    }

    /// <summary>Requests that wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Waits for a lane. The result is a lease; or when to come back, as soon as it is clear that this is after the deadline; or
    /// a refusal when the room is full.
    /// </summary>
    /// <param name="pool">Where the lane is to come from.</param>
    /// <param name="table">The request's table.</param>
    /// <param name="request">Who asks and what for.</param>
    /// <param name="deadline">UTC ticks after which an answer is of no use.</param>
    /// <param name="cancellation">The client is gone.</param>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public async ValueTask<LeaseResult> WaitAsync(
        AccountPool pool, RotationTable table, LeaseRequest request, long deadline, CancellationToken cancellation)
    {
        var waiter = new Waiter(pool, table, request, deadline);
        lock (_lock)
        {
            if (_count >= _capacity && TurnAway(pool, table, request) is { } answer)
            {
                return answer;
            }

            _count++;
            pool.BeginWait();
            if (!_queues.TryGetValue(pool, out var queue))
            {
                _queues.Add(pool, queue = new FairQueue());
            }

            queue.Add(waiter);
        }

        await using var gone = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                var (room, waiter) = ((WaitingRoom, Waiter))state!;
                room.Leave(waiter, token);
            },
            (this, waiter));
        Signal();
        return await waiter.Answer.Task;
    }

    /// <summary>Something may have become free. Cheap when nobody waits.</summary>
    public void Signal()
    {
        if (Count > 0 && Interlocked.Exchange(ref _pumping, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static room =>
                {
                    Volatile.Write(ref room._pumping, 0);
                    room.Pump();
                },
                this,
                preferLocal: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <summary>Serves whom it can, now and on this thread.</summary>
    internal void Pump()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow().UtcTicks;
            var wake = long.MaxValue;
            foreach (var (pool, queue) in _queues)
            {
                wake = Math.Min(wake, Serve(queue, now));
                if (queue.IsEmpty)
                {
                    _queues.Remove(pool);
                }
            }

            if (wake != long.MaxValue)
            {
                var wait = Math.Clamp(wake - now, Tick.Ticks, LongestSleep.Ticks);
                _timer.Change(TimeSpan.FromTicks(wait), Timeout.InfiniteTimeSpan);
            }
        }
    }

    // The room is full: null when that has changed, because those who wait have come first.
    private LeaseResult? TurnAway(AccountPool pool, RotationTable table, in LeaseRequest request)
    {
        var now = _time.GetUtcNow().UtcTicks;
        var answer = AccountPool.Survey(table, request, now);
        if (answer is { Answer: LeaseAnswer.WaitUntil, Reason: PassedOver.No })
        {
            if (_queues.TryGetValue(pool, out var queue))
            {
                Serve(queue, now);
                if (queue.IsEmpty)
                {
                    _queues.Remove(pool);
                }
            }

            if (_count < _capacity)
            {
                return null;
            }

            answer = pool.TryLease(table, request, now);
        }

        return answer.Answer == LeaseAnswer.WaitUntil ? answer with { Answer = LeaseAnswer.Refused } : answer;
    }

    // Each client's first request in turn, until a whole round has served nobody. Returns when to look again.
    private long Serve(FairQueue queue, long now)
    {
        var soonest = long.MaxValue;
        for (var misses = 0; misses < queue.Clients;)
        {
            var waiter = queue.Next();
            var result = waiter.Pool.TryLease(waiter.Table, waiter.Request, now);
            if (IsWorthWaiting(waiter, result, now))
            {
                misses++;
                soonest = Math.Min(soonest, result.UsableAt);
            }
            else
            {
                misses = 0;
                soonest = long.MaxValue;
                Dismiss(queue, waiter, result);
            }
        }

        // Whoever stands behind its client's first and cannot wait that long need not wait at all.
        foreach (var waiter in queue.EndingBy(Math.Max(now, soonest)).ToArray())
        {
            var result = AccountPool.Survey(waiter.Table, waiter.Request, now);
            if (!IsWorthWaiting(waiter, result, now))
            {
                Dismiss(queue, waiter, result);
            }
        }

        return Math.Min(queue.FirstDeadline, soonest <= now ? now + Tick.Ticks : soonest);
    }

    private static bool IsWorthWaiting(Waiter waiter, in LeaseResult result, long now) =>
        result.Answer == LeaseAnswer.WaitUntil && result.UsableAt < waiter.Deadline && now < waiter.Deadline;

    private void Dismiss(FairQueue queue, Waiter waiter, in LeaseResult result)
    {
        // Nobody else answers a request that stands in a line.
        Remove(queue, waiter);
        waiter.Answer.SetResult(result);
    }

    private void Leave(Waiter waiter, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (waiter.Place is not null && _queues.TryGetValue(waiter.Pool, out var queue))
            {
                Remove(queue, waiter);
            }
        }

        waiter.Answer.TrySetCanceled(cancellation);
    }

    private void Remove(FairQueue queue, Waiter waiter)
    {
        queue.Remove(waiter);
        waiter.Pool.EndWait();
        _count--;
    }
}
