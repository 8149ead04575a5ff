namespace Engine.Wire.Tests.Anthropic;

public class AnthropicBodyReaderTests
{
    private const string Content =
        """[{"signature":"Eq","thinking":"plan","type":"thinking"},{"type":"redacted_thinking","data":"Zm"},{"citations":[{"type":"web_search_result_location","url":"https://a","title":"A","cited_text":"c"}],"text":"Hi","type":"text"},{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}},{"input":{"a":1},"name":"f","id":"toolu_1","type":"tool_use","caller":{"type":"direct"}},{"type":"tool_use","id":"toolu_2","name":"g","input":{}},{"type":"text","text":""}]""";

    private static readonly string[] Events =
    [
        "start \"msg_1\" \"m\"",
        "reasoning#0 \"plan\"",
        "signature#0 Claude \"Eq\"",
        "redacted#1 Claude \"Zm\"",
        "text#2 \"Hi\"",
        "cite#2 \"https://a\" \"A\" \"c\" -1 -1",
        "tool+#4 \"toolu_1\" \"f\"",
        "json#4 {\"a\":1}",
        "tool-#4",
        "tool+#5 \"toolu_2\" \"g\"",
        "tool-#5",
        "usage in=12 cached=2 write=0 out=5 reasoning=-1",
        "finish ToolCalls \"tool_use\" \"\" \"\"",
        "end",
    ];

    [Fact]
    public void A_message_gives_the_events_of_its_stream_whatever_the_order_of_its_fields()
    {
        const string usage = """{"input_tokens":10,"cache_read_input_tokens":2,"cache_creation_input_tokens":0,"output_tokens":5}""";
        Assert.Equal(Events, AnthropicPlay.ReadBody($$"""{"id":"msg_1","type":"message","model":"m","content":{{Content}},"stop_reason":"tool_use","stop_sequence":null,"usage":{{usage}}}""").Lines);
        Assert.Equal(Events, AnthropicPlay.ReadBody($$"""  { "usage":{{usage}}, "stop_reason":"tool_use", "content":{{Content}}, "model":"m","id":"msg_1" } """).Lines);
    }

    [Fact]
    public void Pitfall_047_content_is_not_lost_when_it_is_not_streamed() => Assert.Contains(
        "text#0 \"x\"", AnthropicPlay.ReadBody("""{"type":"message","content":[{"type":"text","text":"x"}]}""").Lines);

    [Fact]
    public void A_refusal_without_content_is_a_whole_answer() => Assert.Equal(
        ["start \"\" \"\"", "finish ContentFilter \"refusal\" \"\" \"no\"", "end"],
        AnthropicPlay.ReadBody("""{"type":"message","content":[],"stop_reason":"refusal","stop_details":{"type":"refusal","category":null,"explanation":"no"}}""").Lines);

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", "error Overloaded \"Overloaded\"")]
    [InlineData("{}", "error UpstreamFault \"The upstream's answer holds no content.\"")]
    [InlineData("<html>", "error UpstreamFault \"The upstream answered with something that is not valid JSON.\"")]
    [InlineData("", "error UpstreamFault \"The upstream's answer holds no content.\"")]
    public void Pitfall_014_a_200_that_is_no_answer_is_an_error(string body, string error) => Assert.Equal([error], AnthropicPlay.ReadBody(body).Lines);

    [Fact]
    public void A_call_without_a_name_is_an_error_and_nothing_follows() => Assert.Equal(
        ["start \"\" \"\"", "error UpstreamFault \"The upstream called a tool without naming it.\""],
        AnthropicPlay.ReadBody("""{"content":[{"type":"tool_use","id":"t","input":{}},{"type":"text","text":"x"}],"stop_reason":"tool_use"}""").Lines);
}
