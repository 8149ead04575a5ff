using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatBodyWriterTests
{
    [Fact]
    public void A_whole_answer_is_the_fold_of_its_events() => Assert.Equal(
        """{"id":"u1","object":"chat.completion","created":1790000000,"model":"client-model","choices":[{"index":0,"message":{"role":"assistant","content":"Hi there","refusal":null,"reasoning_content":"plan","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"},"extra_content":{"google":{"thought_signature":"EpIB"}}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}}""",
        WriteBody(
            """
            start "u1" "up"
            reasoning#0 "plan"
            text#1 "Hi "
            text#1 "there"
            signature#2 Gemini "EpIB"
            tool+#2 "c1" "f"
            json#2 {"a":1}
            tool-#2
            tool+#3 "c2" "g"
            tool-#3
            usage in=10 cached=4 write=0 out=6 reasoning=2
            finish Stop "" "" ""
            end
            """));

    [Theory]
    [InlineData("tool+#0 \"c\" \"f\"\ntool-#0\nfinish ToolCalls \"\" \"\" \"\"", "\"content\":null")]
    [InlineData("refusal#0 \"no\"\nfinish Stop \"\" \"\" \"\"", "\"content\":null,\"refusal\":\"no\"")]
    [InlineData("reasoning#0 \"plan\"\nfinish Length \"\" \"\" \"\"", "\"content\":\"\"")]
    public void Pitfall_069_Content_is_null_only_beside_calls_or_a_refusal(string events, string expected) =>
        Assert.Contains(expected, WriteBody($"start \"\" \"\"\n{events}\nend"), StringComparison.Ordinal);

    [Fact]
    public void Each_candidate_is_a_choice()
    {
        var body = WriteBody("start \"\" \"\"\ntext#0 \"a\"\ntext#0@1 \"b\"\nfinish Stop \"\" \"\" \"\"\nfinish@1 Length \"\" \"\" \"\"\nend");

        Assert.Contains("""{"index":0,"message":{"role":"assistant","content":"a","refusal":null},"logprobs":null,"finish_reason":"stop"}""", body, StringComparison.Ordinal);
        Assert.Contains("""{"index":1,"message":{"role":"assistant","content":"b","refusal":null},"logprobs":null,"finish_reason":"length"}""", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Signed_reasoning_keeps_each_blocks_text_beside_its_signature() => Assert.Contains(
        """
        "reasoning_content":"ab","reasoning_details":[{"type":"reasoning.text","text":"a","signature":"s1","format":"anthropic-claude-v1","index":0},{"type":"reasoning.text","text":"b","index":1},{"type":"reasoning.encrypted","data":"ZW5j","format":"anthropic-claude-v1","index":2}]
        """.Trim(),
        WriteBody("start \"\" \"\"\nreasoning#0 \"a\"\nsignature#0 Claude \"s1\"\nreasoning#1 \"b\"\nredacted#2 Claude \"ZW5j\"\ntext#3 \"x\"\nfinish Stop \"\" \"\" \"\"\nend"),
        StringComparison.Ordinal);
}
