using System.Runtime.ExceptionServices;
using Engine.Actors.Journal;
using Engine.Actors.Kernel;

namespace Engine.Actors.Persistence;

/// <summary>
/// An actor whose state is the fold of its journaled events: persist → apply → act. A handler decides, awaits
/// <see cref="PersistAsync(IReadOnlyList{TEvent})"/>, and what comes after the await acts on events that are in the journal
/// and in <see cref="State"/>. Mail waits in order while an append is under way, and while the history is read at the start.
/// </summary>
/// <remarks>
/// When an append fails, nobody knows whether it was written: the instance fails even where the handler caught the exception,
/// and the next instance reads what is there. A <see cref="JournalConflictException"/> ends the actor.
/// </remarks>
public abstract class PersistentActor<TMessage, TEvent, TState> : Actor<TMessage>
{
    private readonly IJournal _journal;
    private readonly IEventFormat<TEvent, TState> _format;
    private readonly PersistenceOptions _options;
    private long _snapshotAt;
    private bool _isAppending;
    private bool _hasDeferred;
    private bool _owesSnapshot;
    private Exception? _fault;

    /// <param name="persistenceId">Whose history; no two living actors may share it. At most 255 characters.</param>
    /// <param name="journal">Where the history is kept; not disposed by the actor.</param>
    /// <param name="format">How events and states are stored.</param>
    /// <param name="initial">The state before the first event.</param>
    /// <param name="options">The defaults when null.</param>
    protected PersistentActor(string persistenceId, IJournal journal, IEventFormat<TEvent, TState> format, TState initial, PersistenceOptions? options = null)
    {
        PersistenceId = persistenceId;
        State = initial;
        _journal = journal;
        _format = format;
        _options = options ?? PersistenceOptions.Default;
    }

    /// <summary>Whose history.</summary>
    protected string PersistenceId { get; }

    /// <summary>The fold of all events in the journal; complete from <see cref="OnRecovered"/> on.</summary>
    protected TState State { get; private set; }

    /// <summary>The number of the last event in <see cref="State"/>; 0 without any.</summary>
    protected long SequenceNumber { get; private set; }

    /// <summary>The state after an event. Pure; must accept every event that was ever stored.</summary>
    protected abstract TState Apply(TState state, TEvent happened);

    /// <summary>The history has been read; before the first message.</summary>
    protected virtual ValueTask OnRecovered() => default;

    /// <summary>Reads the history, then calls <see cref="OnRecovered"/>.</summary>
    protected sealed override async ValueTask OnStart()
    {
        using var timeout = new CancellationTokenSource(_options.RecoveryDeadline, Context.System.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, Context.Stopping);
        try
        {
            await RecoverAsync(either.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested)
        {
            throw new RecoveryException(PersistenceId, SequenceNumber, $"the journal needed longer than {_options.RecoveryDeadline}.", e);
        }

        await OnRecovered();
    }

    /// <summary>As <see cref="PersistAsync(IReadOnlyList{TEvent})"/> for one event.</summary>
    protected ValueTask<Durability> PersistAsync(TEvent happened) => PersistAsync([happened]);

    /// <summary>Appends events as one atomic write and then applies them. Must be awaited before the handler goes on; a second call before the end of the first is refused.</summary>
    /// <param name="happened">The events in order; with none, nothing is written.</param>
    /// <returns>Whether they are on disk, or accepted by a journal whose disk does not take them now.</returns>
    /// <exception cref="JournalConflictException">Somebody else writes this history; the actor ends.</exception>
    /// <exception cref="InvalidOperationException">Another append is under way, or one has failed.</exception>
    protected async ValueTask<Durability> PersistAsync(IReadOnlyList<TEvent> happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (_isAppending || _fault is not null)
        {
            throw new InvalidOperationException($"{PersistenceId} cannot append now: {(_isAppending ? "an append is under way" : "one has failed")}.", _fault);
        }

        if (happened.Count == 0)
        {
            return Durability.Durable;
        }

        var now = Context.System.Time.GetUtcNow();
        var entries = new NewEntry[happened.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var stored = _format.WriteEvent(happened[i]);
            entries[i] = new NewEntry(stored.Manifest, stored.Payload, now);
        }

        var durability = await AppendAsync(entries);
        foreach (var e in happened)
        {
            State = Apply(State, e);
            SequenceNumber++;
        }

        // A journal without a disk may have dropped entries meanwhile; a snapshot makes up for them once it writes again.
        _owesSnapshot |= _hasDeferred && durability == Durability.Durable;
        _hasDeferred = durability == Durability.Deferred;
        return durability;
    }

    /// <summary>Saves the present state, besides the snapshots that are saved by number. A failure is published as <see cref="SnapshotFailed"/>, not thrown.</summary>
    protected async ValueTask SaveSnapshotAsync()
    {
        _snapshotAt = SequenceNumber;
        _owesSnapshot = false;
        try
        {
            var stored = _format.WriteState(State);
            var durability = await _journal.SaveSnapshotAsync(new StoredSnapshot(PersistenceId, SequenceNumber, stored.Manifest, stored.Payload, Context.System.Time.GetUtcNow()));
            _hasDeferred |= durability == Durability.Deferred;
        }
        catch (Exception e)
        {
            Context.System.EventStream.Publish(new SnapshotFailed(PersistenceId, SequenceNumber, e));
        }
    }

    internal override async ValueTask OnTurn(TMessage message)
    {
        await base.OnTurn(message);
        if (_isAppending)
        {
            throw new InvalidOperationException($"A handler of {PersistenceId} did not await PersistAsync.");
        }

        if (_fault is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        if (_owesSnapshot || SequenceNumber - _snapshotAt >= _options.SnapshotEvery)
        {
            await SaveSnapshotAsync();
        }
    }

    private async ValueTask<Durability> AppendAsync(NewEntry[] entries)
    {
        _isAppending = true;
        try
        {
            return await _journal.AppendAsync(PersistenceId, SequenceNumber, entries);
        }
        catch (Exception e)
        {
            _fault = e;
            throw;
        }
        finally
        {
            _isAppending = false;
        }
    }

    private async ValueTask RecoverAsync(CancellationToken cancellation)
    {
        if (await _journal.ReadSnapshotAsync(PersistenceId, cancellation) is { } snapshot)
        {
            State = Read(snapshot.SequenceNumber, () => _format.ReadState(snapshot.Manifest, snapshot.Payload));
            SequenceNumber = _snapshotAt = snapshot.SequenceNumber;
        }

        await foreach (var entry in _journal.ReadAsync(PersistenceId, SequenceNumber + 1, cancellation))
        {
            if (entry.SequenceNumber != SequenceNumber + 1)
            {
                throw new RecoveryException(PersistenceId, SequenceNumber + 1, $"the history goes on with entry {entry.SequenceNumber}.");
            }

            State = Read(entry.SequenceNumber, () => Apply(State, _format.ReadEvent(entry.Manifest, entry.Payload)));
            SequenceNumber = entry.SequenceNumber;
        }
    }

    private TState Read(long sequenceNumber, Func<TState> read)
    {
        try
        {
            return read();
        }
        catch (Exception e)
        {
            throw new RecoveryException(PersistenceId, sequenceNumber, e.Message, e);
        }
    }
}
