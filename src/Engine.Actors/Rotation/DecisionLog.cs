namespace Engine.Actors.Rotation;

/// <summary>
/// The last requests' decisions, in a ring. Whoever holds a trace owns it: adding swaps one in and the displaced one out, finding
/// takes one out and puts it back. Requests take no lock; readers take turns, so that none misses what another is reading.
/// </summary>
public sealed class DecisionLog
{
    private readonly DecisionTrace?[] _ring;
    private readonly DecisionTrace?[] _spare;
    private readonly Lock _finding = new();
    private long _next;

    /// <summary>Remembers the last <paramref name="capacity"/> requests; 1 or more.</summary>
    public DecisionLog(int capacity)
    {
        _ring = new DecisionTrace?[Math.Max(1, capacity)];
        _spare = new DecisionTrace?[64];
    }

    /// <summary>An empty trace for a request.</summary>
    public DecisionTrace Rent(string requestId, string model, DateTimeOffset at)
    {
        DecisionTrace? trace = null;
        for (var i = 0; trace is null && i < _spare.Length; i++)
        {
            trace = _spare[i] is null ? null : Interlocked.Exchange(ref _spare[i], null);
        }

        trace ??= new DecisionTrace();
        trace.Begin(requestId, model, at);
        return trace;
    }

    /// <summary>Takes over a finished trace.</summary>
    public void Add(DecisionTrace trace)
    {
        var at = (int)((ulong)(Interlocked.Increment(ref _next) - 1) % (ulong)_ring.Length);
        if (Interlocked.Exchange(ref _ring[at], trace) is { } displaced)
        {
            Keep(displaced);
        }
    }

    /// <summary>The decisions of a request, latest first when an id was used twice; null when it is unknown or long ago.</summary>
    public Decision? Find(string requestId)
    {
        lock (_finding)
        {
            return Find_NeedsLock(requestId);
        }
    }

    private Decision? Find_NeedsLock(string requestId)
    {
        var newest = Volatile.Read(ref _next) - 1;
        for (var back = 0; back < _ring.Length && newest - back >= 0; back++)
        {
            ref var place = ref _ring[(int)((ulong)(newest - back) % (ulong)_ring.Length)];
            if (Volatile.Read(ref place) is not { } seen || seen.RequestId != requestId || Interlocked.CompareExchange(ref place, null, seen) != seen)
            {
                continue;
            }

            var decision = seen.RequestId == requestId ? seen.Read() : null;
            if (Interlocked.CompareExchange(ref place, seen, null) is not null)
            {
                Keep(seen);
            }

            if (decision is not null)
            {
                return decision;
            }
        }

        return null;
    }

    private void Keep(DecisionTrace trace)
    {
        for (var i = 0; i < _spare.Length; i++)
        {
            if (_spare[i] is null && Interlocked.CompareExchange(ref _spare[i], trace, null) is null)
            {
                return;
            }
        }
    }
}
