namespace Engine.Actors.Kernel;

/// <summary>What one instance of an actor can do besides receiving. Only for use on that actor's turn, but <see cref="Self"/> may be passed around.</summary>
public sealed class ActorContext<TMessage>
{
    private const int DeepestStack = 16;

    private readonly ActorCell<TMessage> _cell;
    private readonly Actor<TMessage> _actor;
    private readonly ActorTimers<TMessage> _timers;
    private readonly Stack<Func<TMessage, ValueTask>> _behaviours = new(1);

    internal ActorContext(ActorCell<TMessage> cell, Actor<TMessage> actor)
    {
        _cell = cell;
        _actor = actor;
        _behaviours.Push(actor.ReceiveFirstAsync);
        _timers = new ActorTimers<TMessage>(cell);
    }

    /// <summary>The actor's own address; the same for all its instances.</summary>
    public ActorRef<TMessage> Self => _cell.Self;

    /// <summary>Where the actor lives.</summary>
    public ActorSystem System => _cell.System;

    /// <summary>Timers of this instance; they end with it.</summary>
    public ITimers<TMessage> Timers => _timers;

    /// <summary>Cancelled as soon as the actor is to stop, so that a handler that awaits can end early.</summary>
    public CancellationToken Stopping => _cell.Stopping;

    /// <summary>The children that have not ended.</summary>
    public IReadOnlyList<ActorRef> Children => _cell.Children.ConvertAll(c => c.Ref);

    /// <summary>Starts a child, supervised by this actor's strategy.</summary>
    /// <param name="props">How it is made.</param>
    /// <param name="name">Unique among the children; null for a generated one.</param>
    /// <exception cref="InvalidOperationException">The name is taken, or this actor is stopping.</exception>
    public ActorRef<TChild> Spawn<TChild>(Props<TChild> props, string? name = null) => _cell.Spawn(props, name);

    /// <summary>Asks for <see cref="Actor{TMessage}.OnTerminated"/> when <paramref name="actor"/> ends. Survives restarts of this actor. Watching twice is watching once.</summary>
    public void Watch(ActorRef actor) => _cell.Watch(actor.Cell);

    /// <summary>Takes <see cref="Watch"/> back; no <see cref="Actor{TMessage}.OnTerminated"/> comes after it.</summary>
    public void Unwatch(ActorRef actor) => _cell.Unwatch(actor.Cell);

    /// <summary>Replaces the present behaviour.</summary>
    public void Become(Func<TMessage, ValueTask> behaviour)
    {
        _behaviours.Pop();
        _behaviours.Push(behaviour);
    }

    /// <summary>Puts a behaviour on top of the present one, until <see cref="Unbecome"/>.</summary>
    /// <exception cref="InvalidOperationException">Sixteen are stacked already.</exception>
    public void BecomeStacked(Func<TMessage, ValueTask> behaviour)
    {
        if (_behaviours.Count == DeepestStack)
        {
            throw new InvalidOperationException($"{Self} has stacked {DeepestStack} behaviours without taking one back.");
        }

        _behaviours.Push(behaviour);
    }

    /// <summary>Goes back to the behaviour below, and from a replaced first one back to <see cref="Actor{TMessage}.OnReceive"/>.</summary>
    public void Unbecome()
    {
        _behaviours.Pop();
        if (_behaviours.Count == 0)
        {
            _behaviours.Push(_actor.ReceiveFirstAsync);
        }
    }

    /// <summary>Stops this actor after the message at hand; the other mail becomes dead letters.</summary>
    public void Stop() => Self.Stop();

    internal void CancelTimers() => _timers.CancelAll();

    internal ValueTask Receive(TMessage message) => _behaviours.Peek()(message);
}
