using Engine.Wire.Completion.Request;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicBodyWriterTests
{
    private const string Everything = """
        start "msg_1" "m"
        reasoning#0 "plan"
        signature#0 Claude "Eq"
        redacted#1 Claude "Zm"
        text#2 "Hi"
        cite#2 "https://u" "t" "c" 0 1
        tool+#3 "toolu_1" "f"
        args#3 "{\"a\":"
        tool+#4 "toolu_2" "g"
        json#4 {"b": [1]}
        tool-#4
        args#3 "1}"
        tool-#3
        refusal#5 "no"
        usage in=10 cached=4 write=1 out=7 reasoning=2
        finish ToolCalls "tool_calls" "" ""
        end
        """;

    [Fact]
    public void A_whole_answer_is_one_message() => Assert.Equal(
        """{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":["""
        + """{"type":"thinking","thinking":"plan","signature":"Eq"},{"type":"redacted_thinking","data":"Zm"},"""
        + """{"type":"text","text":"Hi","citations":[{"type":"web_search_result_location","cited_text":"c","url":"https://u","title":"t","encrypted_index":""}]},"""
        + """{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}},{"type":"tool_use","id":"toolu_2","name":"g","input":{"b": [1]}},"""
        + """{"type":"text","text":"no","citations":null}],"stop_reason":"tool_use","stop_sequence":null,"usage":"""
        + """{"input_tokens":5,"cache_read_input_tokens":4,"cache_creation_input_tokens":1,"output_tokens":7,"output_tokens_details":{"thinking_tokens":2}}}""",
        AnthropicPlay.WriteBody(Everything));

    [Theory]
    [InlineData(ReasoningShow.Default)]
    [InlineData(ReasoningShow.SignatureOnly)]
    [InlineData(ReasoningShow.Shown)]
    public void Pitfall_047_a_streamed_and_a_whole_answer_say_the_same(ReasoningShow show)
    {
        var streamed = AnthropicPlay.Folded(sink => AnthropicPlay.Feed(AnthropicPlay.WriteStream(Everything, show), sink));
        var whole = AnthropicPlay.Folded(sink => AnthropicPlay.FeedBody(AnthropicPlay.WriteBody(Everything, show), sink));
        Assert.Equal(streamed, whole);
    }

    [Fact]
    public void Arguments_that_are_no_object_become_a_visible_text()
    {
        var body = AnthropicPlay.WriteBody("start \"\" \"\"\ntool+#0 \"a\" \"f\"\nargs#0 \"{oops\"\ntool-#0\nfinish ToolCalls \"x\" \"\" \"\"\nend");
        Assert.Contains("""{"type":"text","text":"[upstream produced an invalid tool call, please retry]","citations":null}""", body, StringComparison.Ordinal);
        Assert.Contains("\"stop_reason\":\"end_turn\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_027_a_cut_off_call_stays_a_call_under_max_tokens()
    {
        var body = AnthropicPlay.WriteBody("start \"\" \"\"\ntool+#0 \"a\" \"f\"\nargs#0 \"{oops\"\nfinish Length \"x\" \"\" \"\"\nend");
        Assert.Contains("""{"type":"tool_use","id":"a","name":"f","input":{}}""", body, StringComparison.Ordinal);
        Assert.Contains("\"stop_reason\":\"max_tokens\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_025_a_call_without_arguments_has_an_empty_input() => Assert.Contains(
        """{"type":"tool_use","id":"a","name":"f","input":{}}""",
        AnthropicPlay.WriteBody("start \"\" \"\"\ntool+#0 \"a\" \"f\"\ntool-#0\nfinish Stop \"x\" \"\" \"\"\nend"),
        StringComparison.Ordinal);

    [Fact]
    public void A_stop_sequence_is_named() => Assert.Contains(
        "\"stop_reason\":\"stop_sequence\",\"stop_sequence\":\"H:\"",
        AnthropicPlay.WriteBody("start \"\" \"\"\ntext#0 \"a\"\nfinish StopSequence \"x\" \"H:\" \"\"\nend"),
        StringComparison.Ordinal);
}
