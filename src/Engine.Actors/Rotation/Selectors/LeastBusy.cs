namespace Engine.Actors.Rotation;

/// <summary>The account with the fewest calls under way for its weight; among equals they take turns.</summary>
public sealed class LeastBusy : Selector
{
    /// <inheritdoc/>
    public override string Name => "least-busy";

    /// <inheritdoc/>
    public override bool Compares => true;

    /// <inheritdoc/>
    public override Turn Claim(Cursor cursor, int length)
    {
        var start = cursor.Position % length;
        return new Turn(start, new Cursor((start + 1) % length, 0));
    }

    /// <inheritdoc/>
    public override long Score(Lane lane, long now) => ((long)lane.Account.InFlight << 20) / lane.Account.Weight;
}
