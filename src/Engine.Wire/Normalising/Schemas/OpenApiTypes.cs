using System.Globalization;
using System.Text.Json;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>Turns what only Gemini's OpenAPI subset says (upper-case types, <c>nullable</c>, numbers as strings) into JSON Schema, for every other target.</summary>
internal static class OpenApiTypes
{
    private static readonly string[] Counts = ["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"];

    /// <summary>True when the bytes may hold something to turn: a cheap look that avoids parsing nearly every schema.</summary>
    public static bool MayOccur(ReadOnlySpan<byte> schema) =>
        schema.IndexOf("\"nullable\""u8) >= 0
        || schema.IndexOf("\"OBJECT\""u8) >= 0
        || schema.IndexOf("\"STRING\""u8) >= 0
        || schema.IndexOf("\"ARRAY\""u8) >= 0
        || schema.IndexOf("\"NUMBER\""u8) >= 0
        || schema.IndexOf("\"INTEGER\""u8) >= 0
        || schema.IndexOf("\"BOOLEAN\""u8) >= 0;

    /// <summary>Rewrites a schema and those below it, in place.</summary>
    public static void Rewrite(SchemaNode schema)
    {
        if (!schema.IsObject)
        {
            return;
        }

        if (schema["type"] is { IsString: true } type && type.Text.All(char.IsAsciiLetterUpper))
        {
            schema.Set("type", SchemaNode.String(type.Text.ToLowerInvariant()));
        }

        foreach (var name in Counts)
        {
            if (schema[name] is { IsString: true } count && long.TryParse(count.Text, CultureInfo.InvariantCulture, out var number))
            {
                schema.Set(name, SchemaNode.Number(number.ToString(CultureInfo.InvariantCulture)));
            }
        }

        foreach (var (name, value) in schema.Members)
        {
            switch (name)
            {
                case "properties" or "$defs" or "definitions" when value.IsObject:
                    value.Members.ForEach(static member => Rewrite(member.Value));
                    break;
                case "items" or "additionalProperties" or "not":
                    Rewrite(value);
                    value.Items.ForEach(Rewrite);
                    break;
                case "anyOf" or "oneOf" or "allOf" or "prefixItems":
                    value.Items.ForEach(Rewrite);
                    break;
                default:
                    break;
            }
        }

        FoldNullable(schema);
    }

    private static void FoldNullable(SchemaNode schema)
    {
        if (schema["nullable"] is not { Kind: JsonValueKind.True or JsonValueKind.False } nullable)
        {
            return;
        }

        schema.Remove("nullable");
        if (nullable.Kind == JsonValueKind.False)
        {
            return;
        }

        if (schema["type"] is { IsString: true } type)
        {
            schema.Set("type", SchemaNode.Array([type, SchemaNode.String("null")]));
        }

        if (schema["enum"] is { IsArray: true } values && !values.Items.Exists(static each => each.Kind == JsonValueKind.Null))
        {
            schema.Set("enum", SchemaNode.Array([.. values.Items, SchemaNode.Null()]));
        }

        if (schema["anyOf"] is { IsArray: true } branches && !branches.Items.Exists(SchemaEdits.IsNullOnly))
        {
            var none = SchemaNode.Object();
            none.Set("type", SchemaNode.String("null"));
            schema.Set("anyOf", SchemaNode.Array([.. branches.Items, none]));
        }
    }
}
