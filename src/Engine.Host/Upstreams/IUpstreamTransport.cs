namespace Engine.Host.Upstreams;

/// <summary>Carries calls to an upstream. Narrow, so that a faster client can take the place of the framework's.</summary>
internal interface IUpstreamTransport
{
    /// <summary>Sends a call and returns once the response head is there. The caller disposes the response, which frees or closes its connection.</summary>
    /// <exception cref="UpstreamUnreachableException">No response came.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    ValueTask<UpstreamResponse> SendAsync(UpstreamCall call, CancellationToken cancellation);
}
