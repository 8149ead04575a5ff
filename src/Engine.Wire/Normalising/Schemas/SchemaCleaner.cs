using System.Text.Json;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>
/// Brings one schema, of a tool's arguments or of an answer, into the flavour of the target (wire/mapping.md §2.3, pitfalls 87-89).
/// Deterministic, order of keys kept; a schema that is already fit stays the slice it is.
/// </summary>
internal static class SchemaCleaner
{
    private static readonly JsonSlice NoArguments = JsonSlice.FromString("""{"type":"object","properties":{}}""");
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonCursor.MaxDepth };

    /// <summary>
    /// The schema of a tool's arguments. Absent where the target wants none for a tool without arguments. What the strings of an
    /// enum stood for goes to <paramref name="memory"/>.
    /// </summary>
    public static JsonSlice CleanArguments(JsonSlice schema, SchemaFlavour flavour, ArgumentCoercion memory)
    {
        var isGemini = flavour is SchemaFlavour.GeminiOpenApi or SchemaFlavour.GeminiJsonSchema;
        if (!schema.IsPresent)
        {
            return isGemini ? default : NoArguments;
        }

        var root = Parse(schema);
        var cleaned = flavour switch
        {
            SchemaFlavour.GeminiOpenApi => new OpenApiSubset(root, isResponse: false).Rewrite(memory),
            SchemaFlavour.GeminiJsonSchema => new GeminiJsonSubset(root, isResponse: false).Rewrite(),
            SchemaFlavour.Anthropic => ForAnthropic(root),
            _ => ForOpenAi(root),
        };
        if (isGemini && TakesNothing(cleaned))
        {
            return default;
        }

        return ReferenceEquals(cleaned, root) ? schema : cleaned.ToJson();
    }

    /// <summary>The schema of an answer.</summary>
    public static JsonSlice CleanAnswer(JsonSlice schema, SchemaFlavour flavour)
    {
        return flavour switch
        {
            _ when !schema.IsPresent => schema,
            SchemaFlavour.GeminiOpenApi => new OpenApiSubset(Parse(schema), isResponse: true).Rewrite(new ArgumentCoercion()).ToJson(),
            SchemaFlavour.GeminiJsonSchema => new GeminiJsonSubset(Parse(schema), isResponse: true).Rewrite().ToJson(),
            SchemaFlavour.Anthropic => AnthropicFormat.Rewrite(Parse(schema)).ToJson(),
            _ => schema,
        };
    }

    private static bool TakesNothing(SchemaNode root) =>
        root["properties"] is not { Members.Count: > 0 } && root["$ref"] is null && root["additionalProperties"] is not { IsObject: true };

    private static SchemaNode Parse(JsonSlice schema)
    {
        using var document = JsonDocument.Parse(schema.Utf8, Options);
        return SchemaNode.Of(document.RootElement);
    }

    private static SchemaNode ForAnthropic(SchemaNode root)
    {
        if (SchemaRoots.IsPlainObject(root))
        {
            return root;
        }

        var references = new SchemaReferences(root);
        var start = SchemaEdits.WrapBareMap(root.IsObject ? root.ShallowCopy() : SchemaNode.Object());
        foreach (var name in new[] { "anyOf", "oneOf", "allOf" })
        {
            if (start[name] is { IsArray: true } branches)
            {
                var resolved = branches.Items.Select(branch => branch["$ref"] is { IsString: true } ? references.Flatten(branch) : branch);
                start.Set(name, SchemaNode.Array(resolved));
            }
        }

        return SchemaRoots.AsObject(start) is { Members.Count: > 0 } cleaned ? cleaned : Empty();
    }

    private static SchemaNode ForOpenAi(SchemaNode root)
    {
        if (root["type"]?.Is("object") == true && root["properties"] is { IsObject: true })
        {
            return root;
        }

        var cleaned = SchemaEdits.WrapBareMap(root.IsObject ? root.ShallowCopy() : SchemaNode.Object());
        if (cleaned["type"]?.Is("object") != true)
        {
            cleaned.Set("type", SchemaNode.String("object"));
        }

        if (cleaned["properties"] is not { IsObject: true })
        {
            cleaned.Set("properties", SchemaNode.Object());
        }

        return cleaned;
    }

    private static SchemaNode Empty()
    {
        var empty = SchemaNode.Object();
        empty.Set("type", SchemaNode.String("object"));
        empty.Set("properties", SchemaNode.Object());
        return empty;
    }
}
