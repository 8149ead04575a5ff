using Engine.Host.Access;
using Engine.Host.Accounts;
using Engine.Host.Exchange;
using Engine.Host.Management;
using Engine.Host.Routing;

namespace Engine.Host.Server;

/// <summary>What the config says, in the form requests use. Immutable: a request keeps the one it began with, also across a reload.</summary>
internal sealed record EngineState
{
    /// <summary>Every model name and who serves it.</summary>
    public required ModelTable Models { get; init; }

    /// <summary>The way to the accounts' actors.</summary>
    public required AccountFeed Accounts { get; init; }

    /// <summary>Bounds of an exchange.</summary>
    public required ExchangeLimits Limits { get; init; }

    /// <summary>Who may call.</summary>
    public required AccessGate Access { get; init; }

    /// <summary>Who may manage.</summary>
    public required ManagementGate Management { get; init; }

    /// <summary>Bytes a request body may have, before and after inflation.</summary>
    public required int MaxRequestBody { get; init; }

    /// <summary>Bytes a compressed request body may inflate to.</summary>
    public required int MaxInflatedBody { get; init; }
}

/// <summary>The current state; replaced as a whole by a reload.</summary>
internal sealed class LiveState
{
    private volatile EngineState _current;

    public LiveState(EngineState first) => _current = first;

    public EngineState Current => _current;

    /// <summary>True once the server has begun to stop.</summary>
    public bool IsDraining { get; set; }

    public void Replace(EngineState next) => _current = next;
}
