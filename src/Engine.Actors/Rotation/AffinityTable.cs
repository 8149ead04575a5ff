using System.Collections.Concurrent;

namespace Engine.Actors.Rotation;

/// <summary>
/// Which account a conversation is on, so that it stays where its prompt cache is warm. Bounded: when it is full the
/// conversations that were quiet the longest, among a sample, are forgotten. In memory only: after a restart conversations are
/// placed anew.
/// </summary>
public sealed class AffinityTable
{
    private const int Sample = 16;

    private readonly ConcurrentDictionary<UInt128, Binding> _bindings = new();
    private readonly int _capacity;
    private readonly long _lifetime;
    private int _count;

    /// <summary>Makes a table.</summary>
    /// <param name="capacity">Conversations it remembers; 1 or more.</param>
    /// <param name="lifetime">How long a quiet conversation is remembered.</param>
    public AffinityTable(int capacity, TimeSpan lifetime)
    {
        _capacity = Math.Max(1, capacity);
        _lifetime = lifetime.Ticks;
    }

    /// <summary>Conversations it remembers now, forgotten ones included until their place is needed.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Where a conversation is; null when it is new or was quiet for too long.</summary>
    /// <param name="session">The conversation within its pool.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="family">The family of the accounts it was on.</param>
    internal Lane? Find(UInt128 session, long now, out string? family)
    {
        family = null;
        if (!_bindings.TryGetValue(session, out var binding) || now - Volatile.Read(ref binding.LastUsed) > _lifetime)
        {
            return null;
        }

        Volatile.Write(ref binding.LastUsed, now);
        var place = binding.Place;
        family = place.Family;
        return place.Lane;
    }

    /// <summary>Puts a conversation on a lane.</summary>
    internal void Bind(UInt128 session, Lane lane, string family, long now)
    {
        if (_bindings.TryGetValue(session, out var known))
        {
            if (known.Place.Lane != lane)
            {
                known.Place = new Place(lane, family);
            }

            Volatile.Write(ref known.LastUsed, now);
            return;
        }

        if (_bindings.TryAdd(session, new Binding { Place = new Place(lane, family), LastUsed = now }) && Interlocked.Increment(ref _count) > _capacity)
        {
            Forget();
        }
    }

    private void Forget()
    {
        var oldest = long.MaxValue;
        UInt128 victim = default;
        var seen = 0;
        foreach (var (session, binding) in _bindings)
        {
            var used = Volatile.Read(ref binding.LastUsed);
            if (used < oldest)
            {
                (oldest, victim) = (used, session);
            }

            if (++seen == Sample)
            {
                break;
            }
        }

        if (seen > 0 && _bindings.TryRemove(victim, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private sealed class Binding
    {
        private volatile Place _place = null!;

        // UTC ticks.
        public long LastUsed;

        public required Place Place
        {
            get => _place;
            set => _place = value;
        }
    }

    private sealed record Place(Lane Lane, string Family);
}
