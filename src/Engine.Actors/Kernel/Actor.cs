namespace Engine.Actors.Kernel;

/// <summary>
/// Receives messages one at a time. Everything below is called on the actor's turn: never two at once, each sees what the one
/// before wrote, none on a fixed thread. A handler that awaits holds the turn until it is done; the mail waits.
/// </summary>
public abstract class Actor<TMessage>
{
    private ActorContext<TMessage>? _context;

    /// <summary>The actor's surroundings; from <see cref="OnStart"/> on, not in the constructor. Only for use on the actor's turn.</summary>
    protected ActorContext<TMessage> Context => _context ?? throw new InvalidOperationException("An actor has no context before OnStart.");

    /// <summary>Receives a message, unless another behaviour was set. What it throws goes to the supervisor, and the message is not received again.</summary>
    protected abstract ValueTask OnReceive(TMessage message);

    /// <summary>Before the first message of each instance. A failure here goes to the supervisor; no mail is lost.</summary>
    protected virtual ValueTask OnStart() => default;

    /// <summary>After the last message of each instance, also of one that failed and is about to be replaced; its children have ended, its timers are cancelled.</summary>
    protected virtual ValueTask OnStop() => default;

    /// <summary>A watched actor has ended; exactly once per watch, also where it had ended before it was watched.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="cause">The failure that ended it; null when it was stopped.</param>
    protected virtual ValueTask OnTerminated(ActorRef actor, Exception? cause) => default;

    internal ValueTask StartAsync(ActorContext<TMessage> context)
    {
        _context = context;
        return OnStart();
    }

    internal ValueTask StopAsync() => OnStop();

    internal ValueTask ReceiveFirstAsync(TMessage message) => OnReceive(message);

    internal ValueTask TellEndedAsync(ActorRef actor, Exception? cause) => OnTerminated(actor, cause);

    internal void CancelTimers() => _context?.CancelTimers();

    // What surrounds every handler of one kind of actor.
    internal virtual ValueTask OnTurn(TMessage message) => Context.Receive(message);
}
