namespace Engine.Actors.Journal;

/// <summary>
/// Where the history of persistent actors is kept. Thread-safe. Every call may be made from an actor: none of them blocks a
/// thread; what is slow happens on the journal's own.
/// </summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Whether the journal takes entries at this moment, and since when not.</summary>
    JournalHealth Health { get; }

    /// <summary>
    /// Appends entries of one persistence id as one atomic write. Appends of one id are written in the order of the calls;
    /// appends of several ids share a commit.
    /// </summary>
    /// <param name="persistenceId">Whose history; at most 255 characters.</param>
    /// <param name="expectedSequenceNumber">The sequence number the last entry of this id has; 0 when it has none. The new entries get the numbers after it.</param>
    /// <param name="entries">What happened, in order; at least one. The journal copies nothing: payloads must not change afterwards.</param>
    /// <returns>When the entries are in the journal, or accepted by a journal whose disk does not take them now.</returns>
    /// <exception cref="JournalConflictException">The last entry has another sequence number: somebody else writes this history.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    ValueTask<Durability> AppendAsync(string persistenceId, long expectedSequenceNumber, IReadOnlyList<NewEntry> entries);

    /// <summary>The entries of an id in order, also those that are not on disk yet.</summary>
    /// <param name="persistenceId">Whose history.</param>
    /// <param name="fromSequenceNumber">The first one wanted; 1 for all.</param>
    /// <param name="cancellation">Gives up.</param>
    IAsyncEnumerable<JournalEntry> ReadAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellation);

    /// <summary>The latest snapshot of an id; null when it has none.</summary>
    ValueTask<StoredSnapshot?> ReadSnapshotAsync(string persistenceId, CancellationToken cancellation);

    /// <summary>
    /// Saves a snapshot and forgets older ones of the same id. Entries that it covers stay until <see cref="CompactAsync"/>.
    /// </summary>
    ValueTask<Durability> SaveSnapshotAsync(StoredSnapshot snapshot);

    /// <summary>
    /// Deletes entries that are older than <paramref name="before"/> and covered by a snapshot; never the last entry of an id.
    /// </summary>
    /// <returns>How many were deleted.</returns>
    ValueTask<long> CompactAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>All ids that have entries or a snapshot, in ordinal order.</summary>
    IAsyncEnumerable<string> PersistenceIdsAsync(CancellationToken cancellation);
}
