namespace Engine.Actors.Kernel;

/// <summary>Where the answer to one question goes. Thread-safe; the first answer or failure counts, later ones are ignored.</summary>
public sealed class ReplyTo<TReply>
{
    private readonly TaskCompletionSource<TReply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, once it is there.</summary>
    public Task<TReply> Answer => _answer.Task;

    /// <summary>Answers.</summary>
    public void Tell(TReply reply) => _answer.TrySetResult(reply);

    /// <summary>Says that there will be no answer, and why.</summary>
    public void Fail(Exception cause)
    {
        _answer.TrySetException(cause);
        _ = _answer.Task.Exception; // an asker that has given up must not surface as an unobserved exception
    }
}

/// <summary>A message whose sender waits: it learns at once when the message became a dead letter, instead of at its deadline.</summary>
public interface IAwaited
{
    /// <summary>The message will not be answered. Called once at most, on any thread; must not throw.</summary>
    /// <param name="cause">What the handler threw, or an <see cref="UndeliveredException"/>.</param>
    void Abandon(Exception cause);
}

/// <summary>A message that nobody will receive.</summary>
public sealed class UndeliveredException(string path, DeadLetterReason reason)
    : Exception($"The message to {path} was not received: {(reason == DeadLetterReason.MailboxFull ? "its mailbox is full" : "it has ended")}.")
{
    /// <summary>Why.</summary>
    public DeadLetterReason Reason { get; } = reason;
}
