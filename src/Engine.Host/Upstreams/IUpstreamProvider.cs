using Engine.Wire.Dialects;

namespace Engine.Host.Upstreams;

/// <summary>What one kind of provider wants on the wire beside the dialect: authentication and version headers.</summary>
internal interface IUpstreamProvider
{
    /// <summary>The dialect it is called in for a client of the given one.</summary>
    IUpstreamDialect DialectFor(IClientDialect client);

    /// <summary>Adds authentication and version headers. The client's own key is never forwarded.</summary>
    /// <param name="headers">The call's headers so far.</param>
    /// <param name="credential">The account's. A token goes as a bearer, a key as the provider wants keys.</param>
    /// <param name="clientHeader">Looks up a header of the client's request; used only when client and upstream share the dialect.</param>
    void AddHeaders(List<KeyValuePair<string, string>> headers, IAccountCredential credential, Func<string, string?>? clientHeader);
}
