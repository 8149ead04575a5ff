using System.Collections.Immutable;

namespace Engine.Host.Configuration;

/// <summary>One of an upstream's <c>accounts</c>.</summary>
internal sealed record AccountOptions
{
    /// <summary>Public: it appears in logs, metrics and response headers. Differs within its upstream.</summary>
    public required string Name { get; init; }

    /// <summary>Null where the upstream asks for none, and beside <see cref="OAuth"/>.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Null where the credential does not refresh.</summary>
    public OAuthOptions? OAuth { get; init; }

    /// <summary>1 to 1000.</summary>
    public int Weight { get; init; } = 1;

    public ProxyOptions? Proxy { get; init; }

    /// <summary>Sent with every request, instead of headers of that name that the engine would send.</summary>
    public ImmutableArray<HeaderOptions> Headers { get; init; } = [];

    public LimitOptions Limits { get; init; } = new();
}

/// <param name="TokenUrl">Where refresh tokens are exchanged (RFC 6749 §6).</param>
/// <param name="ClientId">Null where the provider asks for none.</param>
/// <param name="ClientSecret">Null for public clients.</param>
/// <param name="RefreshToken">What to begin with. Later ones are stored in the data folder; another one here replaces those.</param>
/// <param name="Scope">Empty for what was granted at first.</param>
internal sealed record OAuthOptions(Uri TokenUrl, string? ClientId, Secret? ClientSecret, Secret RefreshToken, string Scope);

/// <param name="Name">An HTTP token.</param>
/// <param name="Value">May well be a credential.</param>
internal sealed record HeaderOptions(string Name, Secret Value);

/// <param name="Address">http, https, socks4, socks4a or socks5, without credentials.</param>
/// <param name="User">From the URL.</param>
/// <param name="Password">From the URL.</param>
internal sealed record ProxyOptions(Uri Address, string? User, Secret? Password);
