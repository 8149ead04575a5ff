using Engine.Host.Configuration.Binding;
using Engine.Host.Configuration.Hocon;
using Engine.Testing;

namespace Engine.Host.Tests.Configuration;

/// <summary>docs/configuration.md against the binder.</summary>
public sealed class ConfigDocumentTests
{
    // Everything that has names or elements of an operator's own has one here, so that the binder asks for the keys below.
    private const string Exemplar = """
        definitions {}
        engine {
          access.keys = [{}]
          upstreams.a { models = [{}], accounts = [{ headers { a = b } }] }
          routing { flows { a = [b] }, pools { a {} } }
        }
        """;

    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs", "configuration.md"));

    [Fact]
    public void Every_key_is_documented_and_every_documented_key_exists()
    {
        var ledger = new BindingLedger("/");
        EngineBinder.Bind((HoconObject)HoconLoad.FromText(Exemplar, "t", _ => null).Root!, ledger);
        var known = ledger.KnownKeys
            .Where(key => key.StartsWith("engine.", StringComparison.Ordinal))
            .Select(key => key["engine.".Length..])
            .Where(key => key is not "upstreams.NAME");

        var documented = Document.Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1])
            .ToList();

        Assert.Equal(known.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        Assert.True(documented.Count > 60, "the table is read wrongly");
    }

    [Fact]
    public void The_exemplar_reaches_every_list_and_map()
    {
        var ledger = new BindingLedger("/");
        EngineBinder.Bind((HoconObject)HoconLoad.FromText(Exemplar, "t", _ => null).Root!, ledger);

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "engine.upstreams.NAME.accounts[].headers.NAME", "engine.upstreams.NAME.accounts[].limits.concurrency",
                "engine.upstreams.NAME.models[].alias", "engine.access.keys[].key", "engine.routing.flows.NAME", "engine.server.certificate.path",
            },
            new HashSet<string>(ledger.KnownKeys, StringComparer.Ordinal));
    }

    [Fact]
    public void Its_examples_are_good_configurations()
    {
        var examples = Document.Split("```hocon\n").Skip(1).Select(block => block.Split("```")[0]).ToList();
        using var sample = new ConfigSample();

        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(sample.Load(example).Faults));
    }
}
