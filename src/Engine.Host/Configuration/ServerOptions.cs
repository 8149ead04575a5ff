using System.Collections.Immutable;

namespace Engine.Host.Configuration;

/// <summary><c>engine.server</c>. Sizes in bytes.</summary>
internal sealed record ServerOptions
{
    public ImmutableArray<ListenAddress> Listen { get; init; } = [new ListenAddress(IsHttps: false, "127.0.0.1", 8045)];

    /// <summary>Present whenever an address is https.</summary>
    public CertificateOptions? Certificate { get; init; }

    public long MaxRequestBody { get; init; } = 64 << 20;

    /// <summary>Of a compressed request body, after inflation.</summary>
    public long MaxDecompressedBody { get; init; } = 64 << 20;

    /// <summary>One event of an upstream's stream, or one whole buffered answer.</summary>
    public long MaxResponseEvent { get; init; } = 64 << 20;

    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>PEM files, absolute paths.</summary>
internal sealed record CertificateOptions(string Path, string KeyPath);
