namespace Engine.Actors.Kernel;

/// <summary>
/// The turn of an actor: it is on the thread pool once or not at all (<see cref="_scheduled"/>), so what belongs to the turn
/// needs no lock. Three queues are served in this order: system messages in any phase; signals and then mail only while running.
/// The two here are bounded by what they are about: the children, the watched actors, the timers, one stop, one directive per failure.
/// No method of the synchronous way is async, so that a message costs no state machine.
/// </summary>
internal abstract class ActorTurn : IThreadPoolWorkItem
{
    // Messages in one turn before others get the thread.
    private const int Throughput = 64;

    private readonly Lock _lock = new();

    // Guarded by _lock, all four; _urgent, the length of both queues, is also read without it.
    private readonly Queue<SystemMessage> _system = new();
    private readonly Queue<Signal> _signals = new();
    private bool _isClosed;
    private int _urgent;

    private volatile ActorPhase _phase;
    private int _scheduled;

    /// <summary>Written on the turn only.</summary>
    protected ActorPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    /// <summary>Whether <see cref="TryReceive"/> would find something. Thread-safe.</summary>
    protected abstract bool HasMail { get; }

    private bool HasWork => (Volatile.Read(ref _urgent) > 0 && (_phase == ActorPhase.Running || HasSystemMail())) || (_phase == ActorPhase.Running && HasMail);

    public void Execute()
    {
        for (var i = 0; i < Throughput; i++)
        {
            try
            {
                if (!TryStep(out var step))
                {
                    break;
                }

                if (!step.IsCompleted)
                {
                    _ = FinishAsync(step);
                    return;
                }

                step.GetAwaiter().GetResult();
                ForgetTaken();
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }

        // A full fence, so that mail put after the last look is seen here or schedules by itself.
        Interlocked.Exchange(ref _scheduled, 0);
        if (HasWork)
        {
            Schedule();
        }
    }

    internal void Post(SystemMessage message) => Put(_system, message);

    internal void PostSignal(Signal signal) => Put(_signals, signal);

    protected void Schedule()
    {
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Nothing is put or found any more.</summary>
    protected void CloseQueues()
    {
        lock (_lock)
        {
            _isClosed = true;
            _system.Clear();
            _signals.Clear();
            _urgent = 0;
        }
    }

    protected abstract ValueTask HandleAsync(SystemMessage message);

    protected abstract ValueTask DeliverAsync(Signal signal);

    protected abstract bool TryReceive(out ValueTask receiving);

    protected abstract void ForgetTaken();

    protected abstract void Fail(Exception cause);

    // The turn lasts until the handler has ended, on whatever thread that is.
    private async Task FinishAsync(ValueTask step)
    {
        try
        {
            await step;
            ForgetTaken();
        }
        catch (Exception e)
        {
            Fail(e);
        }

        Execute();
    }

    private bool TryStep(out ValueTask step)
    {
        if (Volatile.Read(ref _urgent) > 0)
        {
            if (TryTake(_system, out var message))
            {
                step = HandleAsync(message);
                return true;
            }

            if (_phase == ActorPhase.Running && TryTake(_signals, out var signal))
            {
                step = DeliverAsync(signal);
                return true;
            }
        }

        step = default;
        return _phase == ActorPhase.Running && TryReceive(out step);
    }

    private void Put<T>(Queue<T> queue, T item)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            queue.Enqueue(item);
            _urgent++;
        }

        Schedule();
    }

    private bool TryTake<T>(Queue<T> queue, out T? item)
    {
        lock (_lock)
        {
            var found = queue.TryDequeue(out item);
            _urgent -= found ? 1 : 0;
            return found;
        }
    }

    private bool HasSystemMail()
    {
        lock (_lock)
        {
            return _system.Count > 0;
        }
    }
}
