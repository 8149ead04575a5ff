using Engine.Actors.Accounts;
using Engine.Host.Upstreams;

namespace Engine.Host.Routing;

/// <summary>One place that can answer for a model.</summary>
/// <param name="Upstream">The upstream.</param>
/// <param name="Model">The model's name there.</param>
/// <param name="Limits">The operator's limits of this model on each account.</param>
internal sealed record ModelTarget(Upstream Upstream, string Model, AccountLimits Limits);
