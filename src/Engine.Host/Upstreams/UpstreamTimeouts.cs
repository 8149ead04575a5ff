namespace Engine.Host.Upstreams;

/// <summary>How long an upstream may take.</summary>
/// <param name="Connect">To accept a connection, TLS included.</param>
/// <param name="FirstByte">From sending the request to the first byte of the answer's body.</param>
/// <param name="Idle">Between two reads of the answer.</param>
internal sealed record UpstreamTimeouts(TimeSpan Connect, TimeSpan FirstByte, TimeSpan Idle);
