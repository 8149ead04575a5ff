using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

/// <summary>This dialect's side of the golden examples of wire/mapping.md §10; B's is in <see cref="OpenAiChatEventWriterTests"/>.</summary>
public class OpenAiChatGoldenTests
{
    [Fact]
    public void Golden_A_Interleaved_parallel_tools_with_usage_last() => Assert.Equal(
        """
        start "chatcmpl-1" "up"
        reasoning#0 "plan"
        tool+#1 "call_a" "f"
        args#1 "{\"x\":"
        tool+#2 "call_b" "g"
        args#2 "{}"
        args#1 "1}"
        usage in=100 cached=80 write=-1 out=20 reasoning=5
        tool-#1
        tool-#2
        finish ToolCalls "tool_calls" "" ""
        end
        """,
        Stream(
            Chunk("""{"role":"assistant","content":""}"""),
            Chunk("""{"reasoning_content":"plan"}"""),
            Chunk("""{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"f","arguments":""}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}"""),
            Chunk("""{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"""),
            Chunk("{}", "tool_calls"),
            """{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":80},"completion_tokens_details":{"reasoning_tokens":5}}}""",
            "[DONE]").ToString());
}
