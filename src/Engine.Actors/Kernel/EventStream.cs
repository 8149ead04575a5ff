using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Engine.Actors.Kernel;

/// <summary>
/// Publish and subscribe by the exact type of the event. Thread-safe. A publisher never waits: each subscriber has a bounded
/// queue, and one that does not keep up loses its oldest events and can see how many.
/// </summary>
public sealed class EventStream
{
    private readonly ConcurrentDictionary<Type, object> _topics = new();

    /// <summary>Gives an event to everybody who subscribed to <typeparamref name="TEvent"/>.</summary>
    public void Publish<TEvent>(TEvent happened)
    {
        foreach (var subscription in SubscribersOf<TEvent>())
        {
            subscription.Offer(happened);
        }
    }

    /// <summary>Whether anybody listens, so that a costly event need not be made.</summary>
    public bool HasSubscribers<TEvent>() => SubscribersOf<TEvent>().Length > 0;

    /// <summary>Subscribes with a queue that the caller reads.</summary>
    /// <param name="capacity">Events that may wait; at least 1.</param>
    public EventSubscription<TEvent> Subscribe<TEvent>(int capacity = 256) => Add<TEvent>(capacity, null);

    /// <summary>Subscribes an actor: events arrive in its mailbox; those that find it full are lost and counted. Ends with the actor.</summary>
    public EventSubscription<TEvent> Subscribe<TEvent>(ActorRef<TEvent> subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var subscription = Add(1, (ActorCell<TEvent>)subscriber.Cell);
        _ = subscriber.Termination.ContinueWith(_ => subscription.Dispose(), TaskScheduler.Default);
        return subscription;
    }

    internal void Remove<TEvent>(EventSubscription<TEvent> subscription) =>
        _topics.AddOrUpdate(typeof(TEvent), _ => Array.Empty<EventSubscription<TEvent>>(), (_, all) => Array.FindAll((EventSubscription<TEvent>[])all, s => s != subscription));

    private EventSubscription<TEvent> Add<TEvent>(int capacity, ActorCell<TEvent>? actor)
    {
        var subscription = new EventSubscription<TEvent>(this, capacity, actor);
        _topics.AddOrUpdate(typeof(TEvent), _ => new[] { subscription }, (_, all) => (EventSubscription<TEvent>[])[.. (EventSubscription<TEvent>[])all, subscription]);
        return subscription;
    }

    private EventSubscription<TEvent>[] SubscribersOf<TEvent>() => _topics.TryGetValue(typeof(TEvent), out var all) ? (EventSubscription<TEvent>[])all : [];
}

/// <summary>One subscriber's place on the <see cref="EventStream"/>. Disposing it unsubscribes and completes <see cref="Events"/>.</summary>
public sealed class EventSubscription<TEvent> : IDisposable
{
    private readonly EventStream _stream;
    private readonly ActorCell<TEvent>? _actor;
    private readonly Channel<TEvent> _events;
    private long _lost;

    internal EventSubscription(EventStream stream, int capacity, ActorCell<TEvent>? actor)
    {
        _stream = stream;
        _actor = actor;
        _events = Channel.CreateBounded<TEvent>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref _lost));
    }

    /// <summary>The events in order; empty for an actor's subscription, whose events are in its mailbox.</summary>
    public ChannelReader<TEvent> Events => _events.Reader;

    /// <summary>Events that found no room, since the subscription.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Remove(this);
        _events.Writer.TryComplete();
    }

    // Past the dead letters: an event that a dead-letter listener cannot take must not become another dead letter.
    internal void Offer(TEvent happened)
    {
        if (_actor is null)
        {
            _events.Writer.TryWrite(happened);
        }
        else if (!_actor.TryPut(happened))
        {
            Interlocked.Increment(ref _lost);
        }
    }
}
