namespace Engine.Actors.Journal;

/// <summary>
/// What a journal keeps while its disk takes nothing, in the order of arrival and within bounds. Thread-safe: the writer's thread
/// changes it, readers look into it.
/// <para>
/// When it is full, entries go that a snapshot waiting here covers: their state is safe, only their story is lost. If that makes no
/// room, the new append is dropped and the history of its id is <em>cut</em>: so that no gap comes about, later entries are dropped
/// as well until its owner saves a snapshot of everything that was dropped. From there the history goes on.
/// </para>
/// </summary>
internal sealed class JournalBacklog(int mostEntries, long mostBytes)
{
    private readonly Lock _lock = new();

    // Guarded by _lock, all of them.
    private readonly LinkedList<JournalWork> _works = new();
    private readonly Dictionary<string, long> _cut = new(StringComparer.Ordinal);
    private int _entries;
    private long _bytes;
    private long _dropped;

    /// <summary>Entries that wait.</summary>
    internal int Entries
    {
        get
        {
            lock (_lock)
            {
                return _entries;
            }
        }
    }

    /// <summary>Entries that found no room, since the start.</summary>
    internal long Dropped
    {
        get
        {
            lock (_lock)
            {
                return _dropped;
            }
        }
    }

    /// <summary>Whether entries of the id cannot be written until its owner saves a snapshot.</summary>
    internal bool IsCut(string persistenceId)
    {
        lock (_lock)
        {
            return _cut.ContainsKey(persistenceId);
        }
    }

    internal string[] CutIds()
    {
        lock (_lock)
        {
            return [.. _cut.Keys];
        }
    }

    /// <summary>A snapshot of everything that was dropped mends a cut history.</summary>
    internal void Mend(StoredSnapshot snapshot)
    {
        lock (_lock)
        {
            if (_cut.TryGetValue(snapshot.PersistenceId, out var upTo) && snapshot.SequenceNumber >= upTo)
            {
                _cut.Remove(snapshot.PersistenceId);
            }
        }
    }

    /// <summary>Keeps a snapshot instead of older ones of its id. There are never more of them than ids.</summary>
    internal void Add(SnapshotWork work)
    {
        lock (_lock)
        {
            for (var node = _works.First; node is not null; node = node.Next)
            {
                if (node.Value is SnapshotWork older && older.PersistenceId == work.PersistenceId)
                {
                    if (older.Snapshot.SequenceNumber > work.Snapshot.SequenceNumber)
                    {
                        return;
                    }

                    _works.Remove(node);
                    break;
                }
            }

            _works.AddLast(work);
        }
    }

    /// <summary>Keeps entries, or drops them when there is no room.</summary>
    /// <returns>The ids that make room or mend their history by saving a snapshot; empty while there is room.</returns>
    internal IReadOnlyList<string> Add(AppendWork work)
    {
        lock (_lock)
        {
            var isCut = _cut.ContainsKey(work.PersistenceId);
            if (!isCut && !Fits_NeedsLock(work))
            {
                DropCovered_NeedsLock();
            }

            if (!isCut && Fits_NeedsLock(work))
            {
                _works.AddLast(work);
                _entries += work.Entries.Count;
                _bytes += work.Bytes;
                return [];
            }

            _dropped += work.Entries.Count;
            _cut[work.PersistenceId] = work.Last;
            var oldest = _works.OfType<AppendWork>().FirstOrDefault()?.PersistenceId;
            return isCut ? [] : oldest is null || oldest == work.PersistenceId ? [work.PersistenceId] : [work.PersistenceId, oldest];
        }
    }

    /// <summary>The oldest works, at most <paramref name="most"/>; they stay until <see cref="Remove"/>.</summary>
    internal List<JournalWork> Peek(int most)
    {
        lock (_lock)
        {
            return [.. _works.Take(most)];
        }
    }

    /// <summary>Forgets works that are on disk now.</summary>
    internal void Remove(IReadOnlyList<JournalWork> written)
    {
        lock (_lock)
        {
            foreach (var work in written)
            {
                // Works leave in the order in which Peek gave them.
                if (ReferenceEquals(_works.First?.Value, work))
                {
                    Remove_NeedsLock(_works.First!);
                }
            }
        }
    }

    /// <summary>Drops everything of an id that somebody else has written to: none of it fits its history any more.</summary>
    internal void DropAll(string persistenceId)
    {
        lock (_lock)
        {
            DropWhere_NeedsLock(w => w.PersistenceId == persistenceId);
        }
    }

    internal List<JournalEntry> EntriesOf(string persistenceId, long from)
    {
        lock (_lock)
        {
            var found = new List<JournalEntry>();
            foreach (var work in _works.OfType<AppendWork>().Where(w => w.PersistenceId == persistenceId && w.Last >= from))
            {
                var number = work.Expected;
                foreach (var entry in work.Entries)
                {
                    number++;
                    if (number >= from)
                    {
                        found.Add(new JournalEntry(persistenceId, number, entry.Manifest, entry.Payload, entry.At));
                    }
                }
            }

            return found;
        }
    }

    internal StoredSnapshot? SnapshotOf(string persistenceId)
    {
        lock (_lock)
        {
            return _works.OfType<SnapshotWork>().FirstOrDefault(w => w.PersistenceId == persistenceId)?.Snapshot;
        }
    }

    internal HashSet<string> Ids()
    {
        lock (_lock)
        {
            return [.. _works.Select(w => w.PersistenceId)];
        }
    }

    private bool Fits_NeedsLock(AppendWork work) => _entries + work.Entries.Count <= mostEntries && _bytes + work.Bytes <= mostBytes;

    private void DropCovered_NeedsLock()
    {
        var covered = _works.OfType<SnapshotWork>().ToDictionary(w => w.PersistenceId, w => w.Snapshot.SequenceNumber, StringComparer.Ordinal);
        DropWhere_NeedsLock(w => w is AppendWork a && covered.TryGetValue(a.PersistenceId, out var upTo) && a.Last <= upTo);
    }

    private void DropWhere_NeedsLock(Func<JournalWork, bool> predicate)
    {
        for (var node = _works.First; node is not null;)
        {
            var next = node.Next;
            if (predicate(node.Value))
            {
                _dropped += (node.Value as AppendWork)?.Entries.Count ?? 0;
                Remove_NeedsLock(node);
            }

            node = next;
        }
    }

    private void Remove_NeedsLock(LinkedListNode<JournalWork> node)
    {
        if (node.Value is AppendWork append)
        {
            _entries -= append.Entries.Count;
            _bytes -= append.Bytes;
        }

        _works.Remove(node);
    }
}
