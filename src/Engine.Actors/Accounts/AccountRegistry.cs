using System.Collections.Concurrent;
using Engine.Actors.Journal;
using Engine.Actors.Kernel;
using Engine.Actors.Rotation;

namespace Engine.Actors.Accounts;

/// <summary>
/// The front door to the accounts: one supervised actor for each, and one for each pool that has something to remember. Whoever
/// asks for a slot reads without a lock; whoever tells something gets an answer when it is durable and visible. Thread-safe.
/// </summary>
public sealed class AccountRegistry : IAsyncDisposable
{
    // An actor that is restarting has backed off by then.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenCompactions = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<AccountId, Entry> _accounts = new();
    private readonly ConcurrentDictionary<string, ActorRef<PoolMessage>> _pools = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AccountId> _lastAccounts = new(StringComparer.Ordinal);
    private readonly AccountSurroundings _around;
    private readonly ActorSystem _system;
    private readonly IJournal _journal;
    private readonly TimeSpan _retention;
    private readonly ITimer _compaction;

    private AccountRegistry(IJournal journal, TimeProvider time, Random random, TimeSpan retention)
    {
        _journal = journal;
        _retention = retention;
        _system = new ActorSystem(time, random);
        _around = new AccountSurroundings(journal, random, () => Published?.Invoke());
        _compaction = time.CreateTimer(static registry => _ = ((AccountRegistry)registry!).CompactAsync(), this, BetweenCompactions, BetweenCompactions);
    }

    /// <summary>After an account's new state is visible. Called on actors' turns: must be quick and must not throw.</summary>
    public event Action? Published;

    /// <summary>Something an operator should hear of. Called on any thread; must not throw.</summary>
    public event Action<string, Exception?>? Noticed;

    /// <summary>Whether the journal writes.</summary>
    public JournalHealth JournalHealth => _journal.Health;

    /// <summary>What goes on in the actor system.</summary>
    public EventStream EventStream => _system.EventStream;

    /// <summary>The accounts that are configured, in order of their names.</summary>
    public IReadOnlyList<AccountSlot> Slots =>
        [.. _accounts.Values.Select(static entry => entry.Slot).Where(static slot => slot.State.Standing is not Standing.Retired).OrderBy(static slot => slot.Id.ToString(), StringComparer.Ordinal)];

    /// <summary>Opens the registry: every account and pool with a history recovers before this returns.</summary>
    /// <param name="journal">The history; owned by the registry from now on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Jitter; used by the registry alone from now on.</param>
    /// <param name="retention">How long events are kept once a snapshot covers them.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<AccountRegistry> OpenAsync(
        IJournal journal, TimeProvider time, Random random, TimeSpan retention, CancellationToken cancellation)
    {
        var registry = new AccountRegistry(journal, time, random, retention);
        try
        {
            var recovering = new List<Task>();
            await foreach (var id in journal.PersistenceIdsAsync(cancellation))
            {
                switch (id.Split('/', 3))
                {
                    case ["account", var upstream, var account]:
                        recovering.Add(SendAsync(registry.EntryOf(new AccountId(upstream, account)), null, cancellation));
                        break;
                    case ["pool", ..]:
                        recovering.Add(registry.RecoverPoolAsync(id["pool/".Length..], cancellation));
                        break;
                }
            }

            await Task.WhenAll(recovering);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <summary>The slot of an account, made on first use. It is retired until the config registers it.</summary>
    public AccountSlot SlotOf(AccountId id) => EntryOf(id).Slot;

    /// <summary>The slot of a configured account; null when there is none.</summary>
    public AccountSlot? Find(AccountId id) =>
        _accounts.TryGetValue(id, out var entry) && entry.Slot.State.Standing is not Standing.Retired ? entry.Slot : null;

    /// <summary>The account a pool was on when its history ended; null when it has none.</summary>
    public AccountId? LastAccountOf(string pool) => _lastAccounts.TryGetValue(pool, out var last) ? last : null;

    /// <summary>Puts a config into force: registers what it names, retires what it no longer does.</summary>
    /// <param name="accounts">All accounts of the config; no id twice.</param>
    /// <param name="longestRest">No account rests longer without being asked again; positive.</param>
    public async Task ApplyAsync(IReadOnlyCollection<AccountRegistration> accounts, TimeSpan longestRest)
    {
        _around.Policy = CoolingPolicy.Default with { LongestHold = longestRest };
        var named = accounts.ToDictionary(static account => account.Id);
        var retiring = _accounts.Where(each => !named.ContainsKey(each.Key)).Select(each => SendAsync(each.Value, new AccountCommand.Retire(), default));
        var registering = accounts.Select(account =>
        {
            var entry = EntryOf(account.Id);
            entry.Slot.Weight = account.Weight;
            return SendAsync(
                entry, new AccountCommand.Register(account.Limits, account.Fingerprint, account.IsRefreshable, account.Until), default);
        });
        await Task.WhenAll([.. registering, .. retiring]);
    }

    /// <summary>
    /// Tells an account how a call of it ended. Returns when what follows is in the journal and visible; never throws: an account
    /// that cannot be told is reported through <see cref="Noticed"/>.
    /// </summary>
    public async ValueTask ReportAsync(AccountId id, AttemptReport report)
    {
        try
        {
            await SendAsync(EntryOf(id), new AccountCommand.Report(report), default);
        }
        catch (Exception fault)
        {
            Noticed?.Invoke($"the account {id} could not be told how a call ended", fault);
        }
    }

    /// <summary>Tells an account what an operator or its credential's keeper wants. Returns when it is in the journal and visible.</summary>
    /// <exception cref="TimeoutException">The account's actor does not answer.</exception>
    public async Task<Durability> TellAsync(AccountId id, AccountCommand command) => await SendAsync(EntryOf(id), command, default);

    /// <summary>A pool stays on another account from now on. Returns when it is in the journal; never throws.</summary>
    public ValueTask RotatedAsync(string pool, AccountId from, AccountId to, string why)
    {
        _lastAccounts[pool] = to;
        return NoteAsync(pool, new PoolEvent.Rotated(_system.Time.GetUtcNow(), from, to, why));
    }

    /// <summary>A request was tried again on another account. Returns when it is in the journal; never throws.</summary>
    public ValueTask RetriedAsync(string pool, string requestId, AccountId from, AccountId to, string why) =>
        NoteAsync(pool, new PoolEvent.Retried(_system.Time.GetUtcNow(), requestId, from, to, why));

    /// <summary>
    /// Saves the present state of a history's owner: a journal asks for it when it had to drop entries. Never throws; nothing
    /// happens when nobody owns that history.
    /// </summary>
    public async Task SaveSnapshotAsync(string persistenceId)
    {
        try
        {
            if (_accounts.Values.FirstOrDefault(entry => entry.Slot.Id.PersistenceId == persistenceId) is { } account)
            {
                await account.Actor.AskAsync<Durability>(static reply => new AccountMessage(null, reply) { Snapshot = true }, Patience);
            }
            else if (_pools.FirstOrDefault(each => PoolActor.PersistenceIdOf(each.Key) == persistenceId).Value is { } pool)
            {
                await pool.AskAsync<PoolState>(static reply => new PoolMessage(null, reply) { Snapshot = true }, Patience);
            }
        }
        catch (Exception fault)
        {
            Noticed?.Invoke($"a snapshot of {persistenceId} could not be saved", fault);
        }
    }

    /// <summary>Works off what the actors have been told, then closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await _compaction.DisposeAsync();
        var drained = _accounts.Values.Select(static entry => entry.Actor.StopAsync(Patience, drain: true).AsTask())
            .Concat(_pools.Values.Select(static pool => pool.StopAsync(Patience, drain: true).AsTask()));
        await Task.WhenAll(drained);
        await _system.DisposeAsync();
        await _journal.DisposeAsync();
    }

    private async Task RecoverPoolAsync(string pool, CancellationToken cancellation)
    {
        var state = await PoolOf(pool).AskAsync<PoolState>(static reply => new PoolMessage(null, reply), Patience, cancellation);
        if (state.Current is { } current)
        {
            _lastAccounts.TryAdd(pool, current);
        }
    }

    private async ValueTask NoteAsync(string pool, PoolEvent happened)
    {
        try
        {
            await PoolOf(pool).AskAsync<PoolState>(reply => new PoolMessage(happened, reply), Patience);
        }
        catch (Exception fault)
        {
            Noticed?.Invoke($"a move in the pool {pool} could not be written down", fault);
        }
    }

    private static Task<Durability> SendAsync(Entry entry, AccountCommand? command, CancellationToken cancellation) =>
        entry.Actor.AskAsync<Durability>(reply => new AccountMessage(command, reply), Patience, cancellation);

    private async Task CompactAsync()
    {
        try
        {
            await _journal.CompactAsync(_system.Time.GetUtcNow() - _retention, CancellationToken.None);
        }
        catch (Exception fault)
        {
            Noticed?.Invoke("the journal could not be compacted", fault);
        }
    }

    private Entry EntryOf(AccountId id) => _accounts.TryGetValue(id, out var known) ? known : Made(_accounts, id, NewEntry);

    private ActorRef<PoolMessage> PoolOf(string pool) => _pools.TryGetValue(pool, out var known) ? known : Made(_pools, pool, NewPool);

    // A factory of GetOrAdd may run twice, and an actor's name may not be taken twice.
    private TValue Made<TKey, TValue>(ConcurrentDictionary<TKey, TValue> known, TKey key, Func<TKey, TValue> make)
        where TKey : notnull
    {
        lock (_system)
        {
            return known.GetOrAdd(key, make);
        }
    }

    private Entry NewEntry(AccountId id)
    {
        var slot = new AccountSlot(id);
        return new Entry(slot, _system.Spawn(
            new Props<AccountMessage>(() => new AccountActor(slot, _around)) { SupervisorStrategy = SupervisorStrategy.Default }, NameOf(id.PersistenceId)));
    }

    private ActorRef<PoolMessage> NewPool(string pool) =>
        _system.Spawn(new Props<PoolMessage>(() => new PoolActor(pool, _journal)), NameOf(PoolActor.PersistenceIdOf(pool)));

    // A slash separates the levels of an actor's path.
    private static string NameOf(string persistenceId) =>
        persistenceId.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);

    private sealed record Entry(AccountSlot Slot, ActorRef<AccountMessage> Actor);
}
