using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatReasoningTests
{
    [Theory]
    [InlineData("""{"reasoning_content":"plan"}""")]
    [InlineData("""{"reasoning":"plan"}""")]
    [InlineData("""{"reasoning_text":"plan"}""")]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.text","text":"plan","format":"unknown","index":0}]}""")]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.summary","summary":"plan"}]}""")]
    [InlineData("""{"reasoning_content":"plan","reasoning":"plan"}""")]
    [InlineData("""{"reasoning":"plan","reasoning_details":[{"type":"reasoning.text","text":"plan","format":null,"index":0}]}""")]
    [InlineData("""{"content":"","reasoning":"plan","reasoning_content":null,"reasoning_details":[]}""")]
    public void Pitfall_028_Reasoning_is_taken_once_whatever_it_is_called(string delta) =>
        Assert.Equal("reasoning#0 \"plan\"", Content(Deltas("stop", delta)));

    [Fact]
    public void Pitfall_030_Each_kind_has_its_own_key() => Assert.Equal(
        """
        reasoning#0 "plan"
        tool+#1 "c" "f"
        args#1 "{}"
        reasoning#2 "again"
        text#3 "so"
        tool-#1
        """,
        Content(Deltas(
            "tool_calls",
            """{"reasoning_content":"plan"}""",
            """{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}]}""",
            """{"reasoning_content":"again"}""",
            """{"content":"so"}""")));

    [Fact]
    public void Pitfall_029_Think_tags_in_content_stay_text() =>
        Assert.Equal("text#0 \"<think>a</think>b\"", Content(Deltas("stop", """{"content":"<thi"}""", """{"content":"nk>a</think>b"}""")));

    [Theory]
    [InlineData("anthropic-claude-v1", "Claude")]
    [InlineData("google-gemini-v1", "Gemini")]
    [InlineData("openai-responses-v1", "Gpt")]
    [InlineData("azure-openai-responses-v1", "Gpt")]
    [InlineData("xai-responses-v1", "Unknown")]
    [InlineData("unknown", "Unknown")]
    public void The_format_of_a_detail_names_the_family(string format, string family) => Assert.Equal(
        $"""
        reasoning#0 "why"
        signature#0 {family} "c2ln"
        redacted#1 {family} "ZW5j"
        """,
        Content(Deltas(
            "stop",
            """{"reasoning":"why","reasoning_details":[{"type":"reasoning.text","text":"why","format":"F"}]}""".Replace("F\"", $"{format}\"", StringComparison.Ordinal),
            """{"reasoning_details":[{"type":"reasoning.text","signature":"c2ln","format":"F"}]}""".Replace("F\"", $"{format}\"", StringComparison.Ordinal),
            """{"reasoning_details":[{"type":"reasoning.encrypted","data":"ZW5j","format":"F"}]}""".Replace("F\"", $"{format}\"", StringComparison.Ordinal))));

    [Fact]
    public void A_signature_closes_its_block() => Assert.Equal(
        """
        reasoning#0 "a"
        signature#0 Claude "s1"
        reasoning#1 "b"
        signature#1 Claude "s2"
        """,
        Content(Deltas(
            "stop",
            """{"reasoning_details":[{"type":"reasoning.text","text":"a","signature":"s1","format":"anthropic-claude-v1"},{"type":"reasoning.text","text":"b","format":"anthropic-claude-v1"}]}""",
            """{"reasoning_details":[{"type":"reasoning.text","signature":"s2","format":"anthropic-claude-v1"}]}""")));

    [Fact]
    public void A_signature_alone_is_a_block_without_text() => Assert.Equal(
        """
        signature#0 Claude "s1"
        text#1 "a"
        """,
        Content(Deltas("stop", """{"reasoning_details":[{"type":"reasoning.text","text":"","signature":"s1","format":"anthropic-claude-v1"}]}""", """{"content":"a"}""")));

    [Fact]
    public void A_signature_that_comes_after_text_began_belongs_to_the_reasoning_before_it() => Assert.Equal(
        """
        reasoning#0 "a"
        text#1 "b"
        signature#0 Claude "s1"
        text#1 "c"
        """,
        Content(Deltas(
            "stop",
            """{"reasoning_content":"a"}""",
            """{"content":"b"}""",
            """{"reasoning_details":[{"type":"reasoning.text","signature":"s1","format":"anthropic-claude-v1"}]}""",
            """{"content":"c"}""")));

    [Fact]
    public void A_thought_signature_of_a_message_without_calls_signs_its_text() => Assert.Equal(
        """
        text#0 "a"
        signature#0 Gemini "sig"
        """,
        Content(Deltas("stop", """{"content":"a"}""", """{"extra_content":{"google":{"thought_signature":"sig"}}}""")));
}
