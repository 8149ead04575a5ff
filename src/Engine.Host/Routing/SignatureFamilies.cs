using Engine.Host.Upstreams;

namespace Engine.Host.Routing;

/// <summary>
/// Which accounts believe each other's reasoning signatures. Accounts of one provider do, but for Claude's 5.5 generation, whose
/// blocks are bound to the account that made them (wire/mapping.md §4, restore rules).
/// </summary>
internal static class SignatureFamilies
{
    private static readonly string[] AccountBound = ["5-5", "5.5"];

    /// <summary>The family's name.</summary>
    public static string Of(ModelTarget target, UpstreamAccount account)
    {
        var provider = target.Upstream.Provider.GetType().Name + "@" + new Uri(target.Upstream.BaseUrl).Authority;
        var bound = target.Upstream.Provider is AnthropicProvider && AccountBound.Any(generation => target.Model.Contains(generation, StringComparison.Ordinal));
        return bound ? provider + "/" + account.Slot.Id : provider;
    }
}
