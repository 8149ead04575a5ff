using Microsoft.Extensions.Configuration;

namespace Engine.Host.Configuration.Hocon;

/// <summary>A HOCON file as a source of string keys, for what is built on Microsoft.Extensions.Configuration.</summary>
internal sealed class HoconConfigurationSource : IConfigurationSource
{
    public required string Path { get; init; }

    /// <summary>Whether the file may be missing.</summary>
    public bool Optional { get; init; }

    public bool ReloadOnChange { get; init; }

    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told the faults of an edit that was refused; the keys stay as they were.</summary>
    public Action<IReadOnlyList<ConfigFault>>? Refused { get; init; }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new HoconConfigurationProvider(this);
}
