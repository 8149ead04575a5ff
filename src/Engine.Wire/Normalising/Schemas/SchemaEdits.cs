namespace Engine.Wire.Normalising.Schemas;

/// <summary>Repairs and rewrites that several flavours share (wire/mapping.md §2.3).</summary>
internal static class SchemaEdits
{
    /// <summary>Wraps a bare map of properties (no keyword, all values objects) as an object schema.</summary>
    public static SchemaNode WrapBareMap(SchemaNode schema)
    {
        var isSchema = schema.Members.Exists(static member => !member.Value.IsObject || SchemaWords.IsKeyword(member.Key));
        if (isSchema || schema.Members.Count == 0)
        {
            return schema;
        }

        var wrapped = SchemaNode.Object();
        wrapped.Set("type", SchemaNode.String("object"));
        wrapped.Set("properties", schema);
        return wrapped;
    }

    /// <summary>
    /// Removes <c>required</c> that is no array and <c>enum</c> that is no array; <c>const</c> becomes an <c>enum</c> of one.
    /// </summary>
    public static void Repair(SchemaNode schema)
    {
        RemoveUnless(schema, "required", static value => value.IsArray);
        RemoveUnless(schema, "enum", static value => value.IsArray);
        RemoveUnless(schema, "properties", static value => value.IsObject);
        RemoveUnless(schema, "description", static value => value.IsString);
        RemoveUnless(schema, "title", static value => value.IsString);
        if (schema["const"] is { } only)
        {
            schema.Remove("const");
            if (schema["enum"] is null)
            {
                schema.Set("enum", SchemaNode.Array([only]));
            }
        }
    }

    /// <summary>Appends constraints to the description, each as <c>(constraint: name value)</c>.</summary>
    public static void Describe(SchemaNode schema, IReadOnlyCollection<string> constraints)
    {
        if (constraints.Count == 0)
        {
            return;
        }

        var notes = string.Join(' ', constraints.Select(static each => $"(constraint: {each})"));
        var known = schema["description"] is { IsString: true } description ? description.Text : "";
        schema.Set("description", SchemaNode.String(known.Length > 0 ? $"{known} {notes}" : notes));
    }

    /// <summary>A constraint in words: <c>multipleOf 5</c>.</summary>
    public static string InWords(string keyword, SchemaNode value) =>
        $"{keyword} {(value.IsArray || value.IsObject ? value.ToJson().ToString() : value.Text)}";

    /// <summary>Keeps the names of <c>required</c> that are properties; removes it when none is left.</summary>
    public static void TrimRequired(SchemaNode schema)
    {
        if (schema["required"] is not { } required)
        {
            return;
        }

        var names = schema["properties"]?.Members.Select(static member => member.Key).ToHashSet(StringComparer.Ordinal) ?? [];
        var kept = required.Items.Where(each => each.IsString && names.Remove(each.Text)).ToList();
        if (kept.Count == 0)
        {
            schema.Remove("required");
        }
        else
        {
            schema.Set("required", SchemaNode.Array(kept));
        }
    }

    /// <summary>True for a schema that only <c>null</c> fits.</summary>
    public static bool IsNullOnly(SchemaNode schema) =>
        schema["type"]?.Is("null") == true
        || schema["const"] is { Kind: System.Text.Json.JsonValueKind.Null }
        || (schema["enum"] is { IsArray: true, Items: [{ Kind: System.Text.Json.JsonValueKind.Null }] });

    private static void RemoveUnless(SchemaNode schema, string name, Predicate<SchemaNode> holds)
    {
        if (schema[name] is { } value && !holds(value))
        {
            schema.Remove(name);
        }
    }
}
