using System.Collections.Immutable;

namespace Engine.Host.Configuration;

/// <summary>The whole configuration, checked: whoever holds one need not doubt any value in it. Immutable; an edit makes another.</summary>
internal sealed record EngineOptions
{
    public ServerOptions Server { get; init; } = new();

    /// <summary>As written; relative to the working directory.</summary>
    public string DataDir { get; init; } = "data";

    public PersistenceOptions Persistence { get; init; } = new();

    public AccessOptions Access { get; init; } = new();

    public ManagementOptions Management { get; init; } = new();

    /// <summary>Those that can serve, in file order; names differ, whatever their case.</summary>
    public ImmutableArray<UpstreamOptions> Upstreams { get; init; } = [];

    /// <summary>Those that cannot for now: no account has its secret, or something else they need is not set.</summary>
    public ImmutableArray<UpstreamOptions> InactiveUpstreams { get; init; } = [];

    public RoutingOptions Routing { get; init; } = new();

    public UsageOptions Usage { get; init; } = new();

    public RequestLogOptions RequestLog { get; init; } = new();

    public TelemetryOptions Telemetry { get; init; } = new();
}

internal enum PersistenceProvider
{
    Sqlite,
    Postgres,
}

/// <summary><c>engine.persistence</c>.</summary>
internal sealed record PersistenceOptions
{
    public PersistenceProvider Provider { get; init; } = PersistenceProvider.Sqlite;

    /// <summary>Present for postgres; null for a file in the data directory.</summary>
    public Secret? ConnectionString { get; init; }

    /// <summary>How long events are kept once a snapshot covers them.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);
}

/// <summary><c>engine.management</c>.</summary>
internal sealed record ManagementOptions
{
    /// <summary>Null when none is set.</summary>
    public Secret? Password { get; init; }

    public bool AllowRemote { get; init; }
}

/// <summary><c>engine.usage</c>.</summary>
internal sealed record UsageOptions
{
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);
}

/// <summary><c>engine.request-log</c>.</summary>
internal sealed record RequestLogOptions
{
    public bool Enabled { get; init; }

    public bool Bodies { get; init; }

    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);
}

/// <summary><c>engine.telemetry</c>.</summary>
internal sealed record TelemetryOptions
{
    public bool Prometheus { get; init; } = true;

    /// <summary>Null to send nothing.</summary>
    public Uri? OtlpEndpoint { get; init; }
}
