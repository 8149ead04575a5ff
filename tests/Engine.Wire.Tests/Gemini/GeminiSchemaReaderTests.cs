using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Gemini;

namespace Engine.Wire.Tests.Gemini;

public class GeminiSchemaReaderTests
{
    [Theory]
    [InlineData("""{"type":"STRING"}""", """{"type":"string"}""")]
    [InlineData("""{"type":"TYPE_UNSPECIFIED","title":"t"}""", """{"title":"t"}""")]
    [InlineData("""{"type":"NUMBER","nullable":true}""", """{"type":["number","null"]}""")]
    [InlineData("""{"nullable":false,"type":"BOOLEAN"}""", """{"type":"boolean"}""")]
    [InlineData("""{"type":"STRING","format":"enum","enum":["a","b"],"nullable":true}""", """{"type":["string","null"],"enum":["a","b",null]}""")]
    [InlineData("""{"type":"STRING","format":"date-time","min_length":"3","maxLength":9}""", """{"type":"string","format":"date-time","minLength":3,"maxLength":9}""")]
    [InlineData("""{"type":"OBJECT","properties":{"b":{"type":"INTEGER"},"a":{"anyOf":[{"type":"STRING"},{"type":"NULL"}]}},"propertyOrdering":["a","b"],"required":["a"]}""",
        """{"type":"object","properties":{"b":{"type":"integer"},"a":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["a"]}""")]
    [InlineData("""{"type":6,"properties":{"a":{"type":1}}}""", """{"type":"object","properties":{"a":{"type":"string"}}}""")]
    [InlineData("""{"type":["STRING","null"],"nullable":true}""", """{"type":["string","null"]}""")]
    [InlineData("""{"type":"ARRAY","items":{"type":"OBJECT","properties":{}}}""", """{"type":"array","items":{"type":"object","properties":{}}}""")]
    [InlineData("""{"type":"object","description":"d \u00e9","default":{"type":"STRING"},"pattern":null}""", """{"type":"object","description":"d \u00e9","default":{"type":"STRING"}}""")]
    public void The_OpenAPI_subset_becomes_JSON_Schema(string schema, string expected) => Assert.Equal(expected, Read(schema));

    [Fact]
    public void Pitfall_089_properties_named_like_keywords_survive() =>
        Assert.Equal(
            """{"type":"object","properties":{"type":{"type":"string"},"nullable":{"type":"boolean"},"min_items":{"type":"integer"},"properties":{"type":"object"}}}""",
            Read("""{"type":"OBJECT","properties":{"type":{"type":"STRING"},"nullable":{"type":"BOOLEAN"},"min_items":{"type":"INTEGER"},"properties":{"type":"OBJECT"}}}"""));

    [Theory]
    [InlineData("""{"type":99}""", "p.type")]
    [InlineData("""{"type":[1,{}]}""", "p.type[1]")]
    [InlineData("""{"properties":[]}""", "p.properties")]
    [InlineData("""{"properties":{"a":{"type":{}}}}""", "p.properties.a.type")]
    public void A_schema_of_the_wrong_shape_is_rejected_by_its_path(string schema, string path) =>
        Assert.Equal(path, Assert.Throws<RequestRejectedException>(() => Read(schema)).Rejection.Param);

    private static string Read(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return GeminiSchemaReader.Read(document.RootElement, "p").ToString();
    }
}
