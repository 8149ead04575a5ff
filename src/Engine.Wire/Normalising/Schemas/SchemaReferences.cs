using System.Globalization;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>
/// Resolves the local references of one schema. Inlining is bounded twice: a reference inside itself becomes a stub, and so does
/// every reference once the inlined copies hold too many nodes.
/// </summary>
internal sealed class SchemaReferences(SchemaNode root)
{
    private const int MaximumInlined = 20_000;
    private const int MaximumDepth = 200;

    private readonly List<string> _active = [];
    private int _inlined;
    private int _depth;

    /// <summary>
    /// Begins one schema; false when it lies too deep or inlined copies hold too many. The mark goes to <see cref="Leave"/>.
    /// </summary>
    public bool TryEnter(out int mark)
    {
        mark = _active.Count;
        if (_depth >= MaximumDepth || (_active.Count > 0 && ++_inlined > MaximumInlined))
        {
            return false;
        }

        _depth++;
        return true;
    }

    /// <summary>Ends a schema and the inlining begun in it.</summary>
    public void Leave(int mark)
    {
        _depth--;
        _active.RemoveRange(mark, _active.Count - mark);
    }

    /// <summary>What stands in for a schema that is not inlined.</summary>
    public static SchemaNode Stub(string reference)
    {
        var stub = SchemaNode.Object();
        stub.Set("type", SchemaNode.String("object"));
        stub.Set("description", SchemaNode.String($"See {reference[(reference.LastIndexOf('/') + 1)..]}"));
        return stub;
    }

    /// <summary>
    /// The schema with its reference inlined, its <c>allOf</c> merged, and the properties of <c>then</c> and <c>else</c> added as
    /// optional ones. A new object whose members are shared with the source.
    /// </summary>
    public SchemaNode Flatten(SchemaNode source)
    {
        if (!source.IsObject || _depth >= MaximumDepth)
        {
            return SchemaNode.Object();
        }

        _depth++;
        var flat = Flattened(source);
        _depth--;
        return flat;
    }

    /// <summary>The schema that a reference names; null when it is remote or names nothing.</summary>
    public SchemaNode? Find(string reference)
    {
        if (reference is not ['#', ..])
        {
            return null;
        }

        var node = root;
        foreach (var step in reference[1..].Split('/').Skip(1))
        {
            var decoded = Uri.UnescapeDataString(step);
            var name = decoded.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (Step(node, name) is not { } next)
            {
                return null;
            }

            node = next;
        }

        return node.IsObject && (reference.Length == 1 || reference[1] == '/') ? node : null;
    }

    /// <summary>
    /// Adds what <paramref name="from"/> knows and <paramref name="into"/> does not; properties and required names are united.
    /// </summary>
    public static void Merge(SchemaNode into, SchemaNode from, bool optional)
    {
        foreach (var (name, value) in from.Members)
        {
            if (name == "properties" && value.IsObject)
            {
                var properties = into["properties"] is { IsObject: true } known ? known.ShallowCopy() : SchemaNode.Object();
                foreach (var property in value.Members.Where(property => properties[property.Key] is null).ToList())
                {
                    properties.Members.Add(property);
                }

                into.Set("properties", properties);
            }
            else if (optional)
            {
                continue;
            }
            else if (name == "required" && value.IsArray && into["required"] is { IsArray: true } required)
            {
                var united = required.Items.Concat(value.Items).DistinctBy(static each => each.Text, StringComparer.Ordinal);
                into.Set("required", SchemaNode.Array(united));
            }
            else if (into[name] is null)
            {
                into.Members.Add(new(name, value));
            }
        }
    }

    private SchemaNode Flattened(SchemaNode source)
    {
        var flat = source.ShallowCopy();
        if (source["$ref"] is { IsString: true } reference)
        {
            flat.Remove("$ref");
            var target = Inline(reference.Text);
            foreach (var (name, value) in flat.Members)
            {
                target.Set(name, value);
            }

            flat = target;
        }

        if (source["allOf"] is { IsArray: true } all)
        {
            flat.Remove("allOf");
            foreach (var branch in all.Items.Where(branch => !IsActive(branch)))
            {
                Merge(flat, Flatten(branch), optional: false);
            }
        }

        foreach (var conditional in new[] { "then", "else" })
        {
            if (source[conditional] is { IsObject: true } branch)
            {
                flat.Remove(conditional);
                Merge(flat, Flatten(branch), optional: true);
            }
        }

        return flat;
    }

    private static SchemaNode? Step(SchemaNode node, string name)
    {
        if (!node.IsArray)
        {
            return node[name];
        }

        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < node.Items.Count
            ? node.Items[index]
            : null;
    }

    private bool IsActive(SchemaNode branch) => branch["$ref"] is { IsString: true } reference && _active.Contains(reference.Text);

    private SchemaNode Inline(string reference)
    {
        var target = _active.Contains(reference) || _inlined > MaximumInlined ? null : Find(reference);
        if (target is null)
        {
            return Stub(reference);
        }

        _active.Add(reference);
        _inlined += target.Members.Count;
        return Flatten(target);
    }
}
