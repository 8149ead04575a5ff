namespace Engine.Wire.Normalising.Schemas;

/// <summary>Roots of tool schemas: every dialect wants one plain object there.</summary>
internal static class SchemaRoots
{
    private const int MaximumLifts = 32;

    private static readonly string[] Combinators = ["anyOf", "oneOf", "allOf"];

    /// <summary>
    /// The schema with an object at its root: combinators of objects are merged into one set of properties, of which those are
    /// required that every alternative requires; anything else is wrapped as the property <c>input</c>.
    /// </summary>
    public static SchemaNode AsObject(SchemaNode schema)
    {
        if (schema.Members.Count == 0)
        {
            return schema;
        }

        var root = schema.ShallowCopy();
        for (var lifts = 0; Array.Find(Combinators, name => root[name] is not null) is { } name; lifts++)
        {
            // A branch may bring combinators of its own to the root.
            if (lifts == MaximumLifts || root[name] is not { IsArray: true } branches || !IsObjectLike(root)
                || !branches.Items.TrueForAll(static branch => branch.IsObject && IsObjectLike(branch)))
            {
                return Wrapped(schema);
            }

            root.Remove(name);
            MergeBranches(root, branches.Items, all: name == "allOf");
        }

        if (!IsObjectLike(root))
        {
            return Wrapped(schema);
        }

        root.Remove("nullable");
        SchemaEdits.TrimRequired(root);
        return WithType(root);
    }

    /// <summary>True when the root is an object already, without combinators.</summary>
    public static bool IsPlainObject(SchemaNode schema) =>
        schema["type"]?.Is("object") == true && !Combinators.Any(name => schema[name] is not null);

    private static bool IsObjectLike(SchemaNode schema) =>
        schema["type"] is null ? schema["enum"] is null && schema["items"] is null : SchemaTypes.Is(schema, "object");

    private static SchemaNode WithType(SchemaNode root)
    {
        if (root["type"] is not null)
        {
            return root;
        }

        var typed = SchemaNode.Object();
        typed.Set("type", SchemaNode.String("object"));
        typed.Members.AddRange(root.Members);
        return typed;
    }

    private static void MergeBranches(SchemaNode root, List<SchemaNode> branches, bool all)
    {
        HashSet<string>? common = null;
        foreach (var branch in branches)
        {
            var required = Required(branch);
            if (common is null)
            {
                common = [.. required];
            }
            else if (all)
            {
                common.UnionWith(required);
            }
            else
            {
                common.IntersectWith(required);
            }

            var copy = branch.ShallowCopy();
            copy.Remove("required");
            SchemaReferences.Merge(root, copy, optional: !all);
        }

        var united = Required(root).Concat(common ?? []).Distinct(StringComparer.Ordinal).ToList();
        if (united.Count > 0)
        {
            root.Set("required", SchemaNode.Array(united.Select(SchemaNode.String)));
        }
    }

    private static IEnumerable<string> Required(SchemaNode schema) =>
        schema["required"] is { IsArray: true } names
            ? names.Items.Where(static each => each.IsString).Select(static each => each.Text)
            : [];

    private static SchemaNode Wrapped(SchemaNode schema)
    {
        var inner = schema.ShallowCopy();
        var properties = SchemaNode.Object();
        properties.Set("input", inner);
        var root = SchemaNode.Object();
        root.Set("type", SchemaNode.String("object"));
        root.Set("properties", properties);
        root.Set("required", SchemaNode.Array([SchemaNode.String("input")]));

        // Local references are written from the root.
        foreach (var name in new[] { "$defs", "definitions", "$schema" })
        {
            if (inner[name] is { } shared)
            {
                inner.Remove(name);
                root.Set(name, shared);
            }
        }

        return root;
    }
}
