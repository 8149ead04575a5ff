using Engine.Wire.Dialects;

namespace Engine.Host.Upstreams;

/// <summary>Recorded answers: speaks whatever the client speaks and needs no key.</summary>
internal sealed class ReplayProvider : IUpstreamProvider
{
    public IUpstreamDialect DialectFor(IClientDialect client) => (IUpstreamDialect)client;

    public void AddHeaders(List<KeyValuePair<string, string>> headers, IAccountCredential credential, Func<string, string?>? clientHeader)
    {
        // Fixtures are matched by path and body alone.
    }
}
