using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatEventReaderTests
{
    [Fact]
    public void A_stream_of_text_is_read_as_it_comes()
    {
        var sink = Stream(Chunk("""{"role":"assistant","content":""}"""), Chunk("""{"content":"Hel"}"""), Chunk("""{"content":"lo \"you\"\u00e9"}"""), Chunk("{}", "stop"), "[DONE]");

        Assert.Equal(
            """
            start "chatcmpl-1" "up"
            text#0 "Hel"
            text#0 "lo \"you\"\u00e9"
            finish Stop "stop" "" ""
            end
            """,
            sink.ToString());
    }

    [Fact]
    public void A_whole_answer_is_read_as_the_same_events()
    {
        var sink = Body("""
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"up","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null,
             "annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}
            """);

        Assert.Equal(
            """
            start "chatcmpl-1" "up"
            text#0 "Hi"
            usage in=12 cached=-1 write=-1 out=5 reasoning=-1
            finish Stop "stop" "" ""
            end
            """,
            sink.ToString());
    }

    [Fact]
    public void The_order_of_properties_does_not_matter() => Assert.Equal(
        """
        start "chatcmpl-1" "up"
        text@X
        """.Replace("text@X", "text#0@1 \"a\"", StringComparison.Ordinal),
        string.Join('\n', Stream("""{"choices":[{"delta":{"content":"a"},"finish_reason":null,"index":1}],"model":"up","id":"chatcmpl-1"}""").Lines.Take(2)));

    [Fact]
    public void Text_that_resumes_after_a_tool_call_gets_a_new_key() => Assert.Equal(
        """
        text#0 "a"
        tool+#1 "c" "f"
        args#1 "{}"
        text#2 "b"
        tool-#1
        """,
        Content(Deltas("tool_calls", """{"content":"a"}""", """{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}]}""", """{"content":"b"}""")));

    [Fact]
    public void Candidates_are_told_apart_by_index_and_each_finishes()
    {
        var sink = Stream(
            Chunk("""{"content":"a"}"""), Chunk("""{"content":"x"}""", index: 1), Chunk("""{"content":"b"}"""), Chunk("{}", "length", 1), Chunk("{}", "stop"), "[DONE]");

        Assert.Equal(
            """
            text#0 "a"
            text#0@1 "x"
            text#0 "b"
            finish Stop "stop" "" ""
            finish@1 Length "length" "" ""
            end
            """,
            string.Join('\n', sink.Lines.Skip(1)));
    }

    [Fact]
    public void A_refusal_is_its_own_block() => Assert.Equal(
        "refusal#0 \"I cannot\"",
        Content(Deltas("stop", """{"role":"assistant","refusal":"I can"}""", """{"refusal":"not"}""")));

    [Fact]
    public void Content_may_be_an_array_of_parts() => Assert.Equal(
        """
        reasoning#0 "Okay, the"
        text#1 "To cross"
        """,
        Content(Deltas(
            "stop",
            """{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Okay"}]}]}""",
            """{"content":[{"type":"thinking","thinking":", the"}]}""",
            """{"content":[{"type":"thinking","thinking":[]}]}""",
            """{"content":[{"type":"text","text":"To"},{"type":"text","text":" cross"}]}""")));

    [Fact]
    public void A_final_whole_message_counts_only_when_nothing_was_streamed()
    {
        const string Final = """{"id":"1","model":"up","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}""";

        Assert.Equal("text#0 \"Hello\"", Content(Stream(Final, "[DONE]")));
        Assert.Equal("text#0 \"Hello\"", Content(Stream(Chunk("""{"content":"Hello"}"""), Final, "[DONE]")));
    }

    [Fact]
    public void A_data_url_is_split_into_type_and_data_also_with_escaped_slashes() => Assert.Equal(
        """
        media#0 "image/png" "iVBO"
        media#1 "image/jpeg" "\/9j\/4A"
        """,
        Content(Deltas(
            "stop",
            """{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}""",
            """{"images":[{"type":"image_url","image_url":{"url":"data:image\/jpeg;base64,\/9j\/4A"}}]}""")));

    [Fact]
    public void An_image_that_is_only_an_address_is_shown_as_text() => Assert.Equal(
        "text#0 \"![image](https://x.test/a.png)\"",
        Content(Deltas("stop", """{"images":[{"type":"image_url","image_url":{"url":"https://x.test/a.png"}}]}""")));

    [Fact]
    public void Citations_belong_to_the_last_text() => Assert.Equal(
        """
        text#0 "See"
        cite#0 "https://x.test" "X" "said" 0 3
        """,
        Content(Deltas(
            "stop",
            """{"content":"See"}""",
            """{"annotations":[{"type":"url_citation","url_citation":{"url":"https://x.test","title":"X","content":"said","start_index":0,"end_index":3}},{"type":"file","file":{"hash":"h"}}]}""")));

    [Fact]
    public void Speech_is_read_as_its_transcript() => Assert.Equal(
        "text#0 \"hello there\"",
        Content(Deltas("stop", """{"audio":{"id":"a1","transcript":"hello "}}""", """{"audio":{"data":"UklG","transcript":"there"}}""", """{"audio":{"expires_at":1}}""")));

    [Fact]
    public void A_stop_sequence_that_the_server_names_is_reported()
    {
        Assert.Contains(
            "finish StopSequence \"stop\" \"END\" \"\"",
            Stream("""{"id":"1","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop","stop_reason":"END"}]}""").Lines);
        Assert.Contains(
            "finish Stop \"stop\" \"\" \"\"",
            Stream("""{"id":"1","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop","stop_reason":128001}]}""").Lines);
    }

    [Fact]
    public void A_finish_in_every_chunk_ends_nothing_and_the_last_word_counts() => Assert.Equal(
        """
        text#0 "ab"
        finish Length "length" "" ""
        end
        """,
        string.Join('\n', Stream(Chunk("""{"content":"a"}""", "stop"), Chunk("""{"content":"b"}""", "length"), "[DONE]").Coalesced.Skip(1)));

    [Fact]
    public void Bytes_that_are_not_UTF8_become_replacement_characters()
    {
        var sink = new Testing.TranscriptSink();
        var reader = Wire.OpenAiChat.OpenAiChatDialect.Instance.CreateReader(Context);
        var data = System.Text.Encoding.Latin1.GetBytes(Chunk("{\"content\":\"a\u00ffb\u00c3\"}"));
        reader.ReadEvent(default, data, sink);

        Assert.Equal("text#0 \"a\uFFFDb\uFFFD\"", sink.Lines[1]);
    }

    [Fact]
    public void Nothing_is_read_after_the_terminator() =>
        Assert.Equal("end", Stream(Chunk("""{"content":"a"}""", "stop"), "[DONE]", Chunk("""{"content":"b"}""")).Lines[^1]);

    [Theory]
    [InlineData("""{"id":"1","object":"chat.completion","choices":[]}""")]
    [InlineData("""{"id":"1"}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("")]
    public void A_body_that_is_no_answer_is_a_failure(string body) =>
        Assert.StartsWith("error UpstreamFault", Body(body).Lines[^1], StringComparison.Ordinal);

    [Fact]
    public void A_whole_answer_without_a_reason_counts_as_other() =>
        Assert.Contains("finish Other \"\" \"\" \"\"", Body("""{"id":"1","choices":[{"index":0,"message":{"content":"x"}}]}""").Lines);

    [Fact]
    public void A_deprecated_function_call_is_a_tool_call()
    {
        var lines = Deltas("function_call", """{"function_call":{"name":"f","arguments":""}}""", """{"function_call":{"arguments":"{\"a\":"}}""", """{"function_call":{"arguments":"1}"}}""").Coalesced;

        Assert.Matches("^tool\\+#0 \"call_[0-9A-Za-z]{24}\" \"f\"$", lines[1]);
        Assert.Equal("""args#0 "{\"a\":1}" """.Trim(), lines[2]);
        Assert.Equal("finish ToolCalls \"function_call\" \"\" \"\"", lines[^2]);
    }
}
