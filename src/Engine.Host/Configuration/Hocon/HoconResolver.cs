namespace Engine.Host.Configuration.Hocon;

/// <summary>Expands the nodes of a whole configuration into values; a substitution fault is recorded and leaves a broken value.</summary>
internal sealed class HoconResolver
{
    private readonly HoconEvaluator _evaluator;
    private readonly List<ConfigFault> _faults;

    // The objects and lists being expanded, each inside the one before.
    private readonly List<HoconHead> _open = [];
    private int _values;

    private HoconResolver(ObjectNode root, Func<string, string?> environment, List<ConfigFault> faults)
    {
        _evaluator = new HoconEvaluator(root, environment, faults);
        _faults = faults;
    }

    /// <summary>The value of a whole configuration.</summary>
    /// <param name="root">An object, or a list whose substitutions find nothing but the environment.</param>
    /// <param name="environment">The value of an environment variable, null when it is not set.</param>
    /// <param name="faults">Receives what could not be resolved.</param>
    public static HoconValue Resolve(HoconNode root, Func<string, string?> environment, List<ConfigFault> faults)
    {
        var resolver = new HoconResolver(root as ObjectNode ?? new ObjectNode(root.Origin), environment, faults);
        return resolver.Expand(root) ?? new HoconBroken(root.Origin);
    }

    private HoconValue? Expand(HoconNode node) => node is ChainNode { Chain: var chain }
        ? Expand(_evaluator.Evaluate(chain), chain[0].Layers[^1].Value)
        : Expand(_evaluator.Evaluate(node), node);

    private HoconValue? Expand(HoconHead head, HoconNode node)
    {
        if (head.IsUndefined)
        {
            return null;
        }

        if (head.IsBroken || _values > HoconLimits.ResolvedValues)
        {
            return new HoconBroken(head.Origin);
        }

        if (head.Literal is { } literal)
        {
            return Count(new HoconScalar(literal.Origin, literal.Kind, literal.Text, literal.IsFromEnvironment));
        }

        if (_open.Exists(head.IsSameAs))
        {
            return node is SubstitutionNode { Written.IsOptional: true } ? null : Fail(node, "this value would contain itself without end");
        }

        if (_open.Count >= HoconLimits.Nesting * 2)
        {
            return Fail(node, $"substitutions nest this value deeper than {HoconLimits.Nesting * 2}");
        }

        _open.Add(head);
        var value = head.Items is { } items ? Items(head.Origin, items) : Fields(head.Origin, head.Objects!);
        _open.RemoveAt(_open.Count - 1);
        return value;
    }

    private HoconValue Items(HoconOrigin origin, IReadOnlyList<HoconNode> items)
    {
        var values = new List<HoconValue>();
        foreach (var item in items)
        {
            if (Expand(item) is { } value)
            {
                values.Add(value);
            }
        }

        return Count(new HoconList(origin, values));
    }

    private HoconValue Fields(HoconOrigin origin, IReadOnlyList<ObjectNode> objects)
    {
        var fields = new List<HoconField>();
        var vanished = new List<HoconVanished>();
        foreach (var key in objects.Reverse().SelectMany(part => part.Fields).Select(field => field.Key).Distinct(StringComparer.Ordinal))
        {
            var chain = HoconEvaluator.Chain(objects, key);
            var newest = chain[0].Layers[^1];
            if (Expand(_evaluator.Evaluate(chain), newest.Value) is { } value)
            {
                fields.Add(new HoconField(key, newest.KeyOrigin, value));
            }
            else
            {
                var names = chain.SelectMany(field => field.Layers).SelectMany(layer => Names(layer.Value));
                vanished.Add(new HoconVanished(key, newest.KeyOrigin, [.. names.Distinct(StringComparer.Ordinal)]));
            }
        }

        return Count(new HoconObject(origin, fields, vanished));
    }

    private static IEnumerable<string> Names(HoconNode node) => node switch
    {
        SubstitutionNode substitution => [substitution.Written.Path.ToString()],
        ConcatenationNode concatenation => concatenation.Pieces.SelectMany(Names),
        _ => [],
    };

    private HoconValue Count(HoconValue value) => ++_values switch
    {
        < HoconLimits.ResolvedValues => value,
        HoconLimits.ResolvedValues => Fail(value.Origin, $"substitutions make more than {HoconLimits.ResolvedValues} values"),
        _ => new HoconBroken(value.Origin),
    };

    private HoconBroken Fail(HoconNode node, string message) => Fail(node.Origin, message);

    private HoconBroken Fail(HoconOrigin origin, string message)
    {
        _faults.Add(ConfigFault.At(origin, message));
        return new HoconBroken(origin);
    }
}
