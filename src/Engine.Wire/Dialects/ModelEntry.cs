namespace Engine.Wire.Dialects;

/// <summary>A model as the model lists show it.</summary>
/// <param name="Id">The name clients use.</param>
/// <param name="OwnedBy">The upstream's name.</param>
/// <param name="CreatedUnixSeconds">When the engine learned of it, in seconds since 1970-01-01 UTC.</param>
public sealed record ModelEntry(string Id, string OwnedBy, long CreatedUnixSeconds);
