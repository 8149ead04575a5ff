namespace Engine.Actors.Rotation;

/// <summary>Always the first account of the config that can serve.</summary>
public sealed class FillFirst : Selector
{
    /// <inheritdoc/>
    public override string Name => "fill-first";

    /// <inheritdoc/>
    public override Turn Claim(Cursor cursor, int length) => new(0, default);
}
