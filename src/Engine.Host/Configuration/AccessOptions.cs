using System.Collections.Immutable;

namespace Engine.Host.Configuration;

internal enum AccessMode
{
    /// <summary>No key is asked for.</summary>
    Off,

    /// <summary>A key is asked for everywhere.</summary>
    Strict,

    /// <summary>As strict, but the health pages are open.</summary>
    AllExceptHealth,

    /// <summary>As strict, but health pages and metrics are open.</summary>
    Monitoring,

    /// <summary>Off while only the local machine is listened to and no key exists; otherwise all-except-health.</summary>
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
