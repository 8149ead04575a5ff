using System.Text;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicHeadReaderTests
{
    [Theory]
    [InlineData("""{"model":"claude-x","stream":true,"messages":[]}""", "claude-x", true)]
    [InlineData("""{"messages":[{"model":"no","stream":true}], "model" : "a\/b" }""", "a/b", false)]
    [InlineData("""{"model":"first","model":"last"}""", "last", false)]
    public void The_model_the_stream_and_where_the_model_stands(string body, string model, bool stream)
    {
        var head = Read(body);
        Assert.Equal((model, stream), (head.Model, head.Stream));
        using var spliced = BodyRope.Splice(Encoding.UTF8.GetBytes(body), head.ModelStart, head.ModelLength, "\"new\""u8);
        Assert.Equal("new", Read(Encoding.UTF8.GetString(spliced.ToArray())).Model);
    }

    [Theory]
    [InlineData("{}", "model: Field required")]
    [InlineData("""{"model":5}""", "model: Field required")]
    [InlineData("""{"model":""}""", "model: Field required")]
    [InlineData("[]", "The request body must be a JSON object.")]
    [InlineData("{\"model\":", "The request body is not valid JSON (line 1, byte 10).")]
    public void A_body_without_a_model_is_refused(string body, string message) =>
        Assert.Equal(message, Assert.Throws<RequestRejectedException>(() => Read(body)).Message);

    private static RequestHead Read(string body) => AnthropicDialect.Instance.ReadHead(new ClientRequest { Body = Encoding.UTF8.GetBytes(body) });
}
