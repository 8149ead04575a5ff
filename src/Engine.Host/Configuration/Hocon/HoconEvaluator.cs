using System.Runtime.CompilerServices;

namespace Engine.Host.Configuration.Hocon;

/// <summary>
/// Finds out what a node stands for, as far as its kind. A substitution looks its path up in the whole configuration. While
/// the value of a field is being found, that field is seen without this layer and the ones above: so a field that leads
/// back to itself meets its earlier value, or nothing. Each substitution is evaluated once, wherever it is met first.
/// </summary>
internal sealed class HoconEvaluator(ObjectNode root, Func<string, string?> environment, List<ConfigFault> faults)
{
    private readonly Dictionary<HoconNode, HoconHead> _known = new(ReferenceEqualityComparer.Instance);

    // How many layers of a field are in sight, for fields whose value is being found.
    private readonly Dictionary<FieldLayers, int> _inSight = [];
    private int _hidden;
    private int _depth;

    public HoconHead Evaluate(HoconNode node)
    {
        switch (node)
        {
            case LiteralNode literal:
                return HoconHead.Of(literal);
            case ListNode list:
                return HoconHead.List(list.Origin, list.Items);
            case ObjectNode fields:
                return HoconHead.Object(fields.Origin, [fields]);
            case ChainNode entry:
                return Evaluate(entry.Chain);
            default:
                return Composed(node);
        }
    }

    /// <summary>The value of a field that several merged objects may define, the newest object's first.</summary>
    public HoconHead Evaluate(IReadOnlyList<FieldLayers> chain)
    {
        List<ObjectNode>? objects = null;
        HoconOrigin origin = default;
        foreach (var field in chain)
        {
            var count = _inSight.GetValueOrDefault(field, field.Layers.Count);
            _hidden += field.Layers.Count - count;
            for (var i = count - 1; i >= 0; i--)
            {
                var head = Layer(field, i);
                if (head.IsUndefined)
                {
                    continue;
                }

                if (head.Objects is null)
                {
                    // Hidden below an object; otherwise it is the value, and hides what is below.
                    return objects is null ? head : HoconHead.Object(origin, objects);
                }

                objects ??= [];
                objects.AddRange(head.Objects);
                origin = head.Origin;
            }
        }

        return objects is null ? HoconHead.Undefined : HoconHead.Object(origin, objects);
    }

    /// <summary>The fields of one key in objects to be merged, the newest object's first.</summary>
    public static List<FieldLayers> Chain(IReadOnlyList<ObjectNode> objects, string key)
    {
        var chain = new List<FieldLayers>();
        foreach (var fields in objects)
        {
            if (fields.Find(key) is { } field)
            {
                chain.Add(field);
            }
        }

        return chain;
    }

    private HoconHead Layer(FieldLayers field, int index)
    {
        var node = field.Layers[index].Value;
        if (node is not (SubstitutionNode or ConcatenationNode))
        {
            return Evaluate(node);
        }

        var hadSight = _inSight.TryGetValue(field, out var before);
        _inSight[field] = index;
        var head = Evaluate(node);
        if (hadSight)
        {
            _inSight[field] = before;
        }
        else
        {
            _inSight.Remove(field);
        }

        return head;
    }

    private HoconHead Composed(HoconNode node)
    {
        if (_known.TryGetValue(node, out var known))
        {
            return known;
        }

        if (_depth >= HoconLimits.ResolveDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return Fail(node, $"substitutions lead to each other more than {HoconLimits.ResolveDepth} times in a row");
        }

        _depth++;
        var head = node is SubstitutionNode substitution
            ? Substituted(substitution)
            : HoconConcatenation.Join((ConcatenationNode)node, this, faults);
        _depth--;
        _known[node] = head;
        return head;
    }

    private HoconHead Substituted(SubstitutionNode node)
    {
        var written = node.Written;
        var hiddenBefore = _hidden;
        foreach (var scope in node.Scopes)
        {
            var found = LookUp([.. scope, .. written.Path.Elements]);
            if (!found.IsUndefined)
            {
                return found;
            }
        }

        var head = FromEnvironment(node);
        if (!head.IsUndefined || written.IsOptional)
        {
            return head;
        }

        return Fail(node, _hidden > hiddenBefore
            ? $"${{{written.Path}}} leads back to itself, and there is no earlier value"
            : $"${{{written.Path}}} stands for nothing: it is neither in the configuration nor set in the environment");
    }

    private HoconHead LookUp(ReadOnlySpan<string> path)
    {
        IReadOnlyList<ObjectNode> objects = [root];
        while (true)
        {
            var head = Evaluate(Chain(objects, path[0]));
            if (path.Length == 1)
            {
                return head;
            }

            if (head.Objects is null)
            {
                return head.IsBroken ? head : HoconHead.Undefined;
            }

            objects = head.Objects;
            path = path[1..];
        }
    }

    // ${NAME[]} is the list NAME_0, NAME_1, …
    private HoconHead FromEnvironment(SubstitutionNode node)
    {
        if (node.Written.Path.Elements is not [var name])
        {
            return HoconHead.Undefined;
        }

        if (!node.Written.IsList)
        {
            return environment(name) is { } value ? HoconHead.Of(Literal(node, value)) : HoconHead.Undefined;
        }

        var items = new List<HoconNode>();
        while (items.Count < HoconLimits.ResolvedValues && environment($"{name}_{items.Count}") is { } item)
        {
            items.Add(Literal(node, item));
        }

        return items.Count == 0 ? HoconHead.Undefined : HoconHead.List(node.Origin, items);
    }

    private static LiteralNode Literal(SubstitutionNode node, string value) =>
        new(node.Origin, HoconLiteralKind.String, value) { IsFromEnvironment = true };

    private HoconHead Fail(HoconNode node, string message)
    {
        faults.Add(ConfigFault.At(node.Origin, message));
        return HoconHead.Broken(node.Origin);
    }
}
