using Engine.Host.Configuration;
using Engine.Wire.Dialects;

namespace Engine.Host.Upstreams;

/// <summary>A configured upstream at run time. Immutable; a reload makes new ones.</summary>
internal sealed record Upstream
{
    /// <summary>Its name in the config.</summary>
    public required string Name { get; init; }

    /// <summary>The dialect of its config.</summary>
    public required UpstreamDialect Dialect { get; init; }

    /// <summary>True when recordings answer: their failures are part of the play and move no account.</summary>
    public bool IsRecording => Dialect == UpstreamDialect.Replay;

    /// <summary>How its provider is addressed and authenticated.</summary>
    public required IUpstreamProvider Provider { get; init; }

    /// <summary>What carries its calls.</summary>
    public required IUpstreamTransport Transport { get; init; }

    /// <summary>Where its API begins, without a trailing slash.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>How long it may take.</summary>
    public required UpstreamTimeouts Timeouts { get; init; }

    /// <summary>Its accounts that have a credential.</summary>
    public required IReadOnlyList<UpstreamAccount> Accounts { get; init; }

    /// <summary>The dialect it is called in for a client of the given one.</summary>
    public IUpstreamDialect DialectFor(IClientDialect client) => Provider.DialectFor(client);
}
