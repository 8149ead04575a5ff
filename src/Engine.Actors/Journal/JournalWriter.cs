using Engine.Actors.Journal.Sql;

namespace Engine.Actors.Journal;

/// <summary>
/// What the writer's thread does: checks the expected sequence numbers, writes everything that waits in one transaction, and
/// keeps what the disk does not take. Everything but <see cref="Health"/> and the events belongs to that thread.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private const int CompactionLength = 1_000;

    private readonly SqlJournalStore _store;
    private readonly JournalBacklog _backlog;
    private readonly JournalLimits _limits;
    private readonly TimeProvider _time;
    private readonly JournalMetrics _metrics;
    private readonly ITimer _retry;

    // The last sequence number of each id, including what waits in memory. There are no more ids than actors.
    private readonly Dictionary<string, long> _heads = new(StringComparer.Ordinal);
    private readonly List<JournalWork> _accepted = [];
    private TimeSpan _pause;

    private volatile Condition _condition;
    private volatile bool _isRetryDue;

    internal JournalWriter(SqlJournalStore store, JournalBacklog backlog, JournalLimits limits, TimeProvider time, object owner, Action wake)
    {
        (_store, _backlog, _limits, _time) = (store, backlog, limits, time);
        _condition = new Condition(IsWriting: true, time.GetUtcNow(), Fault: null);
        _metrics = new JournalMetrics(() => Health, owner);
        _retry = time.CreateTimer(
            _ =>
            {
                _isRetryDue = true;
                wake();
            },
            state: null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    internal event Action<JournalHealth>? HealthChanged;

    internal event Action<string>? SnapshotWanted;

    /// <summary>Readable from any thread.</summary>
    internal JournalHealth Health
    {
        get
        {
            var condition = _condition;
            return new JournalHealth(condition.IsWriting, condition.Since, condition.Fault, _backlog.Entries, _backlog.Dropped);
        }
    }

    /// <summary>Transactions that reached the disk.</summary>
    internal long Commits { get; private set; }

    internal void Process(List<JournalWork> batch)
    {
        _accepted.Clear();
        foreach (var work in batch)
        {
            if (work is not CompactionStep && Accept(work))
            {
                _accepted.Add(work);
            }
        }

        Settle(_accepted);
        foreach (var step in batch.OfType<CompactionStep>())
        {
            Compact(step);
        }

        if (_isRetryDue && !_condition.IsWriting)
        {
            CatchUp();
        }
    }

    /// <summary>The last try for what waits in memory.</summary>
    internal void End()
    {
        if (!_condition.IsWriting)
        {
            CatchUp();
        }

        _store.Dispose();
    }

    public void Dispose()
    {
        _retry.Dispose();
        _metrics.Dispose();
    }

    // False when the work has its answer already.
    private bool Accept(JournalWork work)
    {
        var head = HeadOf(work.PersistenceId, out var isAssumed);
        if (work is SnapshotWork { Snapshot: var snapshot })
        {
            _backlog.Mend(snapshot);
            _heads[work.PersistenceId] = Math.Max(head ?? 0, snapshot.SequenceNumber);
            return true;
        }

        var append = (AppendWork)work;
        append.IsHeadAssumed = isAssumed;
        if (head is { } found && found != append.Expected)
        {
            // Another node may have written this history in the meantime, rightly.
            found = _condition.IsWriting ? Math.Max(found, ReadHead(work.PersistenceId) ?? 0) : found;
            if (found != append.Expected)
            {
                work.Fail(new JournalConflictException(work.PersistenceId, append.Expected, found));
                return false;
            }
        }

        _heads[work.PersistenceId] = append.Last;
        if (_backlog.IsCut(work.PersistenceId))
        {
            Defer(work);
            return false;
        }

        return true;
    }

    private long? HeadOf(string persistenceId, out bool isAssumed)
    {
        isAssumed = false;
        if (_heads.TryGetValue(persistenceId, out var head))
        {
            return head;
        }

        var read = ReadHead(persistenceId);
        isAssumed = read is null;
        return read;
    }

    private long? ReadHead(string persistenceId)
    {
        try
        {
            return _store.HeadOf(persistenceId);
        }
        catch (Exception e)
        {
            Fault(e);
            return null;
        }
    }

    private void Settle(List<JournalWork> works)
    {
        if (works.Count == 0)
        {
            return;
        }

        if (!_condition.IsWriting)
        {
            works.ForEach(Defer);
            return;
        }

        try
        {
            Write(works);
            works.ForEach(Acknowledge);
        }
        catch (JournalConflictException)
        {
            SettleSingly(works);
        }
        catch (Exception e)
        {
            Fault(e);
            works.ForEach(Defer);
        }
    }

    // Somebody else wrote one of these histories: only its owner may hear of it.
    private void SettleSingly(List<JournalWork> works)
    {
        works.ForEach(w => _heads.Remove(w.PersistenceId));
        var conflicts = new Dictionary<string, JournalConflictException>(StringComparer.Ordinal);
        foreach (var work in works)
        {
            if (conflicts.TryGetValue(work.PersistenceId, out var conflict))
            {
                work.Fail(conflict);
                continue;
            }

            if (!Accept(work))
            {
                continue;
            }

            try
            {
                if (_condition.IsWriting)
                {
                    Write([work]);
                    Acknowledge(work);
                }
                else
                {
                    Defer(work);
                }
            }
            catch (JournalConflictException e)
            {
                _heads.Remove(work.PersistenceId);
                conflicts.Add(work.PersistenceId, e);
                work.Fail(e);
            }
            catch (Exception e)
            {
                Fault(e);
                Defer(work);
            }
        }
    }

    private void Write(IReadOnlyList<JournalWork> works)
    {
        var events = _store.Write(works);
        Commits++;
        _metrics.Committed(events);
    }

    private void Acknowledge(JournalWork work)
    {
        work.Complete(Durability.Durable);
        _metrics.Appended(_time.GetElapsedTime(work.HandedOver));
    }

    private void Defer(JournalWork work)
    {
        if (work is SnapshotWork snapshot)
        {
            _backlog.Add(snapshot);
        }
        else
        {
            foreach (var cut in _backlog.Add((AppendWork)work))
            {
                Raise(SnapshotWanted, cut);
            }
        }

        work.Complete(Durability.Deferred);
        _metrics.Appended(_time.GetElapsedTime(work.HandedOver));
    }

    private void CatchUp()
    {
        _isRetryDue = false;
        try
        {
            _store.Reopen();
            for (var works = _backlog.Peek(_limits.CommitLength); works.Count > 0; works = _backlog.Peek(_limits.CommitLength))
            {
                WriteDeferred(works);
                _backlog.Remove(works);
            }
        }
        catch (Exception e)
        {
            Fault(e, isRetry: true);
            return;
        }

        _condition = new Condition(IsWriting: true, _time.GetUtcNow(), Fault: null);
        _pause = TimeSpan.Zero;
        Raise(HealthChanged, Health);
        foreach (var id in _backlog.CutIds())
        {
            Raise(SnapshotWanted, id);
        }
    }

    private void WriteDeferred(List<JournalWork> works)
    {
        try
        {
            Write(works);
        }
        catch (JournalConflictException)
        {
            HashSet<string> lost = [];
            foreach (var work in works.Where(w => !lost.Contains(w.PersistenceId)))
            {
                try
                {
                    Write([work]);
                    _backlog.Remove([work]);
                }
                catch (JournalConflictException)
                {
                    // Its owner learns of it with the next append, which is checked against the disk again.
                    _heads.Remove(work.PersistenceId);
                    _backlog.DropAll(work.PersistenceId);
                    lost.Add(work.PersistenceId);
                }
            }
        }
    }

    private void Compact(CompactionStep step)
    {
        try
        {
            (step.Deleted, var last) = _store.Compact(step.Before, step.After, CompactionLength);
            step.Next = step.Deleted < CompactionLength ? null : last;
            step.Complete(Durability.Durable);
        }
        catch (Exception e)
        {
            step.Fail(new JournalUnusableException(_store.Explain(e), e));
        }
    }

    // Only the first failure and a failed try to catch up set the timer: traffic must not push it further away.
    private void Fault(Exception exception, bool isRetry = false)
    {
        _store.Abandon();
        if (!_condition.IsWriting && !isRetry)
        {
            return;
        }

        _pause = _pause == TimeSpan.Zero ? _limits.FirstRetry : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, _limits.LongestRetry.Ticks));
        _retry.Change(_pause, Timeout.InfiniteTimeSpan);
        var fault = _store.Explain(exception);
        if (_condition.IsWriting || _condition.Fault != fault)
        {
            _condition = new Condition(IsWriting: false, _condition.IsWriting ? _time.GetUtcNow() : _condition.Since, fault);
            Raise(HealthChanged, Health);
        }
    }

    // A listener's mistake must not end the thread that all histories depend on.
    private static void Raise<T>(Action<T>? listeners, T value)
    {
        foreach (var listener in Delegate.EnumerateInvocationList(listeners))
        {
            try
            {
                listener(value);
            }
            catch (Exception)
            {
                continue;
            }
        }
    }

    private sealed record Condition(bool IsWriting, DateTimeOffset Since, string? Fault);
}
