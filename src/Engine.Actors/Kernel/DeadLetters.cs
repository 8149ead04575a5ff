namespace Engine.Actors.Kernel;

/// <summary>Why a message was not received, or not received well.</summary>
public enum DeadLetterReason
{
    /// <summary>The actor has ended.</summary>
    Stopped,

    /// <summary>No room, by the mailbox's policy.</summary>
    MailboxFull,

    /// <summary>Its handler threw: it will not be received again.</summary>
    Poison,
}

/// <summary>A message that ended without effect. Published on the <see cref="EventStream"/>.</summary>
/// <param name="Recipient">The path of the actor it was meant for.</param>
/// <param name="Message">The message.</param>
/// <param name="Reason">Why.</param>
/// <param name="Cause">What the handler threw; null unless poison.</param>
public sealed record DeadLetter(string Recipient, object? Message, DeadLetterReason Reason, Exception? Cause);

/// <summary>Counts the dead letters of a system and publishes them. Thread-safe.</summary>
public sealed class DeadLetters
{
    private readonly EventStream _events;
    private readonly long[] _counts = new long[3];

    internal DeadLetters(EventStream events) => _events = events;

    /// <summary>All since the start.</summary>
    public long Count => CountOf(DeadLetterReason.Stopped) + CountOf(DeadLetterReason.MailboxFull) + CountOf(DeadLetterReason.Poison);

    /// <summary>Those of one reason since the start.</summary>
    public long CountOf(DeadLetterReason reason) => Interlocked.Read(ref _counts[(int)reason]);

    // Boxes the message only where somebody listens or waits for it.
    internal void Report<TMessage>(string recipient, TMessage message, DeadLetterReason reason, Exception? cause)
    {
        Interlocked.Increment(ref _counts[(int)reason]);
        if (message is IAwaited awaited)
        {
            awaited.Abandon(cause ?? new UndeliveredException(recipient, reason));
        }

        if (_events.HasSubscribers<DeadLetter>())
        {
            _events.Publish(new DeadLetter(recipient, message, reason, cause));
        }
    }
}
