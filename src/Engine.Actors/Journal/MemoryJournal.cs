using System.Runtime.CompilerServices;

namespace Engine.Actors.Journal;

/// <summary>A journal that lives and dies with its process: for tests, and for an engine that is told to remember nothing. Thread-safe.</summary>
public sealed class MemoryJournal : IJournal
{
    private readonly Lock _lock = new();

    // Guarded by _lock, both.
    private readonly SortedDictionary<string, History> _histories = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>An empty journal.</summary>
    /// <param name="time">Says when the journal began to write, which is now.</param>
    public MemoryJournal(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Health = new JournalHealth(IsWriting: true, time.GetUtcNow(), Fault: null, Deferred: 0, Dropped: 0);
    }

    /// <summary>Always writing.</summary>
    public JournalHealth Health { get; }

    /// <inheritdoc/>
    public ValueTask<Durability> AppendAsync(string persistenceId, long expectedSequenceNumber, IReadOnlyList<NewEntry> entries)
    {
        JournalRules.CheckAppend(persistenceId, expectedSequenceNumber, entries);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var head = _histories.GetValueOrDefault(persistenceId)?.Head ?? 0;
            if (head != expectedSequenceNumber)
            {
                return ValueTask.FromException<Durability>(new JournalConflictException(persistenceId, expectedSequenceNumber, head));
            }

            var history = HistoryOf_NeedsLock(persistenceId);
            foreach (var entry in entries)
            {
                history.Head++;
                history.Entries.Add(new JournalEntry(persistenceId, history.Head, entry.Manifest, entry.Payload, entry.At));
            }
        }

        return ValueTask.FromResult(Durability.Durable);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalEntry> ReadAsync(
        string persistenceId, long fromSequenceNumber, [EnumeratorCancellation] CancellationToken cancellation)
    {
        JournalEntry[] found;
        lock (_lock)
        {
            found = _histories.TryGetValue(persistenceId, out var history)
                ? [.. history.Entries.Where(e => e.SequenceNumber >= fromSequenceNumber)]
                : [];
        }

        await ValueTask.CompletedTask;
        foreach (var entry in found)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoredSnapshot?> ReadSnapshotAsync(string persistenceId, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(_histories.GetValueOrDefault(persistenceId)?.Snapshot);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Durability> SaveSnapshotAsync(StoredSnapshot snapshot)
    {
        JournalRules.CheckSnapshot(snapshot);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var history = HistoryOf_NeedsLock(snapshot.PersistenceId);
            if (history.Snapshot is null || history.Snapshot.SequenceNumber <= snapshot.SequenceNumber)
            {
                history.Snapshot = snapshot;
                history.Head = Math.Max(history.Head, snapshot.SequenceNumber);
            }
        }

        return ValueTask.FromResult(Durability.Durable);
    }

    /// <inheritdoc/>
    public ValueTask<long> CompactAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        long deleted = 0;
        lock (_lock)
        {
            foreach (var history in _histories.Values.Where(h => h.Snapshot is not null && h.Entries.Count > 0))
            {
                var last = history.Entries[^1].SequenceNumber;
                deleted += history.Entries.RemoveAll(e =>
                    e.At < before && e.SequenceNumber <= history.Snapshot!.SequenceNumber && e.SequenceNumber < last);
            }
        }

        return ValueTask.FromResult(deleted);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> PersistenceIdsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string[] ids;
        lock (_lock)
        {
            ids = [.. _histories.Keys];
        }

        await ValueTask.CompletedTask;
        foreach (var id in ids)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return id;
        }
    }

    /// <summary>Takes no more entries; what is there can still be read.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _closed = true;
        }

        return ValueTask.CompletedTask;
    }

    private History HistoryOf_NeedsLock(string persistenceId)
    {
        if (!_histories.TryGetValue(persistenceId, out var history))
        {
            history = new History();
            _histories.Add(persistenceId, history);
        }

        return history;
    }

    private sealed class History
    {
        internal List<JournalEntry> Entries { get; } = [];

        internal StoredSnapshot? Snapshot { get; set; }

        internal long Head { get; set; }
    }
}
