using Engine.Wire.Json;

namespace Engine.Wire.Dialects;

/// <summary>A request in the upstream's dialect. Owns the rope.</summary>
/// <param name="Path">Path and query below the upstream's base URL, without a leading slash.</param>
/// <param name="Body">The body.</param>
public sealed record WrittenRequest(string Path, BodyRope Body) : IDisposable
{
    /// <summary>Dialect headers beside authentication and content type (<c>anthropic-beta</c>).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose() => Body.Dispose();
}
