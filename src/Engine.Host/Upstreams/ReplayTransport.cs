using Engine.Host.Recording;

namespace Engine.Host.Upstreams;

/// <summary>Calls that recordings answer, in process.</summary>
internal sealed class ReplayTransport : IUpstreamTransport
{
    private readonly ReplayUpstream _replay;

    public ReplayTransport(ReplayUpstream replay) => _replay = replay;

    /// <summary>Recordings that could not be used.</summary>
    public IReadOnlyList<FixtureFault> Faults => _replay.Library.Faults;

    public async ValueTask<UpstreamResponse> SendAsync(UpstreamCall call, CancellationToken cancellation)
    {
        var body = call.Body is { } rope ? rope.ToArray() : [];
        var answer = await _replay.SendAsync(new ReplayRequest(call.Method, call.Url.PathAndQuery, call.Headers, body), cancellation);
        return new UpstreamResponse(
            answer.Status,
            answer.Headers,
            answer.Body);
    }
}
