using System.Text;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatRequestHeadTests
{
    [Fact]
    public void The_head_says_model_stream_and_usage_and_where_the_model_stands()
    {
        const string Body = """{"messages":[{"role":"user","content":"\"model\":\"no\""}], "model" : "gpt\/x", "stream":true,"stream_options":{"include_usage":true}}""";
        var head = Head(Body);

        Assert.Equal(new RequestHead("gpt/x", Stream: true) { ModelStart = head.ModelStart, ModelLength = 8, IncludeUsage = true }, head);
        Assert.Equal("""
            "gpt\/x"
            """.Trim(), Body.Substring(head.ModelStart, head.ModelLength));
    }

    [Fact]
    public void Of_duplicate_keys_the_last_counts()
    {
        const string Body = """{"model":"first","stream":true,"model":"last","stream":false}""";

        Assert.Equal(new RequestHead("last", Stream: false) { ModelStart = Body.IndexOf("\"last\"", StringComparison.Ordinal), ModelLength = 6 }, Head(Body));
    }

    [Fact]
    public void Usage_is_included_only_in_streams() => Assert.False(Head("""{"model":"m","stream_options":{"include_usage":true}}""").IncludeUsage);

    [Theory]
    [InlineData("{}", "model")]
    [InlineData("""{"model":null}""", "model")]
    [InlineData("""{"model":7}""", "model")]
    [InlineData("""{"model":""}""", "model")]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("", null)]
    public void A_request_without_a_model_is_refused(string body, string? param) =>
        Assert.Equal(param, Assert.Throws<RequestRejectedException>(() => Head(body)).Rejection.Param);

    private static RequestHead Head(string body) => OpenAiChatDialect.Instance.ReadHead(new ClientRequest { Body = Encoding.UTF8.GetBytes(body) });
}
