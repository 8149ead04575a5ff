namespace Engine.Actors.Journal;

/// <summary>Something to write, on its way to the writer's thread.</summary>
internal abstract class JournalWork
{
    private readonly TaskCompletionSource<Durability> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal abstract string PersistenceId { get; }

    /// <summary>When it was handed over, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
    internal required long HandedOver { get; init; }

    internal Task<Durability> Written => _written.Task;

    internal void Complete(Durability durability) => _written.TrySetResult(durability);

    internal void Fail(Exception exception) => _written.TrySetException(exception);
}

/// <summary>Entries of one id that are written together or not at all.</summary>
internal sealed class AppendWork(string persistenceId, long expected, IReadOnlyList<NewEntry> entries) : JournalWork
{
    internal override string PersistenceId => persistenceId;

    internal long Expected => expected;

    internal long Last => expected + entries.Count;

    internal IReadOnlyList<NewEntry> Entries => entries;

    internal long Bytes { get; } = entries.Sum(e => (long)e.Payload.Length);

    /// <summary>The disk could not say how the history ends when this was accepted: it is asked at the time of the write.</summary>
    internal bool IsHeadAssumed { get; set; }
}

/// <summary>A snapshot to be saved.</summary>
internal sealed class SnapshotWork(StoredSnapshot snapshot) : JournalWork
{
    internal override string PersistenceId => snapshot.PersistenceId;

    internal StoredSnapshot Snapshot => snapshot;
}

/// <summary>One short step of a compaction, so that appends can go between two steps.</summary>
internal sealed class CompactionStep(DateTimeOffset before, long after) : JournalWork
{
    internal override string PersistenceId => "";

    internal DateTimeOffset Before => before;

    /// <summary>Entries up to this ordering have been looked at.</summary>
    internal long After => after;

    /// <summary>Set before completion.</summary>
    internal int Deleted { get; set; }

    /// <summary>Set before completion: where the next step starts; null when nothing is left.</summary>
    internal long? Next { get; set; }
}
