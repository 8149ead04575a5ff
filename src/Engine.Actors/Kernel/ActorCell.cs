using System.Diagnostics.CodeAnalysis;

namespace Engine.Actors.Kernel;

/// <summary>The life of an actor across its instances: started, failed, supervised, restarted, stopped.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and its token may be looked at after the actor's end.")]
internal abstract class ActorCell : ActorTurn
{
    private const int AskedToDrain = 1;
    private const int AskedToStop = 2;

    private readonly CancellationTokenSource _stopping = new();
    private int _asked;
    private readonly ActorChildren _children;

    // Belongs to the turn, from here to _cause; only _drains is also read outside it.
    private readonly HashSet<ActorCell> _watching = [];
    private volatile bool _drains;
    private ITimer? _backoff;
    private TimeSpan _delay;
    private bool _isStarted;
    private Exception? _cause;

    protected ActorCell(ActorSystem system, ActorCell? parent, string path, SupervisorStrategy strategy)
    {
        System = system;
        Parent = parent;
        Path = path;
        _children = new ActorChildren(this, strategy);
    }

    internal ActorSystem System { get; }

    internal ActorCell? Parent { get; }

    internal string Path { get; }

    internal abstract ActorRef Ref { get; }

    internal ActorEnd End { get; } = new();

    internal List<ActorCell> Children => _children.All;

    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>The mailbox is closed, and the actor stops once it is empty.</summary>
    protected bool Drains => _drains;

    internal void Begin() => Post(new SystemMessage(SystemKind.Start));

    internal ActorRef<TChild> Spawn<TChild>(Props<TChild> props, string? name)
    {
        var cell = _children.Add(props, name);
        cell.Begin();
        return cell.Self;
    }

    internal void Watch(ActorCell target)
    {
        if (_watching.Add(target) && !target.End.TryAdd(this))
        {
            PostEnded(target);
        }
    }

    internal void Unwatch(ActorCell target)
    {
        if (_watching.Remove(target))
        {
            target.End.Remove(this);
        }
    }

    internal void PostEnded(ActorCell target) =>
        PostSignal(() => _watching.Remove(target) ? TellEndedAsync(target.Ref, target.End.Cause) : default);

    // Once for each kind; nothing is asked after a stop at once.
    internal void RequestStop(bool drain)
    {
        if (drain ? Interlocked.CompareExchange(ref _asked, AskedToDrain, 0) == 0 : Interlocked.Exchange(ref _asked, AskedToStop) != AskedToStop)
        {
            _ = drain ? null : _stopping.CancelAsync();
            CloseMailbox();
            Post(new SystemMessage(drain ? SystemKind.Drain : SystemKind.Stop));
        }
    }

    // The instance's side, on the turn: implemented where the type of the messages is known.
    protected abstract ValueTask StartInstanceAsync();

    protected abstract ValueTask StopInstanceAsync();

    protected abstract void CancelTimers();

    protected abstract void ReportTaken(Exception cause);

    protected abstract ValueTask TellEndedAsync(ActorRef actor, Exception? cause);

    protected abstract void DiscardMail();

    // Thread-safe.
    protected abstract void CloseMailbox();

    protected override ValueTask HandleAsync(SystemMessage message)
    {
        switch (message.Kind)
        {
            case SystemKind.Start:
                return StartAsync();
            case SystemKind.BackoffElapsed:
                return Phase == ActorPhase.BackingOff ? StartAsync() : default;
            case SystemKind.Stop:
                return BeginStopAsync(message.Cause);
            case SystemKind.Restart:
                return BeginRestartAsync(message.Delay);
            case SystemKind.ChildEnded:
                return GoOnWithoutChildrenAsync();
            case SystemKind.Drain:
                _drains = true;
                return default;
            case SystemKind.Resume:
                Resume();
                return default;
            default:
                if (_children.Supervise(message) is { } escalated)
                {
                    Fail(escalated);
                }

                return default;
        }
    }

    protected override void Fail(Exception cause)
    {
        ReportTaken(cause);
        Phase = ActorPhase.Failed;

        // One that is being stopped needs no directive: the stop is in its queue.
        if (Volatile.Read(ref _asked) != AskedToStop)
        {
            Parent?.Post(new SystemMessage(SystemKind.ChildFailed, this, cause, HadStarted: _isStarted));
        }
    }

    protected async ValueTask BeginStopAsync(Exception? cause)
    {
        if (Phase is ActorPhase.Stopping or ActorPhase.Ended)
        {
            return;
        }

        Phase = ActorPhase.Stopping;
        _cause = cause;
        _backoff?.Dispose();
        CloseMailbox();
        CancelTimers();
        if (!_children.StopAll())
        {
            await FinishStopAsync();
        }
    }

    private async ValueTask StartAsync()
    {
        Phase = ActorPhase.Starting;
        _isStarted = false;
        _children.Accept();
        await StartInstanceAsync();
        _isStarted = true;
        Phase = ActorPhase.Running;
    }

    private void Resume()
    {
        if (Phase == ActorPhase.Failed)
        {
            Phase = ActorPhase.Running;

            // A child whose failure was escalated waits for the same directive.
            Children.ForEach(c => c.Post(new SystemMessage(SystemKind.Resume)));
        }
    }

    private async ValueTask BeginRestartAsync(TimeSpan delay)
    {
        if (Phase is ActorPhase.Failed or ActorPhase.Running)
        {
            Phase = ActorPhase.Restarting;
            _delay = delay;
            CancelTimers();
            if (!_children.StopAll())
            {
                await FinishRestartAsync();
            }
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

        Phase = ActorPhase.BackingOff;
        _backoff = System.Time.CreateTimer(static cell => ((ActorCell)cell!).Post(new SystemMessage(SystemKind.BackoffElapsed)), this, _delay, Timeout.InfiniteTimeSpan);
    }

    private async ValueTask FinishStopAsync()
    {
        await StopInstanceSafelyAsync();
        DiscardMail();
        Phase = ActorPhase.Ended;
        foreach (var target in _watching)
        {
            target.End.Remove(this);
        }

        _watching.Clear();

        // In this order: who awaits the end finds the name free.
        Parent?._children.Remove(this);
        End.Reach(this, _cause);
        Parent?.Post(new SystemMessage(SystemKind.ChildEnded));
    }

    private ValueTask GoOnWithoutChildrenAsync() => Phase switch
    {
        ActorPhase.Restarting when Children.Count == 0 => FinishRestartAsync(),
        ActorPhase.Stopping when Children.Count == 0 => FinishStopAsync(),
        _ => default,
    };

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
}
