using System.Collections.Frozen;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>
/// The keywords that each flavour of schema takes (wire/gemini.md §3, wire/anthropic-messages.md §10). Keys below <c>properties</c> are
/// names, not keywords.
/// </summary>
internal static class SchemaWords
{
    /// <summary>Gemini <c>parameters</c> and <c>responseSchema</c>.</summary>
    public static readonly FrozenSet<string> OpenApi = FrozenSet.Create(
        StringComparer.Ordinal,
        "type", "format", "description", "title", "nullable", "enum", "items", "properties", "required", "propertyOrdering",
        "anyOf", "default", "example", "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength",
        "minProperties", "maxProperties", "pattern");

    /// <summary>Gemini <c>parametersJsonSchema</c> and <c>responseJsonSchema</c>.</summary>
    public static readonly FrozenSet<string> GeminiJson = FrozenSet.Create(
        StringComparer.Ordinal,
        "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems",
        "maxItems", "minimum", "maximum", "anyOf", "oneOf", "properties", "additionalProperties", "required",
        "propertyOrdering");

    /// <summary>Constraints worth telling the model where the keyword itself is not taken.</summary>
    public static readonly FrozenSet<string> Constraints = FrozenSet.Create(
        StringComparer.Ordinal,
        "multipleOf", "uniqueItems", "contentEncoding", "examples", "format", "exclusiveMinimum", "exclusiveMaximum", "minimum",
        "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "minProperties", "maxProperties");

    /// <summary>Everything JSON Schema gives a meaning, to tell a schema from a bare map of properties.</summary>
    private static readonly FrozenSet<string> Known = OpenApi.Concat(GeminiJson).Concat(Constraints).Concat(
        [
            "$schema", "$comment", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "definitions", "const", "oneOf", "allOf",
            "not", "if", "then", "else", "patternProperties", "propertyNames", "unevaluatedProperties",
            "unevaluatedItems", "dependentSchemas", "dependentRequired", "dependencies", "additionalItems",
            "contains", "minContains", "maxContains", "contentMediaType", "contentSchema", "deprecated", "readOnly",
            "writeOnly", "enumDescriptions", "markdownDescription", "strict",
        ]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a keyword of JSON Schema or an extension.</summary>
    public static bool IsKeyword(string name) =>
        Known.Contains(name) || name.StartsWith("x-", StringComparison.Ordinal) || name is ['$', ..];
}
