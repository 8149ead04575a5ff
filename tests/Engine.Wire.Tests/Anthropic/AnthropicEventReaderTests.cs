using System.Text;
using Engine.Wire.Anthropic;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicEventReaderTests
{
    private const string MessageStart =
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","model":"claude-x","content":[],"usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":2000,"output_tokens":1}}}


        """;

    private const string Text =
        """
        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}  }

        event: ping
        data: {"type": "ping"}

        event: content_block_delta
        data: {"delta":{"text":"lo \"you\"\n","type":"text_delta"},"index":0,"type":"content_block_delta"}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0 }


        """;

    private const string Stop =
        """
        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":50,"output_tokens_details":{"thinking_tokens":20}}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    [Fact]
    public void Text_comes_as_escaped_deltas_between_start_and_end() => Assert.Equal(
        [
            "start \"msg_1\" \"claude-x\"",
            "usage in=2013 cached=2000 write=3 out=1 reasoning=-1",
            "text#0 \"Hel\"",
            "text#0 \"lo \\\"you\\\"\\n\"",
            "usage in=2013 cached=2000 write=3 out=50 reasoning=20",
            "finish Stop \"end_turn\" \"\" \"\"",
            "end",
        ],
        AnthropicPlay.ReadStream(MessageStart + Text + Stop).Lines);

    [Fact]
    public void Events_are_known_by_their_type_and_by_their_SSE_name_when_they_have_none()
    {
        var expected = AnthropicPlay.ReadStream(MessageStart + Text + Stop).Lines;
        var nameless = string.Join('\n', (MessageStart + Text + Stop).Split('\n').Where(line => !line.StartsWith("event:", StringComparison.Ordinal)));
        Assert.Equal(expected, AnthropicPlay.ReadStream(nameless).Lines);
        Assert.Equal(["start \"\" \"\"", "end"], AnthropicPlay.ReadStream("event: content_block_delta\ndata: {\"index\":0,\"delta\":{}}\n\nevent: message_stop\ndata: {}\n\n").Lines);
    }

    [Fact]
    public void Thinking_brings_its_text_and_then_its_signature() => Assert.Equal(
        ["start \"\" \"\"", "reasoning#1 \"plan\"", "signature#1 Claude \"EqQ/+=\"", "end"],
        AnthropicPlay.ReadStream(Block(1, """{"type":"thinking","thinking":"","signature":""}""", """{"type":"thinking_delta","thinking":"plan"}""", """{"type":"signature_delta","signature":"EqQ/+="}""") + End).Lines);

    [Fact]
    public void Omitted_thinking_is_a_signature_alone() => Assert.Equal(
        ["start \"\" \"\"", "signature#0 Claude \"Eq\"", "end"],
        AnthropicPlay.ReadStream(Block(0, """{"type":"thinking","thinking":"","signature":""}""", """{"type":"signature_delta","signature":"Eq"}""") + End).Lines);

    [Fact]
    public void Redacted_thinking_comes_whole() => Assert.Equal(
        ["start \"\" \"\"", "redacted#0 Claude \"Zm9v\"", "end"],
        AnthropicPlay.ReadStream(Block(0, """{"type":"redacted_thinking","data":"Zm9v"}""") + End).Lines);

    [Fact]
    public void Arguments_come_as_fragments_and_empty_ones_are_left_out() => Assert.Equal(
        ["start \"\" \"\"", "tool+#0 \"toolu_1\" \"f\"", "args#0 \"{\\\"a\"", "args#0 \"\\\":1}\"", "tool-#0", "end"],
        AnthropicPlay.ReadStream(Block(
            0,
            """{"type":"tool_use","id":"toolu_1","name":"f","input":{}}""",
            """{"type":"input_json_delta","partial_json":""}""",
            """{"type":"input_json_delta","partial_json":"{\"a"}""",
            """{"type":"input_json_delta","partial_json":"\":1}"}""") + End).Lines);

    [Fact]
    public void Arguments_in_the_start_count_when_no_deltas_come() => Assert.Equal(
        ["start \"\" \"\"", "tool+#0 \"t\" \"f\"", "json#0 {\"a\": 1}", "tool-#0", "end"],
        AnthropicPlay.ReadStream(Block(0, """{"type":"tool_use","id":"t","name":"f","input":{"a": 1}}""") + End).Lines);

    [Fact]
    public void Arguments_in_the_start_count_for_nothing_beside_deltas() => Assert.Equal(
        ["start \"\" \"\"", "tool+#0 \"t\" \"f\"", "args#0 \"{}\"", "tool-#0", "end"],
        AnthropicPlay.ReadStream(Block(0, """{"type":"tool_use","id":"t","name":"f","input":{"a":1}}""", """{"type":"input_json_delta","partial_json":"{}"}""") + End).Lines);

    [Fact]
    public void A_call_without_arguments_has_none() => Assert.Equal(
        ["start \"\" \"\"", "tool+#0 \"t\" \"f\"", "tool-#0", "end"],
        AnthropicPlay.ReadStream(Block(0, """{"type":"tool_use","id":"t","name":"f","input":{}}""") + End).Lines);

    [Fact]
    public void A_call_without_an_id_gets_one_of_ours() =>
        Assert.Matches("^tool\\+#0 \"toolu_[0-9A-Za-z]{24}\" \"f\"$", AnthropicPlay.ReadStream(Block(0, """{"type":"tool_use","id":"","name":"f","input":{}}""") + End).Lines[1]);

    [Fact]
    public void Blocks_left_open_end_with_the_message() => Assert.Equal(
        ["start \"\" \"\"", "tool+#0 \"t\" \"f\"", "tool-#0", "end"],
        AnthropicPlay.ReadStream("""data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}""" + "\n\n" + End).Lines);

    [Fact]
    public void Only_citations_with_an_address_are_sources() => Assert.Equal(
        ["start \"\" \"\"", "cite#0 \"https://a\" \"A\" \"said\" -1 -1", "text#0 \"x\"", "end"],
        AnthropicPlay.ReadStream(Block(
            0,
            """{"type":"text","text":""}""",
            """{"type":"citations_delta","citation":{"type":"web_search_result_location","cited_text":"said","url":"https://a","title":"A","encrypted_index":"E"}}""",
            """{"type":"citations_delta","citation":{"type":"char_location","cited_text":"no","document_index":0,"document_title":"f"}}""",
            """{"type":"text_delta","text":"x"}""") + End).Lines);

    [Theory]
    [InlineData("server_tool_use")]
    [InlineData("web_search_tool_result")]
    [InlineData("compaction")]
    [InlineData("of_tomorrow")]
    public void Hosted_and_unknown_blocks_are_passed_over(string type) => Assert.Equal(
        ["start \"\" \"\"", "text#1 \"x\"", "end"],
        AnthropicPlay.ReadStream(
            Block(0, $$"""{"type":"{{type}}","id":"s","name":"web_search","input":{},"content":[{"type":"text","text":"hidden"}]}""", """{"type":"input_json_delta","partial_json":"{}"}""", """{"type":"text_delta","text":"hidden"}""", """{"type":"compaction_delta","content":"c"}""")
            + Block(1, """{"type":"text","text":"x"}""") + End).Lines);

    [Fact]
    public void Unknown_events_and_fields_are_tolerated() => Assert.Equal(
        ["start \"\" \"\"", "text#0 \"x\"", "end"],
        AnthropicPlay.ReadStream("event: of_tomorrow\ndata: {\"type\":\"of_tomorrow\",\"x\":[{}]}\n\nevent: x\ndata: [1]\n\n" + Block(0, """{"type":"text","text":"x","new":{"a":1}}""") + End).Lines);

    [Fact]
    public void A_stop_sequence_and_an_explanation_are_carried() => Assert.Equal(
        ["start \"\" \"\"", "finish StopSequence \"stop_sequence\" \"\\n\\nH:\" \"\"", "end"],
        AnthropicPlay.ReadStream("""data: {"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"\n\nH:"}}""" + "\n\n" + End).Lines);

    [Fact]
    public void A_refusal_says_why() => Assert.Contains(
        "finish ContentFilter \"refusal\" \"\" \"not this\"",
        AnthropicPlay.ReadStream("""data: {"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":"cyber","explanation":"not this"}}}""" + "\n\n" + End).Lines);

    [Fact]
    public void A_whole_message_instead_of_events_is_read_as_such() => Assert.Equal(
        ["start \"msg_1\" \"m\"", "text#0 \"x\"", "usage in=1 cached=-1 write=-1 out=2 reasoning=-1", "finish Stop \"end_turn\" \"\" \"\"", "end"],
        AnthropicPlay.ReadStream("""data: {"id":"msg_1","type":"message","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}}""" + "\n\n").Lines);

    [Fact]
    public void Nothing_follows_the_end() => Assert.Equal("end", AnthropicPlay.ReadStream(MessageStart + Text + Stop + "data: [DONE]\n\n" + Text).Lines[^1]);

    [Fact]
    public void Malformed_JSON_is_an_error_event() =>
        Assert.StartsWith("error UpstreamFault", AnthropicPlay.ReadStream(MessageStart + "data: {\"type\":\n\n").Lines[^1], StringComparison.Ordinal);

    [Fact]
    public void Pitfall_011_an_empty_stream_is_truncated_and_no_success() =>
        Assert.StartsWith("error Truncated", Assert.Single(AnthropicPlay.ReadStream("").Lines), StringComparison.Ordinal);

    [Theory]
    [InlineData(MessageStart)]
    [InlineData(MessageStart + Text)]
    public void Pitfall_012_a_stream_without_message_stop_is_truncated_and_no_stop(string sse) =>
        Assert.StartsWith("error Truncated", AnthropicPlay.ReadStream(sse).Lines[^1], StringComparison.Ordinal);

    [Fact]
    public void Pitfall_012_a_message_delta_alone_does_not_end_the_stream()
    {
        var lines = AnthropicPlay.ReadStream(MessageStart + Text + Stop[..Stop.IndexOf("event: message_stop", StringComparison.Ordinal)]).Lines;
        Assert.StartsWith("error Truncated", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("end", lines);
    }

    [Theory]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"error\":{\"details\":null,\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")]
    [InlineData("event: error\ndata: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")]
    [InlineData("data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")]
    public void Pitfall_014_an_error_inside_a_200_is_classified(string sse)
    {
        Assert.Equal(["error Overloaded \"Overloaded\""], AnthropicPlay.ReadStream(sse).Lines);
        Assert.Equal("error Overloaded \"Overloaded\"", AnthropicPlay.ReadStream(MessageStart + Text + sse + Stop).Lines[^1]);
    }

    [Fact]
    public void Pitfall_042_cached_input_is_added_to_the_uncached() =>
        Assert.Contains("usage in=2013 cached=2000 write=3 out=1 reasoning=-1", AnthropicPlay.ReadStream(MessageStart + Text + Stop).Lines);

    [Fact]
    public void Pitfall_043_several_message_deltas_overwrite_and_absent_fields_keep_their_value()
    {
        const string delta = """
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7,"input_tokens":null}}

            data: {"type":"message_delta","delta":{"stop_reason":null},"usage":{"cache_read_input_tokens":5,"output_tokens":9}}


            """;
        var lines = AnthropicPlay.ReadStream(MessageStart + delta + End).Lines;
        Assert.Equal("usage in=18 cached=5 write=3 out=9 reasoning=-1", lines[^2]);
        Assert.Single(lines, line => line.StartsWith("finish", StringComparison.Ordinal));
    }

    [Fact]
    public void Pitfall_075_a_native_signature_is_byte_exact()
    {
        const string signature = """EqQ\/+A==\u003d""";
        Assert.Contains(
            $"signature#0 Claude \"{signature}\"",
            AnthropicPlay.ReadStream(Block(0, """{"type":"thinking","thinking":"","signature":""}""", $$"""{"type":"signature_delta","signature":"{{signature}}"}""") + End).Lines);
    }

    [Fact]
    public void Pitfall_120_arguments_keep_their_JSON_text() => Assert.Contains(
        """json#0 {"n":12345678901234567890,"x":1.0,"x":1.0e2}""",
        AnthropicPlay.ReadStream(Block(0, """{"type":"tool_use","id":"t","name":"f","input":{"n":12345678901234567890,"x":1.0,"x":1.0e2}}""") + End).Lines);

    [Fact]
    public void A_hot_delta_allocates_nothing()
    {
        byte[][] events =
        [
            Encoding.UTF8.GetBytes("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello, wörld \n"}}"""),
            Encoding.UTF8.GetBytes("""{"type":"content_block_delta","index":1,"delta":{"type":"thinking_delta","thinking":"hm"}}"""),
            Encoding.UTF8.GetBytes("""{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\"a\":1,"}}"""),
            Encoding.UTF8.GetBytes("""{"type":"ping"}"""),
        ];
        var reader = AnthropicDialect.Instance.CreateReader(AnthropicPlay.Context());
        var sink = new CountingSink();
        foreach (var (index, block) in new[] { """{"type":"text","text":""}""", """{"type":"thinking","thinking":""}""", """{"type":"tool_use","id":"t","name":"f","input":{}}""" }.Index())
        {
            reader.ReadEvent([], Encoding.UTF8.GetBytes($$"""{"type":"content_block_start","index":{{index}},"content_block":{{block}}}"""), sink);
        }

        long Run()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
            {
                reader.ReadEvent([], events[i & 3], sink);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Run();
        Assert.Equal(0, Run());
        Assert.Equal(15_000, sink.Deltas);
    }

    private const string End = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private static string Block(int index, string start, params string[] deltas) =>
        $$"""
        event: content_block_start
        data: {"type":"content_block_start","index":{{index}},"content_block":{{start}}}


        """
        + string.Concat(deltas.Select(delta => $$"""
            event: content_block_delta
            data: {"type":"content_block_delta","index":{{index}},"delta":{{delta}}}


            """))
        + $$"""
        event: content_block_stop
        data: {"type":"content_block_stop","index":{{index}}}


        """;
}
