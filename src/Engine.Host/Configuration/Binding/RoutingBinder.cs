using System.Collections.Immutable;
using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary><c>engine.routing</c>; its flows must name upstreams and models that are configured.</summary>
internal static class RoutingBinder
{
    public static RoutingOptions Bind(SectionReader reader, IReadOnlyList<UpstreamOptions> upstreams)
    {
        var standard = new RoutingOptions();
        var options = new RoutingOptions
        {
            Strategy = reader.Word("strategy", standard.Strategy, ConfigWords.Strategies),
            RequestCount = (int)reader.Number("request-count", standard.RequestCount, 1, 1_000_000),
            Affinity = reader.Word("affinity", standard.Affinity, ConfigWords.Affinities),
            AffinityLifetime = reader.Duration("affinity-lifetime", standard.AffinityLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
            Retries = (int)reader.Number("retries", standard.Retries, 0, 100),
            RetryPercent = (int)reader.Number("retry-percent", standard.RetryPercent, 0, 1000),
            MaxWait = reader.Duration("max-wait", standard.MaxWait, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            QueueCapacity = (int)reader.Number("queue-capacity", standard.QueueCapacity, 0, 1_000_000),
            LongestRest = reader.Duration("longest-rest", standard.LongestRest, TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)),
            Flows = Flows(reader, upstreams),
        };
        options = options with { Pools = Pools(reader, options) };
        reader.Finish();
        return options;
    }

    private static ImmutableArray<PoolOptions> Pools(SectionReader reader, RoutingOptions standard)
    {
        var pools = ImmutableArray.CreateBuilder<PoolOptions>();
        foreach (var (model, pool) in reader.Named("pools"))
        {
            pools.Add(new PoolOptions(
                model,
                pool.Word("strategy", standard.Strategy, ConfigWords.Strategies),
                (int)pool.Number("request-count", standard.RequestCount, 1, 1_000_000)));
            pool.Finish();
        }

        return pools.ToImmutable();
    }

    private static ImmutableArray<FlowOptions> Flows(SectionReader reader, IReadOnlyList<UpstreamOptions> upstreams)
    {
        var flows = ImmutableArray.CreateBuilder<FlowOptions>();
        foreach (var (name, value) in reader.Entries("flows"))
        {
            var path = $"{reader.Path}.flows.{HoconPath.Render([name])}";
            if (!Names.IsName(name))
            {
                reader.Ledger.Fault(value.Origin, $"{path}: the name of a flow must be {Names.Allowed}");
            }

            if (value is not HoconList { Items: { Count: > 0 } items })
            {
                reader.Ledger.Fault(value.Origin, $"{path} must be a list of at least one \"upstream/model\"");
                continue;
            }

            var targets = ImmutableArray.CreateBuilder<FlowTarget>();
            foreach (var item in items)
            {
                if (reader.TextOf(item, path) is { } text && Target(reader.Ledger, item, path, text, upstreams) is { } target)
                {
                    targets.Add(target);
                }
            }

            flows.Add(new FlowOptions(name, targets.ToImmutable()));
        }

        return flows.ToImmutable();
    }

    private static FlowTarget? Target(
        BindingLedger ledger, HoconValue item, string path, string text, IReadOnlyList<UpstreamOptions> upstreams)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == text.Length - 1)
        {
            ledger.Fault(item.Origin, $"{path} takes \"upstream/model\", not {SectionReader.Show(item)}");
            return null;
        }

        var target = new FlowTarget(text[..slash], text[(slash + 1)..]);
        var upstream = upstreams.FirstOrDefault(candidate => candidate.Name == target.Upstream);
        if (upstream is null)
        {
            var nearest = NearestWord.Of(target.Upstream, upstreams.Select(candidate => candidate.Name));
            ledger.Fault(item.Origin, $"{path}: {SectionReader.Show(item)} names no configured upstream{Hint(nearest)}");
            return null;
        }

        var models = upstream.Models.SelectMany(model => model.Aliases.Prepend(model.Id)).ToList();
        if (!upstream.Discover && !models.Contains(target.Model, StringComparer.Ordinal))
        {
            var nearest = NearestWord.Of(target.Model, models);
            ledger.Fault(item.Origin, $"{path}: {SectionReader.Show(item)} names no model of the upstream {upstream.Name}{Hint(nearest)}");
            return null;
        }

        return target;
    }

    private static string Hint(string? nearest) => nearest is null ? "" : $"; did you mean \"{nearest}\"?";
}
