using System.Collections.Immutable;
using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary><c>engine.access</c>, and the limits that keys and accounts have in common.</summary>
internal static class AccessBinder
{
    public static AccessOptions Bind(SectionReader reader)
    {
        var options = new AccessOptions
        {
            Mode = reader.Word("mode", new AccessOptions().Mode, ConfigWords.AccessModes),
            Keys = Keys(reader),
            PerKey = Limits(reader.Section("per-key")),
        };
        reader.Finish();
        return options;
    }

    public static LimitOptions Limits(SectionReader reader)
    {
        var limits = new LimitOptions
        {
            RequestsPerMinute = reader.Number("requests-per-minute", 0, 0, 1_000_000_000),
            TokensPerMinute = reader.Number("tokens-per-minute", 0, 0, 1_000_000_000_000),
            Concurrency = (int)reader.Number("concurrency", 0, 0, 1_000_000),
        };
        reader.Finish();
        return limits;
    }

    private static ImmutableArray<AccessKeyOptions> Keys(SectionReader reader)
    {
        var keys = ImmutableArray.CreateBuilder<AccessKeyOptions>();
        var items = reader.List("keys") ?? [];
        for (var i = 0; i < items.Count; i++)
        {
            if (Key(reader, items[i], i) is not { } key)
            {
                continue;
            }

            if (keys.Any(other => other.Key.Equals(key.Key)))
            {
                reader.Ledger.Fault(items[i].Origin, $"{reader.Path}.keys has this key twice");
            }
            else if (keys.Any(other => other.Name.Equals(key.Name, StringComparison.OrdinalIgnoreCase)))
            {
                reader.Ledger.Fault(items[i].Origin, $"{reader.Path}.keys has the name \"{key.Name}\" twice");
            }
            else
            {
                keys.Add(key);
            }
        }

        return keys.ToImmutable();
    }

    private static AccessKeyOptions? Key(SectionReader reader, HoconValue item, int index)
    {
        var name = $"key-{index + 1}";
        string? text;
        if (item is HoconObject fields)
        {
            var element = reader.Element("keys", index, fields);
            name = Names.Read(element, "name") ?? name;
            text = element.Text("key");
            element.Finish();
            if (text is null && element.Lacks("key"))
            {
                if (element.Vanished("key") is { } vanished)
                {
                    reader.Ledger.Notice(item.Origin, $"the access key {name} is skipped: {Names.NotSet(vanished)}");
                    return null;
                }

                element.Fault("key", "must be given");
            }
        }
        else
        {
            text = reader.TextOf(item, $"{reader.Path}.keys");
        }

        if (text is { Length: 0 })
        {
            reader.Ledger.Fault(item.Origin, $"{reader.Path}.keys may not hold an empty key: it would let everyone in");
        }

        return text is { Length: > 0 } ? new AccessKeyOptions(name, new Secret(text)) : null;
    }
}
