namespace Engine.Actors.Rotation;

/// <summary>
/// The account whose provider refills a window first while something is left in it: what is not used by then is lost. Accounts
/// that have told nothing come last; among equals they take turns.
/// </summary>
public sealed class SoonestResetFirst : Selector
{
    /// <inheritdoc/>
    public override string Name => "soonest-reset-first";

    /// <inheritdoc/>
    public override bool Compares => true;

    /// <inheritdoc/>
    public override Turn Claim(Cursor cursor, int length)
    {
        var start = cursor.Position % length;
        return new Turn(start, new Cursor((start + 1) % length, 0));
    }

    /// <inheritdoc/>
    public override long Score(Lane lane, long now)
    {
        // A reset that has passed says nothing about the window that followed.
        var reset = lane.Account.Headroom.SoonestReset;
        return reset > now ? reset : long.MaxValue;
    }
}
