using System.Collections.Immutable;

namespace Engine.Host.Configuration;

internal enum AccessMode
{
    /// <summary>No key is asked for.</summary>
    Off,

    /// <summary>A key is asked for everywhere but on the health pages.</summary>
    Strict,

    /// <summary>A key is asked for everywhere but on the health pages and the files of the web page.</summary>
    AllExceptHealth,

    /// <summary>No key is asked for; one that comes is still counted.</summary>
    Monitoring,

    /// <summary>As all-except-health when there is a static key or other machines can reach an address, otherwise off.</summary>
    Auto,
}

/// <summary><c>engine.access</c>.</summary>
internal sealed record AccessOptions
{
    public AccessMode Mode { get; init; } = AccessMode.Auto;

    /// <summary>Static keys, in file order; names differ, keys differ.</summary>
    public ImmutableArray<AccessKeyOptions> Keys { get; init; } = [];

    public LimitOptions PerKey { get; init; } = new();
}

/// <param name="Name">What logs and metrics call it.</param>
/// <param name="Key">Not empty.</param>
internal sealed record AccessKeyOptions(string Name, Secret Key);

/// <summary>Requests and tokens per minute, and calls at once; 0 means no limit.</summary>
internal sealed record LimitOptions
{
    public long RequestsPerMinute { get; init; }

    public long TokensPerMinute { get; init; }

    public int Concurrency { get; init; }
}
