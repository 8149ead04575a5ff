using Engine.Actors.Rotation;
using Engine.Host.Configuration;

namespace Engine.Host.Upstreams;

/// <summary>One account of an upstream: who calls and through what.</summary>
/// <param name="Slot">What the account's actor publishes and what its calls count.</param>
/// <param name="Credential">What its calls are signed with.</param>
/// <param name="Headers">Headers sent with every call of this account.</param>
/// <param name="Proxy">The proxy its calls go through; null for a direct connection.</param>
internal sealed record UpstreamAccount(
    AccountSlot Slot,
    IAccountCredential Credential,
    IReadOnlyList<HeaderOptions> Headers,
    ProxyOptions? Proxy);
