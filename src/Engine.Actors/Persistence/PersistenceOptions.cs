using Engine.Actors.Kernel;

namespace Engine.Actors.Persistence;

/// <summary>How a persistent actor recovers and saves.</summary>
public sealed record PersistenceOptions
{
    /// <summary>A snapshot every hundred events, ten seconds to recover.</summary>
    public static PersistenceOptions Default { get; } = new();

    /// <summary>Events after which a snapshot is saved; at least 1.</summary>
    public int SnapshotEvery { get; init; } = 100;

    /// <summary>How long reading the history may take.</summary>
    public TimeSpan RecoveryDeadline { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A history that cannot be read back. The supervisor decides; the journal is left as it is.</summary>
public sealed class RecoveryException(string persistenceId, long sequenceNumber, string what, Exception? cause = null)
    : Exception($"{persistenceId} cannot recover at entry {sequenceNumber}: {what}", cause)
{
    /// <summary>Whose history.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>The entry, or the last one of the snapshot, at which it failed.</summary>
    public long SequenceNumber { get; } = sequenceNumber;
}

/// <summary>A snapshot that could not be saved; nothing is lost, the next one is tried later. Published on the <see cref="EventStream"/>.</summary>
/// <param name="PersistenceId">Whose.</param>
/// <param name="SequenceNumber">The last entry it would have included.</param>
/// <param name="Cause">What the journal or the format threw.</param>
public sealed record SnapshotFailed(string PersistenceId, long SequenceNumber, Exception Cause);
