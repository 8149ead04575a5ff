namespace Engine.Actors.Rotation;

/// <summary>Requests that wait for one pool: first come first served within a client, clients in turn. Guarded by the waiting room's lock.</summary>
internal sealed class FairQueue
{
    private readonly Dictionary<string, LinkedList<Waiter>> _byClient = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _turns = [];
    private readonly SortedSet<Waiter> _byDeadline = new(Comparer<Waiter>.Create(
        static (one, other) => one.Deadline == other.Deadline ? one.Number.CompareTo(other.Number) : one.Deadline.CompareTo(other.Deadline)));

    private long _numbers;

    /// <summary>Clients with a request that waits.</summary>
    public int Clients => _turns.Count;

    public bool IsEmpty => _turns.Count == 0;

    /// <summary>The first deadline of all, in UTC ticks; <see cref="long.MaxValue"/> when nobody waits.</summary>
    public long FirstDeadline => _byDeadline.Min?.Deadline ?? long.MaxValue;

    public void Add(Waiter waiter)
    {
        if (!_byClient.TryGetValue(waiter.Request.Client ?? "", out var line))
        {
            _byClient.Add(waiter.Request.Client ?? "", line = []);
            _turns.AddLast(waiter.Request.Client ?? "");
        }

        waiter.Number = ++_numbers;
        var before = line.Last;
        while (before is not null && before.Value.Request.Since > waiter.Request.Since)
        {
            before = before.Previous;
        }

        waiter.Place = before is null ? line.AddFirst(waiter) : line.AddAfter(before, waiter);
        _byDeadline.Add(waiter);
    }

    /// <summary>Those whose deadline comes by an instant, in its order. Evaluated while it is read.</summary>
    public IEnumerable<Waiter> EndingBy(long instant) => _byDeadline.TakeWhile(waiter => waiter.Deadline <= instant);

    /// <summary>The first request of the client whose turn it is; the next call looks at the next client.</summary>
    public Waiter Next()
    {
        var client = _turns.First!;
        _turns.RemoveFirst();
        _turns.AddLast(client);
        return _byClient[client.Value].First!.Value;
    }

    public void Remove(Waiter waiter)
    {
        var client = waiter.Request.Client ?? "";
        var line = _byClient[client];
        line.Remove(waiter.Place!);
        waiter.Place = null;
        _byDeadline.Remove(waiter);
        if (line.Count == 0)
        {
            _byClient.Remove(client);
            _turns.Remove(client);
        }
    }
}

/// <summary>One request that waits.</summary>
internal sealed class Waiter(AccountPool pool, RotationTable table, LeaseRequest request, long deadline)
{
    public AccountPool Pool { get; } = pool;

    public RotationTable Table { get; } = table;

    public LeaseRequest Request { get; } = request;

    /// <summary>UTC ticks.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>Tells it from others of the same deadline.</summary>
    public long Number { get; set; }

    /// <summary>Its place in its client's line; null once it has left.</summary>
    public LinkedListNode<Waiter>? Place { get; set; }

    public TaskCompletionSource<LeaseResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
