using Engine.Actors.Credentials;
using Engine.Host.Configuration;

namespace Engine.Host.Upstreams;

/// <summary>What an account's calls are signed with.</summary>
internal interface IAccountCredential
{
    /// <summary>What signs a call that begins now; null when nothing does. Never waits.</summary>
    Secret? Current { get; }

    /// <summary>True for an OAuth access token, which every provider takes as a bearer; false for a key of the provider's own.</summary>
    bool IsToken { get; }
}

/// <summary>A key that stays the same.</summary>
/// <param name="key">Null for upstreams that need none.</param>
internal sealed class FixedCredential(Secret? key) : IAccountCredential
{
    /// <summary>For upstreams that need none.</summary>
    public static readonly FixedCredential None = new(null);

    public Secret? Current => key;

    public bool IsToken => false;
}

/// <summary>An access token that is fetched anew again and again.</summary>
internal sealed class KeptCredential(CredentialKeeper keeper) : IAccountCredential
{
    public Secret? Current => keeper.Current is { } token ? new Secret(token) : null;

    public bool IsToken => true;
}
