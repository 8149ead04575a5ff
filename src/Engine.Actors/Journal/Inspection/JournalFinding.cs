namespace Engine.Actors.Journal.Inspection;

/// <summary>What kind of thing an examination of a journal has found.</summary>
public enum JournalFindingKind
{
    /// <summary>The database says of itself that it is damaged, or cannot be read.</summary>
    Damaged,

    /// <summary>Entries are missing that no snapshot covers: this history cannot be recovered in full.</summary>
    Gap,

    /// <summary>Entries are missing below the latest snapshot: they found no room while the disk took nothing. The state is whole.</summary>
    CoveredGap,

    /// <summary>The latest snapshot goes beyond the last entry: the entries up to it found no room, or somebody deleted them.</summary>
    SnapshotAhead,

    /// <summary>An entry or a snapshot has a manifest this engine does not know: a newer engine wrote it.</summary>
    UnknownManifest,

    /// <summary>A payload cannot be decoded.</summary>
    Undecodable,
}

/// <summary>Something an operator should know about a journal.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="PersistenceId">Whose history; null when it concerns the whole database.</param>
/// <param name="SequenceNumber">Where: the entry, the first missing entry or the snapshot; 0 when it concerns the whole database.</param>
/// <param name="Detail">In words.</param>
public sealed record JournalFinding(JournalFindingKind Kind, string? PersistenceId, long SequenceNumber, string Detail)
{
    /// <summary>Whether state is lost or in danger; false for what is only worth knowing.</summary>
    public bool IsHarmful => Kind is not (JournalFindingKind.CoveredGap or JournalFindingKind.SnapshotAhead);
}
