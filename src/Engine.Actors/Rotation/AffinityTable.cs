namespace Engine.Actors.Rotation;

/// <summary>
/// Which account a conversation is on, so that it stays where its prompt cache is warm. Bounded: a conversation has a few places
/// it may be in, and takes that of the one that was quiet the longest there. In memory only: after a restart conversations are
/// placed anew. Lock-free.
/// </summary>
public sealed class AffinityTable
{
    private const int MostWays = 8;

    // Neighbours of _ways places each; a conversation's number says which neighbours are its own.
    private readonly Binding?[] _places;
    private readonly int _ways;
    private readonly ulong _sets;
    private readonly long _lifetime;
    private int _count;

    /// <summary>Makes a table.</summary>
    /// <param name="capacity">Conversations it remembers at most; 1 or more.</param>
    /// <param name="lifetime">How long a quiet conversation is remembered.</param>
    public AffinityTable(int capacity, TimeSpan lifetime)
    {
        _ways = Math.Clamp(capacity, 1, MostWays);
        _sets = (ulong)Math.Max(1, capacity / _ways);
        _places = new Binding?[(int)_sets * _ways];
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
        foreach (ref var slot in PlacesOf(session))
        {
            if (Volatile.Read(ref slot) is not { } binding || binding.Session != session)
            {
                continue;
            }

            if (now - Volatile.Read(ref binding.LastUsed) > _lifetime)
            {
                return null;
            }

            Volatile.Write(ref binding.LastUsed, now);
            var place = binding.Place;
            family = place.Family;
            return place.Lane;
        }

        return null;
    }

    /// <summary>Puts a conversation on a lane.</summary>
    internal void Bind(UInt128 session, Lane lane, string family, long now)
    {
        var places = PlacesOf(session);
        while (true)
        {
            var victim = 0;
            Binding? quiet = null;
            var quietSince = long.MaxValue;
            for (var i = 0; i < places.Length; i++)
            {
                var binding = Volatile.Read(ref places[i]);
                if (binding?.Session == session)
                {
                    Rebind(binding, lane, family, now);
                    return;
                }

                var lastUsed = binding is null ? long.MinValue : Volatile.Read(ref binding.LastUsed);
                if (lastUsed < quietSince)
                {
                    (victim, quiet, quietSince) = (i, binding, lastUsed);
                }
            }

            var added = new Binding(session) { Place = new Place(lane, family), LastUsed = now };
            if (Interlocked.CompareExchange(ref places[victim], added, quiet) == quiet)
            {
                if (quiet is null)
                {
                    Interlocked.Increment(ref _count);
                }

                return;
            }
        }
    }

    private static void Rebind(Binding binding, Lane lane, string family, long now)
    {
        if (binding.Place.Lane != lane)
        {
            binding.Place = new Place(lane, family);
        }

        Volatile.Write(ref binding.LastUsed, now);
    }

    private Span<Binding?> PlacesOf(UInt128 session) => _places.AsSpan((int)((ulong)session % _sets) * _ways, _ways);

    private sealed class Binding(UInt128 session)
    {
        private volatile Place _place = null!;

        // UTC ticks.
        public long LastUsed;

        public UInt128 Session { get; } = session;

        public required Place Place
        {
            get => _place;
            set => _place = value;
        }
    }

    private sealed record Place(Lane Lane, string Family);
}
