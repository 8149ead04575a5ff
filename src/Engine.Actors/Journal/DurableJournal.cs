using System.Runtime.CompilerServices;
using Engine.Actors.Journal.Sql;

namespace Engine.Actors.Journal;

/// <summary>
/// A journal on a database. One thread writes, in one transaction whatever waits at that moment (group commit); one thread reads.
/// While the disk takes nothing, entries are kept in memory within bounds and answered with <see cref="Durability.Deferred"/>;
/// they are written in order as soon as the disk takes them again. Thread-safe.
/// </summary>
public sealed class DurableJournal : IJournal
{
    private readonly JournalBacklog _backlog;
    private readonly JournalWriter _writer;
    private readonly JournalThread<JournalWork> _writing;
    private readonly JournalThread<ReadWork> _reading;
    private readonly TimeProvider _time;
    private readonly IJournalDatabase _database;

    // 1 once closed; Interlocked.
    private int _isClosed;

    internal DurableJournal(IJournalDatabase database, string writerId, JournalLimits limits, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _backlog = new JournalBacklog(limits.BacklogEntries, limits.BacklogBytes);
        var store = new SqlJournalStore(database, writerId);
        var reader = new SqlJournalReader(database);

        // The timer of the writer may wake the thread only after it exists: the first timer starts with the first fault.
        _writer = new JournalWriter(store, _backlog, limits, time, this, () => _writing!.Wake());
        _writing = new JournalThread<JournalWork>("journal writer", limits.QueueLength, limits.CommitLength, _writer.Process, _writer.End);
        _reading = new JournalThread<ReadWork>("journal reader", limits.QueueLength, 1, works => works.ForEach(w => w.Run(reader)), reader.Dispose);
    }

    /// <summary>
    /// The journal began or ceased to write, or does not write for another reason. Raised on the writer's thread: a listener must
    /// return at once.
    /// </summary>
    public event Action<JournalHealth>? HealthChanged
    {
        add => _writer.HealthChanged += value;
        remove => _writer.HealthChanged -= value;
    }

    /// <summary>
    /// The journal has no more room for entries of this id: its owner should save a snapshot, which takes the place of entries
    /// that were dropped. Raised on the writer's thread: a listener must return at once.
    /// </summary>
    public event Action<string>? SnapshotWanted
    {
        add => _writer.SnapshotWanted += value;
        remove => _writer.SnapshotWanted -= value;
    }

    /// <inheritdoc/>
    public JournalHealth Health => _writer.Health;

    /// <summary>Transactions that reached the disk.</summary>
    internal long Commits => _writer.Commits;

    /// <inheritdoc/>
    public async ValueTask<Durability> AppendAsync(string persistenceId, long expectedSequenceNumber, IReadOnlyList<NewEntry> entries)
    {
        JournalRules.CheckAppend(persistenceId, expectedSequenceNumber, entries);
        var work = new AppendWork(persistenceId, expectedSequenceNumber, entries) { HandedOver = _time.GetTimestamp() };
        await _writing.EnqueueAsync(work);
        return await work.Written;
    }

    /// <inheritdoc/>
    /// <exception cref="JournalUnusableException">The database cannot be read.</exception>
    public async IAsyncEnumerable<JournalEntry> ReadAsync(
        string persistenceId, long fromSequenceNumber, [EnumeratorCancellation] CancellationToken cancellation)
    {
        JournalRules.CheckId(persistenceId);

        // What waits in memory is looked at first: what reaches the disk meanwhile is then seen twice, but never missed.
        var deferred = _backlog.EntriesOf(persistenceId, fromSequenceNumber);
        var next = fromSequenceNumber;
        JournalPage page;
        do
        {
            var from = next;
            page = await ReadAsync(r => r.PageOf(persistenceId, from), cancellation);
            foreach (var entry in page.Entries)
            {
                next = entry.SequenceNumber + 1;
                yield return entry;
            }
        }
        while (page.HasMore);

        foreach (var entry in deferred.Where(e => e.SequenceNumber >= next))
        {
            yield return entry;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="JournalUnusableException">The database cannot be read.</exception>
    public async ValueTask<StoredSnapshot?> ReadSnapshotAsync(string persistenceId, CancellationToken cancellation)
    {
        JournalRules.CheckId(persistenceId);
        var deferred = _backlog.SnapshotOf(persistenceId);
        var stored = await ReadAsync(r => r.SnapshotOf(persistenceId), cancellation);
        return deferred is not null && (stored is null || stored.SequenceNumber <= deferred.SequenceNumber) ? deferred : stored;
    }

    /// <inheritdoc/>
    public async ValueTask<Durability> SaveSnapshotAsync(StoredSnapshot snapshot)
    {
        JournalRules.CheckSnapshot(snapshot);
        var work = new SnapshotWork(snapshot) { HandedOver = _time.GetTimestamp() };
        await _writing.EnqueueAsync(work);
        return await work.Written;
    }

    /// <summary>
    /// Deletes entries that are older than <paramref name="before"/> and covered by a snapshot; never the last entry of an id.
    /// Goes in short steps, between which appends are written.
    /// </summary>
    /// <exception cref="JournalUnusableException">The database does not let entries be deleted.</exception>
    public async ValueTask<long> CompactAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        long deleted = 0;
        for (long? after = 0; after is { } start;)
        {
            cancellation.ThrowIfCancellationRequested();
            var step = new CompactionStep(before, start) { HandedOver = _time.GetTimestamp() };
            await _writing.EnqueueAsync(step, cancellation);
            await step.Written;
            deleted += step.Deleted;
            after = step.Next;
        }

        return deleted;
    }

    /// <inheritdoc/>
    /// <exception cref="JournalUnusableException">The database cannot be read.</exception>
    public async IAsyncEnumerable<string> PersistenceIdsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var ids = _backlog.Ids();
        ids.UnionWith(await ReadAsync(r => r.Ids(), cancellation));
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            yield return id;
        }
    }

    /// <summary>Writes what waits, tries the disk a last time for what is deferred, and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            await _reading.CloseAsync();
            await _writing.CloseAsync();
            _writer.Dispose();
            _database.Dispose();
        }
    }

    private async Task<T> ReadAsync<T>(Func<SqlJournalReader, T> read, CancellationToken cancellation)
    {
        var work = new ReadWork<T>(read);
        await _reading.EnqueueAsync(work, cancellation);
        return await work.Done.WaitAsync(cancellation);
    }

    private abstract class ReadWork
    {
        internal abstract void Run(SqlJournalReader reader);
    }

    private sealed class ReadWork<T>(Func<SqlJournalReader, T> read) : ReadWork
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<T> Done => _done.Task;

        internal override void Run(SqlJournalReader reader)
        {
            try
            {
                _done.SetResult(read(reader));
            }
            catch (Exception e)
            {
                _done.SetException(reader.Unusable(e));
            }
        }
    }
}
