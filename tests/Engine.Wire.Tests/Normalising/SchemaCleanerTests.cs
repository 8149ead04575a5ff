using System.Text.Json;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using Engine.Wire.Normalising.Schemas;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Normalising;

public sealed class SchemaCleanerTests
{
    private static readonly string[] OpenApiWords =
    [
        "type", "format", "description", "title", "nullable", "enum", "items", "properties", "required", "propertyOrdering", "anyOf", "default", "example",
        "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties", "pattern",
    ];

    private static readonly string[] JsonWords =
    [
        "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems", "maxItems", "minimum",
        "maximum", "anyOf", "oneOf", "properties", "additionalProperties", "required", "propertyOrdering",
    ];

    [Theory]
    [InlineData("boolean schemas and values that are no schema become anything", """{"a":true,"b":7}""", """{"a":{},"b":{}}""")]
    [InlineData("a bare map of properties is wrapped", """{"a":{"first":{"type":"string"}}}""", """{"a":{"type":"object","properties":{"first":{"type":"string"}}}}""")]
    [InlineData("const becomes an enum of one", """{"a":{"const":"x"}}""", """{"a":{"enum":["x"],"type":"STRING"}}""")]
    [InlineData("null among types becomes nullable", """{"a":{"type":["string","null"]}}""", """{"a":{"type":"string","nullable":true}}""")]
    [InlineData("several types become anyOf, each with its keywords", """{"a":{"type":["string","array"],"items":{"type":"string"},"maxLength":3}}""", """{"a":{"anyOf":[{"type":"string","maxLength":3},{"type":"array","items":{"type":"string"}}]}}""")]
    [InlineData("a missing type is implied", """{"a":{"properties":{"b":{"type":"string"}}},"c":{"items":{"type":"string"}}}""", """{"a":{"properties":{"b":{"type":"string"}},"type":"object"},"c":{"items":{"type":"string"},"type":"array"}}""")]
    [InlineData("enum values become distinct strings without null", """{"a":{"enum":["x","","x",null]}}""", """{"a":{"enum":["x"],"nullable":true,"type":"STRING"}}""")]
    [InlineData("an enum that is no array goes", """{"a":{"type":"string","enum":"x"}}""", """{"a":{"type":"string"}}""")]
    [InlineData("allOf is merged, the first type wins, required is united", """{"a":{"allOf":[{"type":"object","properties":{"x":{"type":"string"}},"required":["x"]},{"type":"string","properties":{"y":{"type":"string"}},"required":["y"]}]}}""", """{"a":{"type":"object","properties":{"x":{"type":"string"},"y":{"type":"string"}},"required":["x","y"]}}""")]
    [InlineData("then and else add optional properties", """{"a":{"type":"object","properties":{"k":{"type":"string"}},"if":{},"then":{"properties":{"v":{"type":"string"}},"required":["v"]}}}""", """{"a":{"type":"object","properties":{"k":{"type":"string"},"v":{"type":"string"}}}}""")]
    [InlineData("oneOf becomes anyOf", """{"a":{"oneOf":[{"type":"string"},{"type":"integer"}]}}""", """{"a":{"anyOf":[{"type":"string"},{"type":"integer"}]}}""")]
    [InlineData("a null branch becomes nullable and a single branch is inlined", """{"a":{"description":"d","anyOf":[{"type":"string"},{"type":"null"}]}}""", """{"a":{"description":"d","nullable":true,"type":"string"}}""")]
    [InlineData("tuples become arrays of any of their elements", """{"a":{"type":"array","items":[{"type":"string"},{"type":"integer"}]}}""", """{"a":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]}}}""")]
    [InlineData("an array without items holds strings", """{"a":{"type":"array"}}""", """{"a":{"type":"array","items":{"type":"string"}}}""")]
    [InlineData("constraints go into the description", """{"a":{"type":"integer","exclusiveMinimum":3,"multipleOf":5,"description":"n"}}""", """{"a":{"type":"integer","description":"n (constraint: exclusiveMinimum 3) (constraint: multipleOf 5)","minimum":3}}""")]
    [InlineData("unknown formats go into the description", """{"a":{"type":"string","format":"email"},"b":{"type":"string","format":"date-time"},"c":{"type":"integer","format":"int64"}}""", """{"a":{"type":"string","description":"(constraint: format email)"},"b":{"type":"string","format":"date-time"},"c":{"type":"integer","format":"int64"}}""")]
    [InlineData("required names only properties", """{"a":{"type":"object","properties":{"x":{"type":"string"}},"required":["x","gone"]}}""", """{"a":{"type":"object","properties":{"x":{"type":"string"}},"required":["x"]}}""")]
    [InlineData("a nested object without properties is just an object", """{"a":{"type":"object","properties":{},"required":[]}}""", """{"a":{"type":"object"}}""")]
    [InlineData("a remote reference becomes a stub", """{"a":{"$ref":"https://example.org/thing.json"}}""", """{"a":{"type":"object","description":"See thing.json"}}""")]
    public void In_the_OpenAPI_subset(string rule, string properties, string expected)
    {
        Assert.NotEmpty(rule);
        Assert.Equal(
            $$"""{"type":"object","properties":{{expected}}}""",
            Clean($$"""{"type":"object","properties":{{properties}}}""", SchemaFlavour.GeminiOpenApi));
    }

    [Fact]
    public void Pitfall_87_Keywords_that_Gemini_refuses_are_gone_at_every_depth()
    {
        const string Schema = """
            {"$schema":"s","$id":"i","$comment":"c","type":"object","additionalProperties":false,"propertyNames":{"pattern":"a"},
             "properties":{"a":{"$ref":"#/$defs/A"},"b":{"type":"array","items":{"const":"x","enumDescriptions":["d"],"markdownDescription":"m","x-y":1}}},
             "$defs":{"A":{"type":"object","properties":{"n":{"type":"integer","exclusiveMaximum":4,"readOnly":true}},"patternProperties":{"^a":{}},"unevaluatedProperties":false}}}
            """;
        Assert.Equal(
            """{"type":"object","properties":{"a":{"type":"object","properties":{"n":{"type":"integer","maximum":4,"description":"(constraint: exclusiveMaximum 4)"}}},"b":{"type":"array","items":{"enum":["x"],"type":"STRING"}}}}""",
            Clean(Schema, SchemaFlavour.GeminiOpenApi));
        Assert.Equal(
            """{"$id":"i","type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/A"},"b":{"type":"array","items":{"enum":["x"]}}},"$defs":{"A":{"type":"object","properties":{"n":{"type":"integer","description":"(constraint: exclusiveMaximum 4)"}}}}}""",
            Clean(Schema, SchemaFlavour.GeminiJsonSchema));
    }

    [Fact]
    public void Pitfall_88_A_numeric_enum_becomes_strings_and_arguments_come_back_as_numbers()
    {
        var memory = new ArgumentCoercion();
        var schema = SchemaCleaner.CleanArguments(
            JsonSlice.FromString("""{"type":"object","properties":{"size":{"type":"integer","enum":[1,2.50,null]},"on":{"enum":[true]},"list":{"type":"array","items":{"enum":[7]}},"mixed":{"enum":["1",1]}}}"""),
            SchemaFlavour.GeminiOpenApi,
            memory);
        Assert.Equal(
            """{"type":"object","properties":{"size":{"type":"STRING","enum":["1","2.50"],"nullable":true},"on":{"enum":["true"],"type":"STRING"},"list":{"type":"array","items":{"enum":["7"],"type":"STRING"}},"mixed":{"enum":["1"],"type":"STRING"}}}""",
            schema.ToString());

        using var output = new PooledBytes();
        Assert.True(memory.TryApply("""{"size": "2.50","list":["7","8"],"mixed":"1","on":"true","deep":{"size":"1"}}"""u8, output));
        Assert.Equal("""{"size": 2.50,"list":[7,"8"],"mixed":"1","on":true,"deep":{"size":"1"}}""", JsonSlice.FromUtf8(output.Memory).ToString());
    }

    [Theory]
    [InlineData(SchemaFlavour.GeminiOpenApi)]
    [InlineData(SchemaFlavour.GeminiJsonSchema)]
    [InlineData(SchemaFlavour.Anthropic)]
    [InlineData(SchemaFlavour.OpenAi)]
    public void Pitfall_89_Properties_named_like_keywords_survive(SchemaFlavour flavour)
    {
        const string Schema = """{"type":"object","properties":{"const":{"type":"string"},"default":{"type":"string"},"format":{"type":"string"},"$ref":{"type":"string"},"title":{"type":"object","properties":{"enum":{"type":"string"}}}},"required":["const","$ref"]}""";
        Assert.Equal(Schema, Clean(Schema, flavour));
    }

    [Theory]
    [InlineData(SchemaFlavour.GeminiOpenApi)]
    [InlineData(SchemaFlavour.GeminiJsonSchema)]
    [InlineData(SchemaFlavour.Anthropic)]
    [InlineData(SchemaFlavour.OpenAi)]
    public void Unpaired_surrogates_in_names_and_values_are_repaired_not_refused(SchemaFlavour flavour) => Assert.Contains(
        "\uFFFD",
        Clean("""{"properties":{"a\ud800":{"type":"string","enum":["x\udc00"]}},"required":["a\ud800"]}""", flavour),
        StringComparison.Ordinal);

    [Fact]
    public void References_are_inlined_with_their_escapes_and_siblings_win()
    {
        Assert.Equal(
            """{"type":"object","properties":{"a":{"type":"string","description":"mine"},"b":{"type":"integer"}}}""",
            Clean("""{"type":"object","properties":{"a":{"$ref":"#/definitions/x~1y%20z","description":"mine"},"b":{"$ref":"#/$defs/a~0b"}},"definitions":{"x/y z":{"type":"string","description":"theirs"}},"$defs":{"a~b":{"type":"integer"}}}""", SchemaFlavour.GeminiOpenApi));
    }

    [Fact]
    public void A_schema_that_refers_to_itself_ends_in_a_stub()
    {
        Assert.Equal(
            """{"type":"object","properties":{"next":{"type":"object","properties":{"next":{"type":"object","description":"See Node"}}}}}""",
            Clean("""{"type":"object","properties":{"next":{"$ref":"#/$defs/Node"}},"$defs":{"Node":{"type":"object","properties":{"next":{"$ref":"#/$defs/Node"}}}}}""", SchemaFlavour.GeminiOpenApi));
        Assert.Equal(
            """{"type":"object","properties":{"a":{"type":"object","description":"See A"}}}""",
            Clean("""{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"$ref":"#/$defs/A"}}}""", SchemaFlavour.GeminiOpenApi));
    }

    [Fact]
    public void Inlining_is_bounded_in_size_and_in_depth()
    {
        // Each definition names the next one twice: inlined in full it would be 2^40 schemas.
        Assert.InRange(Inlined(40, next => $"{{'type':'object','properties':{{'a':{next},'b':{next}}}}}").Length, 1, 4_000_000);
        Assert.InRange(Inlined(20_000, next => $"{{'type':'object','properties':{{'n':{next}}}}}").Length, 1, 100_000);
        Assert.InRange(Inlined(20_000, next => next).Length, 1, 1000);
    }

    // A schema whose definitions each refer to the next.
    private static string Inlined(int count, Func<string, string> definition)
    {
        static string Reference(int number) => $"{{'$ref':'#/$defs/d{number}'}}";
        var definitions = Enumerable.Range(0, count).Select(number => $"'d{number}':{definition(Reference(number + 1))}");
        var schema = $"{{'type':'object','properties':{{'r':{Reference(0)}}},'$defs':{{{string.Join(',', definitions)},'d{count}':{{'type':'string'}}}}}}";
        return Clean(schema.Replace('\'', '"'), SchemaFlavour.GeminiOpenApi);
    }

    [Theory]
    [InlineData(SchemaFlavour.GeminiOpenApi, "")]
    [InlineData(SchemaFlavour.GeminiJsonSchema, "")]
    [InlineData(SchemaFlavour.Anthropic, """{"type":"object","properties":{}}""")]
    [InlineData(SchemaFlavour.OpenAi, """{"type":"object","properties":{}}""")]
    public void A_tool_without_arguments_has_what_its_target_wants(SchemaFlavour flavour, string expected)
    {
        Assert.Equal(expected, SchemaCleaner.CleanArguments(default, flavour, new ArgumentCoercion()).ToString());
        Assert.Equal(expected, Clean("{}", flavour));
    }

    [Theory]
    [InlineData("""{"anyOf":[{"type":"object","properties":{"a":{"type":"string"},"c":{}},"required":["a","c"]},{"type":"object","properties":{"b":{"type":"string"},"c":{}},"required":["c"]}]}""", """{"type":"object","properties":{"a":{"type":"string"},"c":{},"b":{"type":"string"}},"required":["c"]}""")]
    [InlineData("""{"type":"object","allOf":[{"properties":{"a":{}},"required":["a"]},{"$ref":"#/$defs/B"}],"$defs":{"B":{"properties":{"b":{}},"required":["b"]}}}""", """{"type":"object","$defs":{"B":{"properties":{"b":{}},"required":["b"]}},"properties":{"a":{},"b":{}},"required":["a","b"]}""")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"integer"}],"$defs":{"X":{}}}""", """{"type":"object","properties":{"input":{"oneOf":[{"type":"string"},{"type":"integer"}]}},"required":["input"],"$defs":{"X":{}}}""")]
    [InlineData("""{"$ref":"#/$defs/X","$defs":{"X":{"type":"object"}}}""", """{"type":"object","$ref":"#/$defs/X","$defs":{"X":{"type":"object"}}}""")]
    public void For_Anthropic_the_root_is_one_object_without_combinators(string schema, string expected) => Assert.Equal(expected, Clean(schema, SchemaFlavour.Anthropic));

    [Theory]
    [InlineData("""{"type":"object"}""", """{"type":"object","properties":{}}""")]
    [InlineData("""{"properties":{"a":{}}}""", """{"properties":{"a":{}},"type":"object"}""")]
    [InlineData("""{"a":{"type":"string"}}""", """{"type":"object","properties":{"a":{"type":"string"}}}""")]
    public void For_OpenAI_the_root_is_an_object_with_properties(string schema, string expected) => Assert.Equal(expected, Clean(schema, SchemaFlavour.OpenAi));

    [Theory]
    [InlineData(SchemaFlavour.OpenAi)]
    [InlineData(SchemaFlavour.Anthropic)]
    public void A_fit_schema_stays_the_slice_of_the_body(SchemaFlavour flavour)
    {
        var schema = JsonSlice.FromString("""{ "type": "object", "properties": { "a": {"$ref":"#/$defs/x"} }, "$defs": {} }""");
        Assert.Equal(schema.Utf8, SchemaCleaner.CleanArguments(schema, flavour, new ArgumentCoercion()).Utf8);
    }

    [Fact]
    public void A_schema_of_answers_for_Anthropic_is_closed_and_tells_what_is_not_enforced()
    {
        Assert.Equal(
            """{"type":"object","properties":{"n":{"type":"integer","description":"(constraint: minimum 1)"},"s":{"type":"string","format":"email"},"l":{"type":"array","items":{"type":"object","properties":{"minimum":{"type":"string"}},"additionalProperties":false},"minItems":1,"description":"many (constraint: maxItems 3)"},"u":{"anyOf":[{"type":"string"},{"type":"null"}]}},"additionalProperties":false}""",
            SchemaCleaner.CleanAnswer(
                JsonSlice.FromString("""{"type":"object","additionalProperties":true,"properties":{"n":{"type":"integer","minimum":1},"s":{"type":"string","format":"email"},"l":{"type":"array","items":{"type":"object","properties":{"minimum":{"type":"string"}}},"minItems":1,"maxItems":3,"description":"many"},"u":{"oneOf":[{"type":"string"},{"type":"null"}],"not":{"const":"x"}}}}"""),
                SchemaFlavour.Anthropic).ToString());
    }

    [Fact]
    public void A_schema_of_answers_keeps_its_numbers()
    {
        Assert.Equal(
            """{"type":"object","properties":{"n":{"type":"integer","description":"(constraint: one of 1, 2)"}}}""",
            SchemaCleaner.CleanAnswer(JsonSlice.FromString("""{"type":"object","properties":{"n":{"enum":[1,2]}}}"""), SchemaFlavour.GeminiOpenApi).ToString());
    }

    [Theory]
    [InlineData(SchemaFlavour.GeminiOpenApi)]
    [InlineData(SchemaFlavour.GeminiJsonSchema)]
    public void Only_allowed_keywords_remain_and_no_property_is_lost(SchemaFlavour flavour) => Prop.ForAll(
        SchemaGenerator.Root.ToArbitrary(),
        source =>
        {
            var cleaned = Clean(source, flavour);
            if (cleaned.Length == 0)
            {
                return true;
            }

            using var before = JsonDocument.Parse(source);
            using var after = JsonDocument.Parse(cleaned);
            string[] allowed = flavour == SchemaFlavour.GeminiOpenApi ? OpenApiWords : JsonWords;
            var faults = Faults(after.RootElement, allowed, flavour == SchemaFlavour.GeminiOpenApi).ToList();
            if (before.RootElement.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
            {
                var kept = after.RootElement.GetProperty("properties");
                faults.AddRange(properties.EnumerateObject().Where(each => !kept.TryGetProperty(each.Name, out _)).Select(each => $"{each.Name} is lost"));
            }

            return faults.Count == 0 ? true : throw new InvalidOperationException($"{string.Join('\n', faults)}\n{source}\n{cleaned}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true));

    private static IEnumerable<string> Faults(JsonElement schema, string[] allowed, bool isOpenApi)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            yield return $"{schema} is no schema";
            yield break;
        }

        foreach (var member in schema.EnumerateObject())
        {
            if (!allowed.Contains(member.Name))
            {
                yield return $"{member.Name} is not allowed";
            }

            var below = member.Name switch
            {
                "properties" or "$defs" => member.Value.EnumerateObject().SelectMany(each => Faults(each.Value, allowed, isOpenApi)),
                "items" => Faults(member.Value, allowed, isOpenApi),
                "additionalProperties" when member.Value.ValueKind == JsonValueKind.Object => Faults(member.Value, allowed, isOpenApi),
                "anyOf" or "oneOf" or "prefixItems" => member.Value.EnumerateArray().SelectMany(each => Faults(each, allowed, isOpenApi)),
                "type" when isOpenApi && member.Value.ValueKind != JsonValueKind.String => ["type is no string"],
                "enum" when isOpenApi && !member.Value.EnumerateArray().All(each => each.ValueKind == JsonValueKind.String) => ["enum holds no strings"],
                "required" when isOpenApi && !member.Value.EnumerateArray().All(each => schema.TryGetProperty("properties", out var known) && known.TryGetProperty(each.GetString()!, out _)) => ["required names no property"],
                "description" when member.Value.ValueKind != JsonValueKind.String => ["description is no string"],
                _ => [],
            };
            foreach (var fault in below)
            {
                yield return fault;
            }
        }
    }

    private static string Clean(string schema, SchemaFlavour flavour) =>
        SchemaCleaner.CleanArguments(JsonSlice.FromString(schema), flavour, new ArgumentCoercion()).ToString();
}
