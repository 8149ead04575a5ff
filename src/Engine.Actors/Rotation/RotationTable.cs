using System.Collections.Immutable;

namespace Engine.Actors.Rotation;

/// <summary>
/// An immutable snapshot of a pool: which accounts may be called, in their configured order. The control plane publishes a new
/// one after each persisted change; a request reads whichever is current and never waits.
/// </summary>
/// <param name="Slots">The accounts.</param>
public sealed record RotationTable(ImmutableArray<AccountSlot> Slots)
{
    /// <summary>A table without accounts.</summary>
    public static readonly RotationTable Empty = new([]);
}
