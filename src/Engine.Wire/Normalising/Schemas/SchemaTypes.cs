using System.Text.Json;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>Which keyword belongs to which type.</summary>
internal static class SchemaTypes
{
    private static readonly Dictionary<string, string[]> TypesOf = new(StringComparer.Ordinal)
    {
        ["properties"] = ["object"],
        ["required"] = ["object"],
        ["additionalProperties"] = ["object"],
        ["propertyOrdering"] = ["object"],
        ["minProperties"] = ["object"],
        ["maxProperties"] = ["object"],
        ["items"] = ["array"],
        ["prefixItems"] = ["array"],
        ["minItems"] = ["array"],
        ["maxItems"] = ["array"],
        ["uniqueItems"] = ["array"],
        ["minLength"] = ["string"],
        ["maxLength"] = ["string"],
        ["pattern"] = ["string"],
        ["format"] = ["string"],
        ["minimum"] = ["number", "integer"],
        ["maximum"] = ["number", "integer"],
        ["exclusiveMinimum"] = ["number", "integer"],
        ["exclusiveMaximum"] = ["number", "integer"],
        ["multipleOf"] = ["number", "integer"],
    };

    /// <summary>The type that a schema without one must have; null when nothing says.</summary>
    public static string? Implied(SchemaNode schema) =>
        schema["properties"] is not null ? "object"
        : schema["items"] is not null || schema["prefixItems"] is not null ? "array"
        : schema["enum"] is { Items: { Count: > 0 } values } && values.TrueForAll(static each => each.IsString) ? "string"
        : null;

    /// <summary>The type that all values have; null when they differ.</summary>
    public static string? Common(List<SchemaNode> values) =>
        values.TrueForAll(static each => each.IsNumber && each.Text.All(char.IsAsciiDigit)) ? "integer"
        : values.TrueForAll(static each => each.IsNumber) ? "number"
        : values.TrueForAll(static each => each.Kind is JsonValueKind.True or JsonValueKind.False) ? "boolean"
        : null;

    /// <summary>True when the schema has this type, in either case of letters.</summary>
    public static bool Is(SchemaNode schema, string type) =>
        schema["type"] is { IsString: true } known && known.Text.Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>Turns several types into an <c>anyOf</c> of one each, with the keywords that belong to it.</summary>
    public static void Split(SchemaNode schema, IEnumerable<string> types)
    {
        var branches = new List<SchemaNode>();
        foreach (var type in types)
        {
            var branch = SchemaNode.Object();
            branch.Set("type", SchemaNode.String(type));
            foreach (var (name, value) in schema.Members.Where(member => TypesOf.GetValueOrDefault(member.Key)?.Contains(type) == true))
            {
                branch.Set(name, value);
            }

            branches.Add(branch);
        }

        schema.Members.RemoveAll(static member => TypesOf.ContainsKey(member.Key));
        schema.Set("anyOf", SchemaNode.Array(branches));
    }

    /// <summary>False when the value of an OpenAPI keyword is of a kind that cannot be read as one.</summary>
    public static bool IsRightKind(string keyword, SchemaNode value) => keyword switch
    {
        "type" or "format" or "description" or "title" or "pattern" => value.IsString,
        "nullable" => value.Kind is JsonValueKind.True or JsonValueKind.False,
        "required" or "enum" or "propertyOrdering" or "anyOf" => value.IsArray,
        "minimum" or "maximum" or "minItems" or "maxItems" or "minLength" or "maxLength" or "minProperties" or "maxProperties" =>
            value.IsNumber || value.IsString,
        _ => true,
    };
}
