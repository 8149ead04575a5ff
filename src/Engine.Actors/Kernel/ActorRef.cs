namespace Engine.Actors.Kernel;

/// <summary>The address of an actor, whatever its messages are. Thread-safe; equal only to itself; stays valid after the actor's end.</summary>
public abstract class ActorRef
{
    private protected ActorRef(ActorCell cell) => Cell = cell;

    /// <summary>The names from the root down: <c>/accounts/anthropic-1</c>.</summary>
    public string Path => Cell.Path;

    /// <summary>Completes when the actor has ended: with null when it was stopped, with the failure that ended it otherwise. Never faults.</summary>
    public Task<Exception?> Termination => Cell.End.Termination;

    internal ActorCell Cell { get; }

    /// <summary>
    /// Stops the actor: its children first, then itself after the message at hand. Mail that it has not read goes to the dead
    /// letters, or is worked off first when <paramref name="drain"/> is set; new mail is refused from now on.
    /// </summary>
    /// <param name="drain">Work off the waiting mail first.</param>
    public void Stop(bool drain = false) => Cell.RequestStop(drain);

    /// <summary><see cref="Stop"/>, then waits for the end.</summary>
    /// <returns>False when the actor had not ended at the deadline; it still stops later.</returns>
    public async ValueTask<bool> StopAsync(TimeSpan deadline, bool drain = false)
    {
        Stop(drain);
        try
        {
            await Termination.WaitAsync(deadline, Cell.System.Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>The address of an actor that takes <typeparamref name="TMessage"/>.</summary>
public sealed class ActorRef<TMessage> : ActorRef
{
    private readonly ActorCell<TMessage> _cell;

    internal ActorRef(ActorCell<TMessage> cell)
        : base(cell) => _cell = cell;

    /// <summary>
    /// Puts a message into the mailbox, never waits, allocates nothing. Messages of one sender are received in the order they were told.
    /// </summary>
    /// <returns>False when the message went to the dead letters: the actor has ended, or its mailbox is full under <see cref="MailboxPolicy.Backpressure"/>.</returns>
    public bool Tell(TMessage message) => _cell.Deliver(message) is null;

    /// <summary>As <see cref="Tell"/>, but waits for room in a full mailbox under <see cref="MailboxPolicy.Backpressure"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Gives up; must have a deadline.</param>
    /// <returns>False when the actor has ended.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before there was room; the message was not delivered.</exception>
    public ValueTask<bool> TellAsync(TMessage message, CancellationToken cancellation) => _cell.DeliverAsync(message, cancellation);

    /// <summary>Sends a question and waits for its answer.</summary>
    /// <param name="question">Makes the message; it carries the given address for the answer.</param>
    /// <param name="deadline">How long to wait for room in the mailbox and for the answer together, by the system's clock.</param>
    /// <param name="cancellation">Gives up earlier.</param>
    /// <exception cref="TimeoutException">No answer by the deadline. The actor may still act on the question.</exception>
    /// <exception cref="UndeliveredException">The question went to the dead letters (at once only where the message is <see cref="IAwaited"/> or was never accepted).</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<TReply> AskAsync<TReply>(Func<ReplyTo<TReply>, TMessage> question, TimeSpan deadline, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var reply = new ReplyTo<TReply>();
        using var timeout = new CancellationTokenSource(deadline, Cell.System.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            if (!await _cell.DeliverAsync(question(reply), either.Token))
            {
                throw new UndeliveredException(Path, DeadLetterReason.Stopped);
            }

            return await reply.Answer.WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested && e.CancellationToken == either.Token)
        {
            throw new TimeoutException($"{Path} did not answer within {deadline}.", e);
        }
    }
}
