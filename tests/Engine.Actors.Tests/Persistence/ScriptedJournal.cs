using System.Runtime.CompilerServices;
using Engine.Actors.Journal;

namespace Engine.Actors.Tests.Persistence;

/// <summary>A journal in memory whose next appends a test can hold, fail or let fail after they were written.</summary>
internal sealed class ScriptedJournal : IJournal
{
    private readonly Lock _lock = new();

    // Guarded by _lock, both.
    private readonly List<JournalEntry> _entries = [];
    private StoredSnapshot? _snapshot;

    public JournalHealth Health => new(true, DateTimeOffset.UnixEpoch, null, 0, 0);

    /// <summary>What an append does before it is written.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>What an append does between the write and its answer.</summary>
    public Func<Task<Durability>> After { get; set; } = () => Task.FromResult(Durability.Durable);

    public Func<Task> BeforeSnapshot { get; set; } = () => Task.CompletedTask;

    public Func<CancellationToken, Task> BeforeRead { get; set; } = _ => Task.CompletedTask;

    public StoredSnapshot? Snapshot
    {
        get
        {
            lock (_lock)
            {
                return _snapshot;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    public async ValueTask<Durability> AppendAsync(string persistenceId, long expectedSequenceNumber, IReadOnlyList<NewEntry> entries)
    {
        await Before();
        lock (_lock)
        {
            var last = _entries.Count == 0 ? _snapshot?.SequenceNumber ?? 0 : _entries[^1].SequenceNumber;
            if (last != expectedSequenceNumber)
            {
                throw new JournalConflictException(persistenceId, expectedSequenceNumber, last);
            }

            _entries.AddRange(entries.Select(e => new JournalEntry(persistenceId, ++last, e.Manifest, e.Payload, e.At)));
        }

        return await After();
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(string persistenceId, long fromSequenceNumber, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<JournalEntry> all;
        lock (_lock)
        {
            all = [.. _entries.Where(e => e.SequenceNumber >= fromSequenceNumber)];
        }

        foreach (var entry in all)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    public async ValueTask<StoredSnapshot?> ReadSnapshotAsync(string persistenceId, CancellationToken cancellation)
    {
        await BeforeRead(cancellation);
        return Snapshot;
    }

    public async ValueTask<Durability> SaveSnapshotAsync(StoredSnapshot snapshot)
    {
        await BeforeSnapshot();
        lock (_lock)
        {
            _snapshot = snapshot;
        }

        return Durability.Durable;
    }

    public ValueTask<long> CompactAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return new(_entries.RemoveAll(e => e.SequenceNumber <= (_snapshot?.SequenceNumber ?? 0)));
        }
    }

    public void Drop(long sequenceNumber)
    {
        lock (_lock)
        {
            _entries.RemoveAll(e => e.SequenceNumber == sequenceNumber);
        }
    }

    public void ForgetSnapshot()
    {
        lock (_lock)
        {
            _snapshot = null;
        }
    }

    public async IAsyncEnumerable<string> PersistenceIdsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask DisposeAsync() => default;
}
