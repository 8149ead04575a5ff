using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Normalising;

/// <summary>Any JSON Schema, odd ones included, as text. Property names are keywords on purpose.</summary>
internal static class SchemaGenerator
{
    private const int Depth = 3;

    private static readonly string[] Names = ["const", "default", "format", "$ref", "title", "type", "properties", "a", "x y", "ü\\\"q"];

    /// <summary>A schema for arguments: mostly objects.</summary>
    public static Gen<string> Root => Gen.Frequency((5, Object(Depth)), (1, Schema(Depth)), (1, Gen.Constant("{}")), (1, WithDefinitions));

    public static Gen<string> Schema(int depth) => depth == 0 ? Leaf : Gen.Frequency((4, Leaf), (2, Object(depth)), (1, Array(depth)), (1, Combined(depth)), (1, Odd));

    private static Gen<string> Leaf => Gen.Elements(
        """{"type":"string"}""",
        """{"type":"integer","exclusiveMinimum":3,"multipleOf":5}""",
        """{"type":["string","null"],"format":"email","description":"mail"}""",
        """{"type":["string","integer","null"],"maxLength":5,"minimum":1}""",
        """{"enum":[1,2,null,2]}""",
        """{"enum":["a","","a",null]}""",
        """{"type":"integer","enum":[1,2,3],"default":2}""",
        """{"const":"only"}""",
        """{"const":true}""",
        """{"$ref":"#/$defs/Node"}""",
        """{"$ref":"https://example.org/x.json"}""",
        """{"type":"string","pattern":"^a\\d$","x-order":1,"title":"T","examples":["e"]}""",
        """{"type":"boolean","default":false,"deprecated":true}""",
        """{"type":"number","format":"double","minimum":0.5}""");

    private static Gen<string> Odd => Gen.Elements(
        "true",
        "false",
        "7",
        "{}",
        """{"type":"array"}""",
        """{"type":"array","items":[{"type":"string"},{"type":"integer"}]}""",
        """{"type":"object","required":true}""",
        """{"type":"string","enum":"no"}""",
        """{"first":{"type":"string"},"second":{}}""",
        """{"type":"object","additionalProperties":{"type":"string"}}""",
        """{"if":{"properties":{"k":{"const":1}}},"then":{"properties":{"v":{"type":"string"}},"required":["v"]},"else":{"not":{}}}""",
        """{"type":"null"}""",
        """{"anyOf":[{"type":"null"},{"type":"string"}]}""");

    private static Gen<string> WithDefinitions =>
        from body in Object(Depth)
        select body[..^1] + ""","$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{"Node":{"type":"object","properties":{"next":{"$ref":"#/$defs/Node"},"value":{"enum":[1,2]}},"required":["value","gone"]}}}""";

    private static Gen<string> Object(int depth) =>
        from names in Gen.Elements(Names).ListOf(3)
        from schemas in Schema(depth - 1).ListOf(3)
        from count in Gen.Choose(0, 3)
        from extra in Gen.Elements("", ""","additionalProperties":false""", ""","required":["a","const","nope"]""", ""","description":"d","x-y":{}""")
        select $$"""{"type":"object","properties":{{{string.Join(',', names.Distinct().Take(count).Select((name, index) => $"\"{name}\":{schemas[index]}"))}}}{{extra}}}""";

    private static Gen<string> Array(int depth) =>
        from item in Schema(depth - 1)
        from extra in Gen.Elements("", ""","minItems":1,"uniqueItems":true""")
        select $$"""{"type":"array","items":{{item}}{{extra}}}""";

    private static Gen<string> Combined(int depth) =>
        from word in Gen.Elements("anyOf", "oneOf", "allOf")
        from branches in Schema(depth - 1).ListOf(2)
        from count in Gen.Choose(1, 2)
        select $$"""{"{{word}}":[{{string.Join(',', branches.Take(count))}}]}""";
}
