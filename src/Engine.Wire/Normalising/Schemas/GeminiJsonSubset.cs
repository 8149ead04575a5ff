using System.Text.Json;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>
/// Rewrites a JSON Schema into what Gemini's <c>parametersJsonSchema</c> and <c>responseJsonSchema</c> take (wire/gemini.md §3):
/// references stay, <c>const</c> becomes an enum, <c>allOf</c> is merged, unknown keywords go.
/// </summary>
internal sealed class GeminiJsonSubset(SchemaNode root, bool isResponse)
{
    private readonly SchemaReferences _references = new(root);

    /// <summary>The whole schema; its root is an object when it describes arguments.</summary>
    public SchemaNode Rewrite()
    {
        var cleaned = Clean(root);
        return isResponse ? cleaned : SchemaRoots.AsObject(cleaned);
    }

    private SchemaNode Clean(SchemaNode source)
    {
        if (!_references.TryEnter(out var mark))
        {
            return SchemaReferences.Stub("definition");
        }

        var schema = source["allOf"] is not null ? _references.Flatten(source)
            : source.IsObject ? source.ShallowCopy()
            : SchemaNode.Object();
        schema = SchemaEdits.WrapBareMap(schema);
        SchemaEdits.Repair(schema);
        FoldReference(schema);
        var notes = new List<string>();
        var cleaned = SchemaNode.Object();
        foreach (var (name, value) in schema.Members)
        {
            CleanMember(cleaned, name, value, notes);
        }

        _references.Leave(mark);
        SchemaEdits.Describe(cleaned, notes);
        return cleaned;
    }

    private void CleanMember(SchemaNode cleaned, string name, SchemaNode value, List<string> notes)
    {
        switch (name)
        {
            case "properties" or "$defs" or "definitions" when value.IsObject:
                var map = SchemaNode.Object();
                foreach (var (key, schema) in value.Members)
                {
                    map.Set(key, Clean(schema));
                }

                var kept = name == "definitions" ? "$defs" : name;
                if (cleaned[kept] is { } known)
                {
                    known.Members.AddRange(map.Members);
                }
                else
                {
                    cleaned.Set(kept, map);
                }

                break;
            case "items" when value.IsArray:
                cleaned.Set("prefixItems", SchemaNode.Array(value.Items.Select(Clean)));
                break;
            case "items":
                cleaned.Set(name, Clean(value));
                break;
            case "prefixItems" or "anyOf" or "oneOf" when value.IsArray:
                cleaned.Set(name, SchemaNode.Array(value.Items.Select(Clean)));
                break;
            case "additionalProperties":
                cleaned.Set(name, value.IsObject ? Clean(value) : value);
                break;
            case var _ when SchemaWords.GeminiJson.Contains(name):
                cleaned.Set(name, value);
                break;
            case var _ when SchemaWords.Constraints.Contains(name) && value.Kind != JsonValueKind.False:
                notes.Add(SchemaEdits.InWords(name, value));
                break;
            default:
                break;
        }
    }

    // Definitions move to $defs; what cannot be found becomes a stub.
    private void FoldReference(SchemaNode schema)
    {
        if (schema["$ref"] is not { IsString: true } reference)
        {
            schema.Remove("$ref");
            return;
        }

        const string Old = "#/definitions/";
        var text = reference.Text;
        if (_references.Find(text) is null)
        {
            schema.Remove("$ref");
            SchemaReferences.Merge(schema, SchemaReferences.Stub(text), optional: false);
        }
        else if (text.StartsWith(Old, StringComparison.Ordinal))
        {
            schema.Set("$ref", SchemaNode.String("#/$defs/" + text[Old.Length..]));
        }
    }
}
