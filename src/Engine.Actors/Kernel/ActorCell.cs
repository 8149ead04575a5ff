namespace Engine.Actors.Kernel;

/// <summary>
/// The life of an actor across its instances. A cell has one turn: it is on the thread pool once or not at all
/// (<see cref="_scheduled"/>), so what belongs to the turn needs no lock. Others reach it through three queues, served in this
/// order: system messages in any phase; signals and then mail only while running. Both queues here are bounded by what they
/// are about: the children, the watched actors, the timers, one stop, one directive per failure.
/// </summary>
internal abstract class ActorCell : IThreadPoolWorkItem
{
    // Messages in one turn before others get the thread.
    private const int Throughput = 64;

    private readonly Lock _lock = new();
    private readonly SupervisorStrategy _strategy;

    // Guarded by _lock, from here to _ended; _urgent is also read without it.
    private readonly Queue<SystemMessage> _system = new();
    private readonly Queue<Signal> _signals = new();
    private readonly Dictionary<string, Child> _children = new(StringComparer.Ordinal);
    private List<ActorCell>? _watchers;
    private TaskCompletionSource<Exception?>? _termination;
    private CancellationTokenSource? _stopping;
    private int _names;
    private bool _refusesChildren;
    private bool _stopRequested;
    private bool _drainRequested;
    private bool _ended;
    private int _urgent;

    // Belongs to the turn, from here to _cause; HasWork reads _phase and _drains outside it.
    private readonly HashSet<ActorCell> _watching = [];
    private volatile ActorPhase _phase;
    private volatile bool _drains;
    private ITimer? _backoff;
    private TimeSpan _delay;
    private Exception? _cause;

    private int _scheduled;

    protected ActorCell(ActorSystem system, ActorCell? parent, string path, SupervisorStrategy strategy)
    {
        System = system;
        Parent = parent;
        Path = path;
        _strategy = strategy;
    }

    internal ActorSystem System { get; }

    internal string Path { get; }

    internal abstract ActorRef Ref { get; }

    internal CancellationToken Stopping
    {
        get
        {
            lock (_lock)
            {
                return _stopRequested ? new CancellationToken(canceled: true) : (_stopping ??= new CancellationTokenSource()).Token;
            }
        }
    }

    internal Task<Exception?> Termination
    {
        get
        {
            lock (_lock)
            {
                _termination ??= new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_ended)
                {
                    _termination.TrySetResult(_cause);
                }

                return _termination.Task;
            }
        }
    }

    internal List<ActorCell> Children
    {
        get
        {
            lock (_lock)
            {
                return [.. _children.Values.Select(c => c.Cell)];
            }
        }
    }

    private ActorCell? Parent { get; }

    private bool HasWork => Volatile.Read(ref _urgent) > 0 ? _phase == ActorPhase.Running || HasSystemMail() : _phase == ActorPhase.Running && (_drains || HasMail);

    protected abstract bool HasMail { get; }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    internal void Begin() => Post(new SystemMessage(SystemKind.Start));

    internal ActorRef<TChild> Spawn<TChild>(Props<TChild> props, string? name)
    {
        ActorCell<TChild> cell;
        lock (_lock)
        {
            name ??= $"${++_names}";
            if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{name}' cannot name an actor.", nameof(name));
            }

            if (_refusesChildren)
            {
                throw new InvalidOperationException($"{Path}/{name} cannot start: its parent is stopping.");
            }

            cell = new ActorCell<TChild>(System, this, $"{Path}/{name}", props);
            if (!_children.TryAdd(cell.Path, new Child(cell, new RestartHistory())))
            {
                throw new InvalidOperationException($"{cell.Path} exists already.");
            }
        }

        cell.Begin();
        return cell.Self;
    }

    internal void Watch(ActorCell target)
    {
        if (_watching.Add(target) && !target.AddWatcher(this))
        {
            PostSignal(new Signal(null, target));
        }
    }

    internal void Unwatch(ActorCell target)
    {
        if (_watching.Remove(target))
        {
            lock (target._lock)
            {
                target._watchers?.Remove(this);
            }
        }
    }

    internal void RequestStop(bool drain)
    {
        CancellationTokenSource? stopping = null;
        lock (_lock)
        {
            if (_stopRequested || (drain && _drainRequested))
            {
                return;
            }

            if (drain)
            {
                _drainRequested = true;
            }
            else
            {
                _stopRequested = true;
                stopping = _stopping;
            }
        }

        CloseMailbox();
        _ = stopping?.CancelAsync();
        Post(new SystemMessage(drain ? SystemKind.Drain : SystemKind.Stop));
    }

    internal void PostSignal(Signal signal)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _signals.Enqueue(signal);
            _urgent++;
        }

        Schedule();
    }

    protected void Schedule()
    {
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    // The instance's side, on the turn: implemented where the type of the messages is known.
    protected abstract ValueTask StartInstanceAsync();

    protected abstract ValueTask StopInstanceAsync();

    protected abstract void CancelTimers();

    protected abstract bool TryTakeMail();

    protected abstract ValueTask ReceiveTakenAsync();

    protected abstract void ForgetTaken();

    protected abstract void ReportTaken(Exception cause);

    protected abstract ValueTask TellEndedAsync(ActorRef actor, Exception? cause);

    // Thread-safe; returns at once.
    protected abstract void CloseMailbox();

    protected abstract void DiscardMail();

    private void Post(SystemMessage message)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _system.Enqueue(message);
            _urgent++;
        }

        Schedule();
    }

    private bool AddWatcher(ActorCell watcher)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                (_watchers ??= []).Add(watcher);
            }

            return !_ended;
        }
    }

    private bool HasSystemMail()
    {
        lock (_lock)
        {
            return _system.Count > 0;
        }
    }

    private async Task RunAsync()
    {
        for (var i = 0; i < Throughput; i++)
        {
            try
            {
                if (!await StepAsync())
                {
                    break;
                }
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

    private async ValueTask<bool> StepAsync()
    {
        if (Volatile.Read(ref _urgent) > 0)
        {
            if (TryTake(_system, out var message))
            {
                await HandleAsync(message);
                return true;
            }

            if (_phase == ActorPhase.Running && TryTake(_signals, out var signal))
            {
                await DeliverAsync(signal);
                ForgetTaken();
                return true;
            }
        }

        if (_phase != ActorPhase.Running)
        {
            return false;
        }

        if (TryTakeMail())
        {
            await ReceiveTakenAsync();
            ForgetTaken();
            return true;
        }

        if (_drains)
        {
            await BeginStopAsync(null);
            return true;
        }

        return false;
    }

    private bool TryTake<T>(Queue<T> queue, out T? item)
    {
        lock (_lock)
        {
            if (!queue.TryDequeue(out item))
            {
                return false;
            }

            _urgent--;
            return true;
        }
    }

    private ValueTask DeliverAsync(Signal signal)
    {
        if (signal.Timer is { } timer)
        {
            return timer.DeliverAsync();
        }

        return signal.Ended is { } ended && _watching.Remove(ended) ? TellEndedAsync(ended.Ref, ended._cause) : default;
    }

    private ValueTask HandleAsync(SystemMessage message)
    {
        switch (message.Kind)
        {
            case SystemKind.Start:
                return StartAsync();
            case SystemKind.BackoffElapsed:
                return _phase == ActorPhase.BackingOff ? StartAsync() : default;
            case SystemKind.Stop:
                return BeginStopAsync(message.Cause);
            case SystemKind.Drain:
                _drains = true;
                return default;
            case SystemKind.Restart:
                return BeginRestartAsync(message.Delay);
            case SystemKind.Resume:
                Resume();
                return default;
            case SystemKind.ChildFailed:
                Supervise(message);
                return default;
            default:
                return RemoveChildAsync(message.Child!);
        }
    }

    private async ValueTask StartAsync()
    {
        _phase = ActorPhase.Starting;
        lock (_lock)
        {
            _refusesChildren = false;
        }

        await StartInstanceAsync();
        _phase = ActorPhase.Running;
    }

    private void Resume()
    {
        if (_phase != ActorPhase.Failed)
        {
            return;
        }

        _phase = ActorPhase.Running;

        // A child whose failure was escalated waits for the same directive.
        foreach (var child in Children)
        {
            child.Post(new SystemMessage(SystemKind.Resume));
        }
    }

    private void Fail(Exception cause)
    {
        ReportTaken(cause);
        var hadStarted = _phase != ActorPhase.Starting;
        _phase = ActorPhase.Failed;

        // One that is being stopped has no need of a directive: the stop is in its queue.
        if (Parent is not null && !Volatile.Read(ref _stopRequested))
        {
            Parent.Post(new SystemMessage(SystemKind.ChildFailed, this, cause, HadStarted: hadStarted));
        }
    }

    private void Supervise(SystemMessage failure)
    {
        Child? record;
        lock (_lock)
        {
            if (_refusesChildren || !_children.TryGetValue(failure.Child!.Path, out record))
            {
                return;
            }
        }

        var cause = failure.Cause!;
        var directive = _strategy.Decide(cause) switch
        {
            Directive.Resume when !failure.HadStarted => Directive.Restart,
            Directive.Escalate when Parent is null => Directive.Stop,
            var other => other,
        };
        var delay = directive == Directive.Restart ? record.History.Next(_strategy, System.Time.GetUtcNow(), System.NextJitter()) : TimeSpan.Zero;
        directive = delay is null ? Directive.Stop : directive;
        System.EventStream.Publish(new ActorFailed(record.Cell.Path, cause, directive, delay ?? TimeSpan.Zero));
        switch (directive)
        {
            case Directive.Restart:
                record.Cell.Post(new SystemMessage(SystemKind.Restart, Delay: delay ?? TimeSpan.Zero));
                break;
            case Directive.Resume:
                record.Cell.Post(new SystemMessage(SystemKind.Resume));
                break;
            case Directive.Stop:
                record.Cell.Post(new SystemMessage(SystemKind.Stop, Cause: cause));
                break;
            default:
                Fail(cause);
                break;
        }
    }

    private async ValueTask BeginRestartAsync(TimeSpan delay)
    {
        if (_phase is not (ActorPhase.Failed or ActorPhase.Running))
        {
            return;
        }

        _phase = ActorPhase.Restarting;
        _delay = delay;
        CancelTimers();
        if (!StopChildren())
        {
            await FinishRestartAsync();
        }
    }

    private async ValueTask FinishRestartAsync()
    {
        await StopInstanceSafelyAsync();
        if (_delay == TimeSpan.Zero)
        {
            await StartAsync();
            return;
        }

        _phase = ActorPhase.BackingOff;
        _backoff = System.Time.CreateTimer(static cell => ((ActorCell)cell!).Post(new SystemMessage(SystemKind.BackoffElapsed)), this, _delay, Timeout.InfiniteTimeSpan);
    }

    private async ValueTask BeginStopAsync(Exception? cause)
    {
        if (_phase is ActorPhase.Stopping or ActorPhase.Ended)
        {
            return;
        }

        _phase = ActorPhase.Stopping;
        _cause = cause;
        _backoff?.Dispose();
        CloseMailbox();
        CancelTimers();
        if (!StopChildren())
        {
            await FinishStopAsync();
        }
    }

    private async ValueTask FinishStopAsync()
    {
        await StopInstanceSafelyAsync();
        DiscardMail();
        List<ActorCell>? watchers;
        lock (_lock)
        {
            _phase = ActorPhase.Ended;
            _ended = true;
            _system.Clear();
            _signals.Clear();
            _urgent = 0;
            watchers = _watchers;
            _watchers = null;
            _stopping = null;
        }

        foreach (var target in _watching.ToArray())
        {
            Unwatch(target);
        }

        watchers?.ForEach(w => w.PostSignal(new Signal(null, this)));
        Parent?.Post(new SystemMessage(SystemKind.ChildEnded, this));
        _termination?.TrySetResult(_cause);
    }

    // Whether there are any to wait for.
    private bool StopChildren()
    {
        List<ActorCell> children;
        lock (_lock)
        {
            _refusesChildren = true;
            children = [.. _children.Values.Select(c => c.Cell)];
        }

        children.ForEach(c => c.RequestStop(drain: false));
        return children.Count > 0;
    }

    private ValueTask RemoveChildAsync(ActorCell child)
    {
        lock (_lock)
        {
            _children.Remove(child.Path);
            if (_children.Count > 0)
            {
                return default;
            }
        }

        return _phase switch
        {
            ActorPhase.Restarting => FinishRestartAsync(),
            ActorPhase.Stopping => FinishStopAsync(),
            _ => default,
        };
    }

    private async ValueTask StopInstanceSafelyAsync()
    {
        try
        {
            await StopInstanceAsync();
        }
        catch (Exception e)
        {
            System.EventStream.Publish(new ActorFailed(Path, e, Directive.Stop, TimeSpan.Zero));
        }
    }

    private sealed record Child(ActorCell Cell, RestartHistory History);
}
