namespace Engine.Actors.Kernel;

/// <summary>What a full mailbox does.</summary>
public enum MailboxPolicy
{
    /// <summary><see cref="ActorRef{TMessage}.Tell"/> refuses (false, dead letter); <see cref="ActorRef{TMessage}.TellAsync"/> waits.</summary>
    Backpressure,

    /// <summary>The oldest waiting message makes room and becomes a dead letter.</summary>
    DropOldest,

    /// <summary>The arriving message becomes a dead letter; the sender is not told.</summary>
    DropNewest,
}

/// <summary>How an actor is made. Immutable; may be used for any number of actors.</summary>
/// <param name="Factory">Makes an instance: at the start and at each restart, on the actor's own turn. Must give a new one each time.</param>
public sealed record Props<TMessage>(Func<Actor<TMessage>> Factory)
{
    /// <summary>Messages that may wait; at least 1.</summary>
    public int MailboxCapacity { get; init; } = 1024;

    /// <summary>What happens to a message that finds the mailbox full.</summary>
    public MailboxPolicy MailboxPolicy { get; init; }

    /// <summary>What the actor does about failures of its children.</summary>
    public SupervisorStrategy SupervisorStrategy { get; init; } = SupervisorStrategy.Default;
}
