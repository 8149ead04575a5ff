using System.Collections.Immutable;

namespace Engine.Actors.Rotation;

/// <summary>
/// A rotation strategy, as pure functions. A pool keeps one word, the cursor; <see cref="Claim"/> says where the next walk over
/// the table's order begins and what the cursor becomes. A walk takes the first lane that can serve, or, for strategies that
/// <see cref="Compares"/>, the one with the lowest score.
/// </summary>
public abstract class Selector
{
    /// <summary>The strategy's word in the config and in traces.</summary>
    public abstract string Name { get; }

    /// <summary>True when every lane that can serve is scored.</summary>
    public virtual bool Compares => false;

    /// <summary>True when the strategy stays on one account: its moves are worth remembering.</summary>
    public virtual bool StaysPut => false;

    /// <summary>The order a walk visits the lanes in: indexes, each at least once.</summary>
    public virtual ImmutableArray<int> OrderOf(ImmutableArray<Lane> lanes) => [.. Enumerable.Range(0, lanes.Length)];

    /// <summary>The next turn.</summary>
    /// <param name="cursor">The pool's cursor.</param>
    /// <param name="length">Positions of the order; 1 or more.</param>
    public abstract Turn Claim(Cursor cursor, int length);

    /// <summary>The cursor after a walk had to pass over its beginning; unchanged when the pool is to come back to it.</summary>
    /// <param name="cursor">The pool's cursor.</param>
    /// <param name="position">The position that was taken instead.</param>
    /// <param name="why">What stood in the way at the beginning.</param>
    public virtual Cursor Move(Cursor cursor, int position, PassedOver why) => cursor;

    /// <summary>A lane's score for strategies that compare; lower is better.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="now">UTC ticks.</param>
    public virtual long Score(Lane lane, long now) => 0;
}

/// <summary>Where a pool stands: one word, so that requests in parallel can move it without a lock.</summary>
/// <param name="Position">A position of the order.</param>
/// <param name="Served">Requests served from there.</param>
public readonly record struct Cursor(int Position, int Served)
{
    /// <summary>As one word.</summary>
    public long Packed => ((long)Position << 32) | (uint)Served;

    /// <summary>From one word.</summary>
    public static Cursor Unpack(long packed) => new((int)(packed >> 32), (int)packed);
}

/// <summary>One request's turn.</summary>
/// <param name="Start">The position its walk begins at.</param>
/// <param name="Next">The cursor afterwards.</param>
public readonly record struct Turn(int Start, Cursor Next);
