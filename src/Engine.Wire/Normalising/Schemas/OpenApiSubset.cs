using System.Text.Json;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>
/// Rewrites a JSON Schema into the OpenAPI subset of Gemini's <c>parameters</c> and <c>responseSchema</c>, step by step as
/// wire/mapping.md §2.3 numbers them. What the subset cannot say goes into descriptions.
/// </summary>
internal sealed class OpenApiSubset(SchemaNode root, bool isResponse)
{
    private const int MaximumLifts = 32;

    private static readonly string[] StringFormats = ["enum", "date-time"];
    private static readonly string[] NumberFormats = ["int32", "int64", "float", "double"];

    private readonly SchemaReferences _references = new(root);

    /// <summary>The whole schema; its root is an object, or without members when a tool has no arguments.</summary>
    public SchemaNode Rewrite(ArgumentCoercion memory)
    {
        var cleaned = Clean(root, memory);
        return isResponse ? cleaned : SchemaRoots.AsObject(cleaned);
    }

    private SchemaNode Clean(SchemaNode source, ArgumentCoercion memory)
    {
        if (!_references.TryEnter(out var mark))
        {
            return SchemaReferences.Stub("definition");
        }

        var schema = SchemaEdits.WrapBareMap(_references.Flatten(source));
        FoldBranches(schema);
        SchemaEdits.Repair(schema);
        FoldTypes(schema);
        var notes = new List<string>();
        FoldEnum(schema, memory, notes);
        FoldTuples(schema);
        FoldConstraints(schema, notes);
        var cleaned = CleanMembers(schema, memory);
        _references.Leave(mark);
        SchemaEdits.Describe(cleaned, notes);
        SchemaEdits.TrimRequired(cleaned);
        return cleaned;
    }

    // Step 4.
    private static void FoldTypes(SchemaNode schema)
    {
        if (schema["type"] is { IsArray: true } types)
        {
            var strings = types.Items.Where(static each => each.IsString).Select(static each => each.Text);
            var names = strings.Distinct(StringComparer.Ordinal).ToList();
            if (names.Remove("null") && names.Count > 0)
            {
                schema.Set("nullable", SchemaNode.True());
            }

            if (names.Count == 0)
            {
                schema.Set("type", SchemaNode.String("null"));
            }
            else if (names.Count == 1 || (names.Count > 1 && schema["enum"] is not null))
            {
                schema.Set("type", SchemaNode.String(names[0]));
            }
            else
            {
                schema.Remove("type");
                if (schema["anyOf"] is null)
                {
                    SchemaTypes.Split(schema, names);
                }
            }
        }
        else if (schema["type"] is { IsString: false })
        {
            schema.Remove("type");
        }

        if (schema["type"] is null && SchemaTypes.Implied(schema) is { } implied)
        {
            schema.Set("type", SchemaNode.String(implied));
        }
    }

    // Step 5. An answer of the model's is not rewritten, so a schema of answers keeps its numbers and only tells their values.
    private void FoldEnum(SchemaNode schema, ArgumentCoercion memory, List<string> notes)
    {
        if (schema["enum"] is not { } values)
        {
            return;
        }

        if (values.Items.Exists(static each => each.Kind == JsonValueKind.Null))
        {
            schema.Set("nullable", SchemaNode.True());
        }

        var scalars = values.Items.Where(IsScalar).ToList();
        if (scalars.Count == 0)
        {
            schema.Remove("enum");
            return;
        }

        if (isResponse && !scalars.TrueForAll(static each => each.IsString))
        {
            schema.Remove("enum");
            if (schema["type"] is null && SchemaTypes.Common(scalars) is { } type)
            {
                schema.Set("type", SchemaNode.String(type));
            }

            notes.Add($"one of {string.Join(", ", scalars.Select(static each => each.IsString ? $"\"{each.Text}\"" : each.Text))}");
            return;
        }

        foreach (var value in scalars.Where(static each => !each.IsString))
        {
            memory.Remember(value.Text, value.Raw);
        }

        foreach (var value in scalars.Where(static each => each.IsString))
        {
            memory.Forget(value.Text);
        }

        var texts = scalars.Select(static each => each.Text).Distinct(StringComparer.Ordinal);
        schema.Set("enum", SchemaNode.Array(texts.Select(SchemaNode.String)));
        schema.Set("type", SchemaNode.String("STRING"));
        foreach (var name in new[] { "default", "example" })
        {
            if (schema[name] is { IsObject: false, IsArray: false, IsString: false } sample)
            {
                schema.Set(name, SchemaNode.String(sample.Text));
            }
        }
    }

    // Step 7, first of all: the only branch that is left belongs to the schema itself, and may have branches again.
    private void FoldBranches(SchemaNode schema)
    {
        for (var lifts = 0; lifts < MaximumLifts && (schema["anyOf"] ?? schema["oneOf"]) is not null; lifts++)
        {
            var branches = new[] { schema["anyOf"], schema["oneOf"] }.SelectMany(static each => each?.Items ?? []).ToList();
            var place = schema.Members.FindIndex(static member => member.Key is "anyOf" or "oneOf");
            schema.Remove("anyOf");
            schema.Remove("oneOf");
            if (branches.RemoveAll(SchemaEdits.IsNullOnly) > 0)
            {
                schema.Set("nullable", SchemaNode.True());
            }

            // A branch that anything fits says nothing, and so does one that only requires properties of its parent.
            if (branches.Count > 1 && branches.TrueForAll(SaysAnything))
            {
                schema.Members.Insert(place, new("anyOf", SchemaNode.Array(branches)));
                return;
            }

            if (branches.Count == 1)
            {
                SchemaReferences.Merge(schema, SchemaEdits.WrapBareMap(_references.Flatten(branches[0])), optional: false);
            }
        }

        schema.Remove("anyOf");
        schema.Remove("oneOf");
    }

    private static bool IsScalar(SchemaNode value) =>
        value.Kind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null) && value.Text.Length > 0;

    private static string JsonOf(SchemaNode schema) => schema.IsObject ? schema.ToJson().ToString() : "{}";

    private static bool SaysAnything(SchemaNode branch) =>
        branch.IsObject && !branch.Members.TrueForAll(static member => member.Key is "required" or "not" or "description" or "title");

    // Step 8.
    private static void FoldTuples(SchemaNode schema)
    {
        var tuple = schema["prefixItems"] is { IsArray: true } prefix ? prefix : schema["items"] is { IsArray: true } items ? items : null;
        if (tuple is not null)
        {
            schema.Remove("items");
            if (tuple.Items.Count == 1)
            {
                schema.Set("items", tuple.Items[0]);
            }
            else if (tuple.Items.Count > 1)
            {
                var any = SchemaNode.Object();
                any.Set("anyOf", SchemaNode.Array(tuple.Items.DistinctBy(JsonOf, StringComparer.Ordinal)));
                schema.Set("items", any);
            }
        }

        if (SchemaTypes.Is(schema, "array") && schema["items"] is not { IsObject: true })
        {
            var text = SchemaNode.Object();
            text.Set("type", SchemaNode.String("string"));
            schema.Set("items", text);
        }
    }

    // Step 9.
    private static void FoldConstraints(SchemaNode schema, List<string> notes)
    {
        var type = schema["type"] is { IsString: true } known ? known.Text.ToLowerInvariant() : "";
        foreach (var (name, value) in schema.Members.ToList())
        {
            if (name == "format")
            {
                var formats = type is "number" or "integer" ? NumberFormats : StringFormats;
                if (!value.IsString || !formats.Contains(value.Text, StringComparer.Ordinal))
                {
                    notes.Add(SchemaEdits.InWords(name, value));
                    schema.Remove(name);
                }
            }
            else if (SchemaWords.Constraints.Contains(name) && !SchemaWords.OpenApi.Contains(name))
            {
                schema.Remove(name);
                if (value.Kind is not (JsonValueKind.True or JsonValueKind.False) || name is "uniqueItems")
                {
                    notes.Add(SchemaEdits.InWords(name, value));
                }

                var limit = name switch { "exclusiveMinimum" => "minimum", "exclusiveMaximum" => "maximum", _ => "" };
                if (limit.Length > 0 && value.IsNumber && schema[limit] is null)
                {
                    schema.Set(limit, value);
                }
            }
        }
    }

    // Steps 1 and 10: only allowed keywords, each of the right kind, and schemas below them cleaned.
    private SchemaNode CleanMembers(SchemaNode schema, ArgumentCoercion memory)
    {
        var cleaned = SchemaNode.Object();
        foreach (var (name, value) in schema.Members)
        {
            switch (name)
            {
                case "properties":
                    CleanProperties(cleaned, value, memory);
                    break;
                case "items":
                    cleaned.Set(name, Clean(value, memory.Items()));
                    break;
                case "anyOf" when value.IsArray:
                    var branches = value.Items.Select(each => Clean(each, memory)).ToList();
                    if (branches.TrueForAll(SaysAnything))
                    {
                        cleaned.Set(name, SchemaNode.Array(branches));
                    }

                    break;
                case var _ when SchemaWords.OpenApi.Contains(name) && SchemaTypes.IsRightKind(name, value):
                    cleaned.Set(name, value);
                    break;
                default:
                    break;
            }
        }

        return cleaned;
    }

    private void CleanProperties(SchemaNode cleaned, SchemaNode properties, ArgumentCoercion memory)
    {
        var kept = SchemaNode.Object();
        foreach (var (name, value) in properties.Members)
        {
            kept.Set(name, Clean(value, memory.Property(name)));
        }

        // Step 12: an object without properties is just an object.
        if (kept.Members.Count > 0)
        {
            cleaned.Set("properties", kept);
        }
    }
}
