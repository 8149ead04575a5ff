namespace Engine.Actors.Kernel;

/// <summary>
/// The root of a tree of actors, with their clock, randomness, event stream and dead letters. Thread-safe. Actors run on the
/// thread pool while they have mail and cost only memory otherwise.
/// </summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private static readonly TimeSpan DisposalDeadline = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Random _random; // guarded by _lock
    private readonly ActorCell _root;

    /// <param name="time">The only clock of all actors.</param>
    /// <param name="random">Jitter; the system locks around it, so nobody else may use it.</param>
    /// <param name="strategy">What happens to failed actors that <see cref="Spawn"/> started; the default when null.</param>
    public ActorSystem(TimeProvider time, Random random, SupervisorStrategy? strategy = null)
    {
        Time = time;
        _random = random;
        DeadLetters = new DeadLetters(EventStream);
        _root = new ActorCell<int>(this, null, "", new Props<int>(static () => new RootActor()) { SupervisorStrategy = strategy ?? SupervisorStrategy.Default });
        _root.Begin();
    }

    /// <summary>The only clock of all actors.</summary>
    public TimeProvider Time { get; }

    /// <summary>What happens in the system, besides the owners' own events: <see cref="DeadLetter"/>, <see cref="ActorFailed"/>.</summary>
    public EventStream EventStream { get; } = new();

    /// <summary>Messages that ended without effect.</summary>
    public DeadLetters DeadLetters { get; }

    /// <summary>Starts an actor at the top of the tree.</summary>
    /// <param name="props">How it is made.</param>
    /// <param name="name">Unique among those that have not ended; null for a generated one.</param>
    /// <exception cref="InvalidOperationException">The name is taken, or the system is stopping.</exception>
    public ActorRef<TMessage> Spawn<TMessage>(Props<TMessage> props, string? name = null) => _root.Spawn(props, name);

    /// <summary>Stops all actors, children before parents. Waiting mail becomes dead letters; who must not lose it drains its actors before.</summary>
    /// <returns>False when some had not ended at the deadline.</returns>
    public ValueTask<bool> StopAsync(TimeSpan deadline) => _root.Ref.StopAsync(deadline);

    /// <summary><see cref="StopAsync"/> with ten seconds.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(DisposalDeadline);

    internal double NextJitter()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }

    private sealed class RootActor : Actor<int>
    {
        protected override ValueTask OnReceive(int message) => default;
    }
}
