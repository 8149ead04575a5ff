namespace Engine.Actors.Rotation;

/// <summary>Every request the next account.</summary>
public sealed class RoundRobin : Selector
{
    /// <inheritdoc/>
    public override string Name => "round-robin";

    /// <inheritdoc/>
    public override Turn Claim(Cursor cursor, int length)
    {
        var start = cursor.Position % length;
        return new Turn(start, new Cursor((start + 1) % length, 0));
    }
}
