using System.Collections.Immutable;

namespace Engine.Host.Configuration;

internal enum RoutingStrategy
{
    RoundRobin,

    /// <summary>Stays on an account for a number of requests.</summary>
    RequestCount,

    /// <summary>Stays on an account until its quota is used up.</summary>
    QuotaExhausted,

    /// <summary>Always the first account that can serve.</summary>
    FillFirst,
    LeastBusy,
    Weighted,

    /// <summary>The account whose provider refills a window first: what is left by then is lost.</summary>
    SoonestResetFirst,
}

internal enum RoutingAffinity
{
    None,

    /// <summary>A conversation stays on its account while that can serve it.</summary>
    Session,
}

/// <summary><c>engine.routing</c>.</summary>
internal sealed record RoutingOptions
{
    public RoutingStrategy Strategy { get; init; } = RoutingStrategy.RequestCount;

    /// <summary>Requests in a row on one account, for the strategy of that name.</summary>
    public int RequestCount { get; init; } = 50;

    public RoutingAffinity Affinity { get; init; } = RoutingAffinity.Session;

    /// <summary>How long a quiet conversation is remembered.</summary>
    public TimeSpan AffinityLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Other accounts tried after a provider's failure before the client sees it. An account that refuses because of its own limits does not count.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Retries that the whole engine may make per hundred requests, beside ten a second.</summary>
    public int RetryPercent { get; init; } = 20;

    /// <summary>How long a request may queue when every account is cooling.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many requests may queue.</summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>No account rests longer without being asked again, whatever its provider named.</summary>
    public TimeSpan LongestRest { get; init; } = TimeSpan.FromMinutes(30);

    public ImmutableArray<FlowOptions> Flows { get; init; } = [];

    /// <summary>Models whose accounts take turns in a way of their own.</summary>
    public ImmutableArray<PoolOptions> Pools { get; init; } = [];
}

/// <summary>How the accounts of one model take turns.</summary>
/// <param name="Model">The name clients use.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="RequestCount">Requests in a row, for the strategy of that name.</param>
internal sealed record PoolOptions(string Model, RoutingStrategy Strategy, int RequestCount);

/// <summary>The model <c>route:NAME</c>: its targets in the order they are tried.</summary>
internal sealed record FlowOptions(string Name, ImmutableArray<FlowTarget> Targets);

/// <param name="Upstream">A configured upstream, active or not.</param>
/// <param name="Model">An id or alias of it, or anything where it discovers its models.</param>
internal sealed record FlowTarget(string Upstream, string Model);
