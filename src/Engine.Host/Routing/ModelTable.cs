using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Engine.Actors.Accounts;
using Engine.Host.Upstreams;
using Engine.Wire.Dialects;

namespace Engine.Host.Routing;

/// <summary>A model an upstream offers and the names clients may use for it.</summary>
/// <param name="Id">The upstream's name of it.</param>
/// <param name="Aliases">Further names.</param>
/// <param name="Limits">The operator's limits of it on each account.</param>
internal sealed record OfferedModel(string Id, IReadOnlyList<string> Aliases, AccountLimits Limits);

/// <summary>An ordered list of upstream and model, under a name: <c>route:NAME</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Targets">What is tried, in order, as <c>UPSTREAM/MODEL</c>.</param>
internal sealed record Flow(string Name, IReadOnlyList<string> Targets);

/// <summary>What one upstream offers.</summary>
/// <param name="Upstream">The upstream.</param>
/// <param name="Models">Its models.</param>
/// <param name="IsFallback">True when it serves only names that no other upstream offers.</param>
/// <param name="TakesAnyModel">True when <c>UPSTREAM/MODEL</c> also reaches models that are not listed.</param>
internal sealed record Offer(Upstream Upstream, IReadOnlyList<OfferedModel> Models, bool IsFallback, bool TakesAnyModel);

/// <summary>
/// Every name a client may use, resolved to a pool (contract.md, model names): <c>MODEL</c>, an alias, <c>UPSTREAM/MODEL</c>,
/// <c>PROVIDER://MODEL</c>, <c>route:FLOW</c>. Several upstreams offering one name form one pool. Immutable; a reload makes a new one.
/// </summary>
internal sealed class ModelTable
{
    // Unlisted models whose pools are kept; those of further ones are made for each request.
    private const int MaxOpenModels = 512;

    private readonly FrozenDictionary<string, ModelPool> _pools;
    private readonly FrozenDictionary<string, Func<string, ModelPool>> _open;

    private ModelTable(
        FrozenDictionary<string, ModelPool> pools, FrozenDictionary<string, Func<string, ModelPool>> open, IReadOnlyList<ModelEntry> entries)
    {
        _pools = pools;
        _open = open;
        Entries = entries;
    }

    /// <summary>The names that model lists show, in config order.</summary>
    public IReadOnlyList<ModelEntry> Entries { get; }

    /// <summary>The pool for a name; null when nobody offers it.</summary>
    public ModelPool? Find(string model)
    {
        if (_pools.TryGetValue(model, out var pool))
        {
            return pool;
        }

        return Open(_open, model);
    }

    private static ModelPool? Open(FrozenDictionary<string, Func<string, ModelPool>> open, string model)
    {
        var slash = model.IndexOf('/');
        return slash > 0 && slash < model.Length - 1 && open.TryGetValue(model[..slash], out var make) ? make(model[(slash + 1)..]) : null;
    }

    /// <summary>Builds the table.</summary>
    /// <param name="offers">What each upstream offers, in config order.</param>
    /// <param name="schemes">Scheme of <c>PROVIDER://MODEL</c> by upstream.</param>
    /// <param name="flows">Ordered fallbacks.</param>
    /// <param name="stageOf">Makes the stage of a pool's name.</param>
    /// <param name="createdUnixSeconds">What model lists show as creation time.</param>
    public static ModelTable Build(
        IReadOnlyList<Offer> offers,
        Func<Upstream, IReadOnlyList<string>> schemes,
        IReadOnlyList<Flow> flows,
        Func<string, IReadOnlyList<ModelTarget>, PoolStage> stageOf,
        long createdUnixSeconds)
    {
        var targets = new Dictionary<string, List<ModelTarget>>(StringComparer.Ordinal);
        var entries = new List<ModelEntry>();
        foreach (var offer in offers.OrderBy(each => each.IsFallback).Where(each => each.Upstream.Accounts.Count > 0))
        {
            // A fallback must not join a pool that real upstreams already serve.
            var taken = offer.IsFallback ? targets.Keys.ToHashSet(StringComparer.Ordinal) : [];
            foreach (var (name, model) in offer.Models.SelectMany(model => model.Aliases.Prepend(model.Id), (model, name) => (name, model)))
            {
                var target = new ModelTarget(offer.Upstream, model.Id, model.Limits);
                Add(targets, $"{offer.Upstream.Name}/{name}", target);
                foreach (var scheme in schemes(offer.Upstream))
                {
                    Add(targets, $"{scheme}://{name}", target);
                }

                if (taken.Contains(name))
                {
                    continue;
                }

                if (Add(targets, name, target))
                {
                    entries.Add(new ModelEntry(name, offer.Upstream.Name, createdUnixSeconds));
                }
            }
        }

        var pools = targets.ToDictionary(pair => pair.Key, pair => new ModelPool(pair.Key, [stageOf(pair.Key, pair.Value)]), StringComparer.Ordinal);
        var open = offers.Where(offer => offer.TakesAnyModel && offer.Upstream.Accounts.Count > 0)
            .ToFrozenDictionary(offer => offer.Upstream.Name, offer => OpenPool(offer.Upstream, stageOf), StringComparer.Ordinal);
        foreach (var flow in flows)
        {
            // A target whose upstream has no account now is left out; a flow without any is unknown.
            var stages = flow.Targets.Select(target => pools.GetValueOrDefault(target) ?? Open(open, target)).OfType<ModelPool>().SelectMany(pool => pool.Stages);
            if (stages.ToImmutableArray() is { IsEmpty: false } some)
            {
                pools["route:" + flow.Name] = new ModelPool("route:" + flow.Name, some);
                entries.Add(new ModelEntry("route:" + flow.Name, "engine", createdUnixSeconds));
            }
        }

        return new ModelTable(pools.ToFrozenDictionary(StringComparer.Ordinal), open, entries);
    }

    // Unlisted models of one upstream share its rotation, so that asking for many names does not favour its first account.
    private static Func<string, ModelPool> OpenPool(Upstream upstream, Func<string, IReadOnlyList<ModelTarget>, PoolStage> stageOf)
    {
        var name = upstream.Name + "/*";
        var made = new ConcurrentDictionary<string, ModelPool>(StringComparer.Ordinal);
        return model => made.TryGetValue(model, out var known) ? known : made.Count < MaxOpenModels ? made.GetOrAdd(model, Make) : Make(model);

        ModelPool Make(string model) => new(name, [stageOf(name, [new ModelTarget(upstream, model, AccountLimits.None)])]);
    }

    // True when the name is new.
    private static bool Add(Dictionary<string, List<ModelTarget>> targets, string name, ModelTarget target)
    {
        if (targets.TryGetValue(name, out var known))
        {
            known.Add(target);
            return false;
        }

        targets.Add(name, [target]);
        return true;
    }
}
