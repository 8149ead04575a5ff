using System.Collections.Immutable;
using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary>The <c>models</c> of an upstream: names, or <c>{ id, alias, limits }</c> with one alias or a list of them.</summary>
internal static class ModelBinder
{
    public static ImmutableArray<ModelOptions> Bind(SectionReader upstream)
    {
        var models = ImmutableArray.CreateBuilder<ModelOptions>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var items = upstream.List("models") ?? [];
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not HoconObject fields)
            {
                if (upstream.TextOf(items[i], $"{upstream.Path}.models") is { } id && IsNew(upstream, items[i], id, names))
                {
                    models.Add(new ModelOptions(id, [], new LimitOptions()));
                }

                continue;
            }

            var reader = upstream.Element("models", i, fields);
            var model = Model(reader, names);
            reader.Finish();
            if (model is not null)
            {
                models.Add(model);
            }
        }

        return models.ToImmutable();
    }

    private static ModelOptions? Model(SectionReader reader, HashSet<string> names)
    {
        if (reader.Lacks("id"))
        {
            reader.Fault("id", "must be given");
        }

        var id = reader.Text("id");
        var isGood = id is not null && IsNew(reader, reader.Value("id")!, id, names);
        var aliases = ImmutableArray.CreateBuilder<string>();
        foreach (var item in Aliases(reader))
        {
            if (reader.TextOf(item, $"{reader.Path}.alias") is { } alias && IsNew(reader, item, alias, names))
            {
                aliases.Add(alias);
            }
        }

        var limits = AccessBinder.Limits(reader.Section("limits"));
        return isGood ? new ModelOptions(id!, aliases.ToImmutable(), limits) : null;
    }

    private static IReadOnlyList<HoconValue> Aliases(SectionReader reader) => reader.Value("alias") switch
    {
        null => [],
        HoconScalar single => [single],
        _ => reader.List("alias") ?? [],
    };

    private static bool IsNew(SectionReader reader, HoconValue place, string name, HashSet<string> names)
    {
        var fault = Names.ModelFault(name) is { } wrong ? $"a model's name {wrong}"
            : names.Add(name) ? null
            : $"the upstream has a model or alias {SectionReader.Show(place)} already";
        if (fault is not null)
        {
            reader.Ledger.Fault(place.Origin, $"{reader.Path}: {fault}");
        }

        return fault is null;
    }
}
