using Engine.Host.Configuration;
using Engine.Wire.Json;

namespace Engine.Host.Upstreams;

/// <summary>One call as the transport sends it. The body may be sent more than once and is not disposed by the transport.</summary>
internal sealed record UpstreamCall
{
    public required string Method { get; init; }

    public required Uri Url { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public BodyRope? Body { get; init; }

    public required ProxyOptions? Proxy { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>True to use a connection that has served no request before.</summary>
    public bool FreshConnection { get; init; }
}
