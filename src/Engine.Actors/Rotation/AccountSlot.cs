namespace Engine.Actors.Rotation;

/// <summary>One account as the rotation table shows it.</summary>
/// <param name="Upstream">The upstream it belongs to.</param>
/// <param name="Account">Its public name, unique within the upstream.</param>
/// <param name="Weight">Its share for weighted strategies; at least 1.</param>
public sealed record AccountSlot(string Upstream, string Account, int Weight = 1);
