using System.Collections.Concurrent;

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

    private readonly ConcurrentQueue<SystemMessage> _system = new();

    // Due timers and ends of watched actors.
    private readonly ConcurrentQueue<Func<ValueTask>> _signals = new();

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

    private bool HasWork => !_system.IsEmpty || (_phase == ActorPhase.Running && (!_signals.IsEmpty || HasMail));

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

    internal void Post(SystemMessage message)
    {
        _system.Enqueue(message);
        Schedule();
    }

    internal void PostSignal(Func<ValueTask> deliver)
    {
        if (_phase != ActorPhase.Ended)
        {
            _signals.Enqueue(deliver);
            Schedule();
        }
    }

    protected void Schedule()
    {
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    protected abstract ValueTask HandleAsync(SystemMessage message);

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
        if (_system.TryDequeue(out var message))
        {
            step = HandleAsync(message);
            return true;
        }

        if (_phase == ActorPhase.Running && _signals.TryDequeue(out var deliver))
        {
            step = deliver();
            return true;
        }

        step = default;
        return _phase == ActorPhase.Running && TryReceive(out step);
    }
}
