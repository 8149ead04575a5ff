namespace Engine.Actors.Journal;

/// <summary>What became of an append.</summary>
public enum Durability
{
    /// <summary>On disk: neither the end of the process nor a power cut takes it away.</summary>
    Durable,

    /// <summary>Kept in memory because the disk does not take it now; written as soon as it does.</summary>
    Deferred,
}

/// <summary>Whether a journal writes.</summary>
/// <param name="IsWriting">False while entries are only kept in memory.</param>
/// <param name="Since">When the present condition began.</param>
/// <param name="Fault">Why it does not write, for an operator; null while it does.</param>
/// <param name="Deferred">Entries in memory that wait for the disk.</param>
/// <param name="Dropped">Entries that found no room in memory, since the start. The next snapshot of their owner makes up for them.</param>
public sealed record JournalHealth(bool IsWriting, DateTimeOffset Since, string? Fault, int Deferred, long Dropped);

/// <summary>Two writers of one history: the sequence number is not the expected one.</summary>
public sealed class JournalConflictException : Exception
{
    /// <summary>Names the history and both numbers.</summary>
    public JournalConflictException(string persistenceId, long expected, long found)
        : base($"The history of {persistenceId} ends with {found}, not with {expected}: somebody else has written to it.")
    {
    }
}
