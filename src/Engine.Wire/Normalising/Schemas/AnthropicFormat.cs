using System.Globalization;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>
/// Rewrites a schema of answers for Anthropic's <c>output_config.format</c> (wire/anthropic-messages.md §10): <c>oneOf</c> becomes
/// <c>anyOf</c>, objects are closed, constraints that are not enforced go into descriptions.
/// </summary>
internal static class AnthropicFormat
{
    private static readonly string[] Formats =
        ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];
    private static readonly string[] Unenforced =
    [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "minItems",
        "maxItems", "uniqueItems", "minProperties", "maxProperties", "format",
    ];

    /// <summary>The schema rewritten.</summary>
    public static SchemaNode Rewrite(SchemaNode schema)
    {
        if (!schema.IsObject)
        {
            return schema;
        }

        var cleaned = SchemaNode.Object();
        var notes = new List<string>();
        foreach (var (name, value) in schema.Members)
        {
            switch (name)
            {
                case "properties" or "$defs" or "definitions" when value.IsObject:
                    var map = SchemaNode.Object();
                    map.Members.AddRange(value.Members.Select(static member => KeyValuePair.Create(member.Key, Rewrite(member.Value))));
                    cleaned.Set(name, map);
                    break;
                case "anyOf" or "oneOf" when value.IsArray:
                    var before = cleaned["anyOf"] is { } known ? known.Items : [];
                    cleaned.Set("anyOf", SchemaNode.Array(before.Concat(value.Items.Select(Rewrite))));
                    break;
                case "allOf" or "prefixItems" when value.IsArray:
                    cleaned.Set(name, SchemaNode.Array(value.Items.Select(Rewrite)));
                    break;
                case "items":
                    cleaned.Set(name, Rewrite(value));
                    break;
                case "not" or "additionalProperties":
                    break;
                case var _ when Unenforced.Contains(name) && !IsTaken(name, value):
                    notes.Add(SchemaEdits.InWords(name, value));
                    break;
                default:
                    cleaned.Set(name, value);
                    break;
            }
        }

        if (cleaned["type"]?.Is("object") == true || cleaned["properties"] is not null)
        {
            cleaned.Set("additionalProperties", SchemaNode.False());
        }

        SchemaEdits.Describe(cleaned, notes);
        return cleaned;
    }

    private static bool IsTaken(string name, SchemaNode value) => name switch
    {
        "format" => value.IsString && Formats.Contains(value.Text),
        "minItems" or "maxItems" => value.IsNumber && double.Parse(value.Text, CultureInfo.InvariantCulture) <= 1,
        _ => false,
    };
}
