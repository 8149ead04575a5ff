using System.Buffers;
using System.Text;
using Engine.Testing;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicEventWriterTests
{
    private const string Stop = "finish Stop \"stop\" \"\" \"\"\nend";

    private const string StopFrames =
        """
        {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":0,"cache_read_input_tokens":0,"cache_creation_input_tokens":0,"output_tokens":0}}
        {"type":"message_stop"}
        """;

    [Fact]
    public void Golden_A_interleaved_parallel_tools_with_usage_last()
    {
        const string transcript = """
            start "chatcmpl-1" "gpt-x"
            reasoning#0 "plan"
            tool+#1 "call_a" "f"
            args#1 "{\"x\":"
            tool+#2 "call_b" "g"
            args#2 "{}"
            args#1 "1}"
            finish ToolCalls "tool_calls" "" ""
            usage in=100 cached=80 write=0 out=20 reasoning=5
            end
            """;
        Assert.Equal(
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"ID","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_read_input_tokens":0,"cache_creation_input_tokens":0,"output_tokens":0}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"plan"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"px1.plain.gpt-x."}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"call_a","name":"f","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"x\":"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"call_b","name":"g","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":20,"cache_read_input_tokens":80,"cache_creation_input_tokens":0,"output_tokens":20,"output_tokens_details":{"thinking_tokens":5}}}

            event: message_stop
            data: {"type":"message_stop"}


            """,
            AnthropicPlay.WriteStream(transcript).Replace(new IdMint(7).Mint("msg_", 0), "ID", StringComparison.Ordinal));
    }

    [Fact]
    public void The_upstreams_own_message_id_is_kept() =>
        Assert.Contains("\"id\":\"msg_9\"", AnthropicPlay.WriteStream("start \"msg_9\" \"m\"\n" + Stop), StringComparison.Ordinal);

    [Theory]
    [InlineData(ReasoningShow.Default)]
    [InlineData(ReasoningShow.Hidden)]
    public void Reasoning_is_not_shown_to_a_client_that_did_not_ask(ReasoningShow show) => Assert.Equal(
        StopFrames,
        AnthropicPlay.Shape("start \"\" \"\"\nreasoning#0 \"plan\"\nsignature#0 Claude \"Eq\"\nredacted#1 Claude \"Zm\"\n" + Stop, show));

    [Fact]
    public void Omitted_reasoning_is_an_empty_text_and_its_signature() => Assert.Equal(
        """
        {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
        {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Eq"}}
        {"type":"content_block_stop","index":0}

        """ + StopFrames,
        AnthropicPlay.Shape("start \"\" \"\"\nreasoning#0 \"plan\"\nsignature#0 Claude \"Eq\"\n" + Stop, ReasoningShow.SignatureOnly));

    [Fact]
    public void A_second_signature_replaces_the_first() => Assert.Equal(
        """
        {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
        {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"p"}}
        {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"px1.gpt.gpt-x.Zw"}}
        {"type":"content_block_stop","index":0}

        """ + StopFrames,
        AnthropicPlay.Shape("start \"\" \"\"\nreasoning#0 \"p\"\nsignature#0 Gpt \"f\"\nsignature#0 Gpt \"g\"\n" + Stop));

    [Fact]
    public void A_signature_before_a_call_is_a_thinking_block_of_its_own_before_it() => Assert.Equal(
        """
        {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
        {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"px1.gemini.gpt-x.RXBJQg"}}
        {"type":"content_block_stop","index":0}
        {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c","name":"f","input":{}}}
        {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\": \"\\n\"}"}}
        {"type":"content_block_stop","index":1}
        {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":0,"cache_read_input_tokens":0,"cache_creation_input_tokens":0,"output_tokens":0}}
        {"type":"message_stop"}
        """,
        AnthropicPlay.Shape("start \"\" \"\"\nsignature#0 Gemini \"EpIB\"\ntool+#0 \"c\" \"f\"\njson#0 {\"a\": \"\\n\"}\ntool-#0\n" + Stop));

    [Fact]
    public void A_signature_before_a_call_is_dropped_when_the_client_does_not_think() => Assert.DoesNotContain(
        "thinking", AnthropicPlay.Shape("start \"\" \"\"\nsignature#0 Gemini \"EpIB\"\ntool+#0 \"c\" \"f\"\ntool-#0\n" + Stop, ReasoningShow.Default), StringComparison.Ordinal);

    [Fact]
    public void A_signature_on_a_text_has_no_place() => Assert.DoesNotContain(
        "thinking", AnthropicPlay.Shape("start \"\" \"\"\ntext#0 \"a\"\nsignature#0 Gemini \"EpIB\"\n" + Stop), StringComparison.Ordinal);

    [Theory]
    [InlineData("Claude", "Zm")]
    [InlineData("Gpt", "px1.gpt.gpt-x.Wm0")]
    public void Redacted_reasoning_is_native_or_a_carrier(string family, string data) => Assert.StartsWith(
        $$$"""{"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"{{{data}}}"}}""" + "\n" + """{"type":"content_block_stop","index":0}""",
        AnthropicPlay.Shape($"start \"\" \"\"\nredacted#0 {family} \"Zm\"\n" + Stop),
        StringComparison.Ordinal);

    [Fact]
    public void Media_become_markdown()
    {
        var text = string.Concat(AnthropicPlay.ReadStream(AnthropicPlay.WriteStream("start \"\" \"\"\nmedia#0 \"image\\/png\" \"iVBO\"\n" + Stop)).Coalesced.Where(line => line.StartsWith("text", StringComparison.Ordinal)));
        Assert.Equal("text#0 \"![image](data:image\\/png;base64,iVBO)\"", text);
    }

    [Fact]
    public void A_source_with_an_address_is_a_citation_and_another_is_not() => Assert.Equal(
        """
        {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
        {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}
        {"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"type":"web_search_result_location","cited_text":"c","url":"https://u","title":"t","encrypted_index":""}}}
        {"type":"content_block_stop","index":0}

        """ + StopFrames,
        AnthropicPlay.Shape("start \"\" \"\"\ntext#0 \"a\"\ncite#0 \"\" \"t\" \"c\" 0 1\ncite#0 \"https://u\" \"t\" \"c\" 0 1\n" + Stop));

    [Fact]
    public void A_source_before_its_text_waits_for_it() => Assert.Equal(
        AnthropicPlay.Shape("start \"\" \"\"\ntext#0 \"a\"\ncite#0 \"https://u\" \"t\" \"c\" 0 1\n" + Stop),
        AnthropicPlay.Shape("start \"\" \"\"\ncite#0 \"https://u\" \"t\" \"c\" 0 1\ntext#0 \"a\"\n" + Stop));

    [Fact]
    public void An_illegal_call_id_is_rewritten() => Assert.Contains(
        $"\"id\":\"{CallIds.Portable("functions.f:0")}\"", AnthropicPlay.Shape("start \"\" \"\"\ntool+#0 \"functions.f:0\" \"f\"\n" + Stop), StringComparison.Ordinal);

    [Fact]
    public void A_malformed_call_ends_the_turn_with_a_visible_text() => Assert.Equal(
        """
        {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
        {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"[upstream produced an invalid tool call, please retry]"}}
        {"type":"content_block_stop","index":0}

        """ + StopFrames,
        AnthropicPlay.Shape("start \"\" \"\"\nfinish MalformedCall \"MALFORMED_FUNCTION_CALL\" \"\" \"\"\nend"));

    [Fact]
    public void Other_candidates_are_not_mixed_in() => Assert.Equal(
        StopFrames,
        AnthropicPlay.Shape("start \"\" \"\"\ntext#0@1 \"no\"\ntool+#1@1 \"c\" \"f\"\nfinish Stop \"stop\" \"\" \"\"\nfinish@1 Length \"length\" \"\" \"\"\nend"));

    [Fact]
    public void An_error_before_the_start_is_the_only_event() => Assert.Equal(
        """
        event: error
        data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}


        """,
        AnthropicPlay.WriteStream("error Overloaded \"Overloaded\"\ntext#0 \"late\"\nend"));

    [Fact]
    public void More_held_back_than_the_cap_is_an_error_and_never_silence()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = AnthropicDialect.Instance.CreateWriter(output, AnthropicPlay.Context());
        Transcript.Play("start \"\" \"\"\ntool+#0 \"a\" \"f\"\nargs#0 \"{\"\ntool+#1 \"b\" \"g\"", writer);
        var megabyte = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
        for (var i = 0; i < 17; i++)
        {
            writer.ToolArguments(new BlockKey(1), EscapedText.FromContent(megabyte));
        }

        Transcript.Play(Stop, writer);
        var sse = Encoding.UTF8.GetString(output.WrittenSpan);
        AnthropicGrammar.AssertLegal(sse);
        Assert.EndsWith("\"error\":{\"type\":\"api_error\",\"message\":\"The upstream interleaved more content than can be put in order.\"}}\n\n", sse, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_after_a_finished_call_are_an_error() => Assert.EndsWith(
        "\"message\":\"The upstream went on with the arguments of a finished tool call.\"}}\n\n",
        AnthropicPlay.WriteStream("start \"\" \"\"\ntool+#0 \"a\" \"f\"\nargs#0 \"{}\"\ntool+#1 \"b\" \"g\"\nargs#0 \" \\n\"\nargs#0 \"{}\"\n" + Stop),
        StringComparison.Ordinal);

    [Fact]
    public void Pitfall_007_a_heartbeat_is_a_named_ping_and_legal_at_any_time()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = AnthropicDialect.Instance.CreateWriter(output, AnthropicPlay.Context());
        writer.Heartbeat();
        Transcript.Play("start \"\" \"\"\ntext#0 \"a\"", writer);
        writer.Heartbeat();
        Transcript.Play(Stop, writer);
        var before = output.WrittenCount;
        writer.Heartbeat();
        Assert.Equal(before, output.WrittenCount);
        var sse = Encoding.UTF8.GetString(output.WrittenSpan);
        AnthropicGrammar.AssertLegal(sse);
        Assert.Equal(3, sse.Split("event: ping\ndata: {\"type\":\"ping\"}\n\n").Length);
    }

    [Fact]
    public void Pitfall_037_one_block_at_a_time_without_gaps()
    {
        var sse = AnthropicPlay.WriteStream("start \"\" \"\"\ntool+#0 \"a\" \"f\"\nargs#0 \"{\"\ntext#1 \"t\"\nreasoning#2 \"r\"\ntool+#3 \"b\" \"g\"\nargs#3 \"{}\"\nargs#0 \"}\"\ntext#1 \"more\"\n" + Stop);
        AnthropicGrammar.AssertLegal(sse);
        Assert.Equal(
            ["tool+#0", "args#0", "args#0", "tool-#0", "text#1", "reasoning#2", "signature#2", "tool+#3", "args#3", "tool-#3", "text#4"],
            AnthropicPlay.ReadStream(sse).Lines.Select(line => line.Split(' ')[0]).Where(word => word.Contains('#')));
    }

    [Fact]
    public void Pitfall_022_a_second_call_closes_a_complete_first() => Assert.Equal(
        ["tool+#0", "args#0", "tool-#0", "tool+#1", "args#1", "tool-#1"],
        AnthropicPlay.ReadStream(AnthropicPlay.WriteStream("start \"\" \"\"\ntool+#0 \"a\" \"f\"\nargs#0 \"{\\\"a\\\":\\\"}\\\"}\"\ntool+#1 \"b\" \"g\"\nargs#1 \"{}\"\n" + Stop)).Lines
            .Select(line => line.Split(' ')[0]).Where(word => word.Contains('#')));

    [Fact]
    public void Pitfall_038_no_text_block_is_opened_for_nothing() => Assert.Equal(StopFrames, AnthropicPlay.Shape("start \"\" \"\"\ntext#0 \"\"\n" + Stop));

    [Fact]
    public void Pitfall_039_every_event_is_named_by_its_type_and_a_call_starts_with_an_input()
    {
        var sse = AnthropicPlay.WriteStream("start \"\" \"\"\ntool+#0 \"a\" \"f\"\nargs#0 \"{}\"\n" + Stop);
        Assert.All(AnthropicPlay.Events(sse), each => Assert.StartsWith($" {{\"type\":\"{each.Name}\"", each.Data, StringComparison.Ordinal));
        Assert.Contains("\"input\":{}", sse, StringComparison.Ordinal);
        Assert.Contains("input_json_delta", sse, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_040_usage_stands_in_the_last_delta_and_in_the_start_when_known()
    {
        var sse = AnthropicPlay.WriteStream("start \"\" \"\"\nusage in=10 cached=-1 write=-1 out=1 reasoning=-1\ntext#0 \"a\"\nfinish Stop \"s\" \"\" \"\"\nusage in=12 cached=-1 write=-1 out=5 reasoning=-1\nend");
        Assert.Contains("\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":0,\"cache_creation_input_tokens\":0,\"output_tokens\":1}}}\n", sse, StringComparison.Ordinal);
        Assert.Contains("\"usage\":{\"input_tokens\":12,\"cache_read_input_tokens\":0,\"cache_creation_input_tokens\":0,\"output_tokens\":5}}\n", sse, StringComparison.Ordinal);
        Assert.Single(AnthropicPlay.Events(sse), each => each.Name == "message_delta");
    }

    [Fact]
    public void Pitfall_041_input_tokens_exclude_what_the_cache_served_and_took() => Assert.Contains(
        "\"input_tokens\":15,\"cache_read_input_tokens\":80,\"cache_creation_input_tokens\":5,",
        AnthropicPlay.Shape("start \"\" \"\"\nusage in=100 cached=80 write=5 out=1 reasoning=-1\n" + Stop),
        StringComparison.Ordinal);

    [Fact]
    public void Pitfall_044_a_call_makes_a_stop_a_tool_use() => Assert.Contains(
        "\"stop_reason\":\"tool_use\"", AnthropicPlay.Shape("start \"\" \"\"\ntool+#0 \"a\" \"f\"\ntool-#0\n" + Stop), StringComparison.Ordinal);

    [Fact]
    public void Pitfall_045_a_refusal_is_text_and_ends_the_turn() => Assert.Equal(
        """
        {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
        {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I won't"}}
        {"type":"content_block_stop","index":0}

        """ + StopFrames,
        AnthropicPlay.Shape("start \"\" \"\"\nrefusal#0 \"I won't\"\nfinish Refusal \"stop\" \"\" \"\"\nend"));

    [Fact]
    public void Pitfall_045_a_content_filter_is_a_refusal_with_its_explanation() => Assert.Contains(
        """{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":null,"explanation":"not this"}}""",
        AnthropicPlay.Shape("start \"\" \"\"\nfinish ContentFilter \"content_filter\" \"\" \"not this\"\nend"),
        StringComparison.Ordinal);

    [Fact]
    public void Pitfall_046_a_failure_in_the_middle_is_an_error_event_and_no_message_stop()
    {
        var sse = AnthropicPlay.WriteStream("start \"\" \"\"\ntext#0 \"a\"\nerror Truncated \"cut\"\nend");
        AnthropicGrammar.AssertLegal(sse);
        Assert.EndsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"cut\"}}\n\n", sse, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_027_a_length_stop_with_a_call_stays_max_tokens() => Assert.Contains(
        "\"stop_reason\":\"max_tokens\"", AnthropicPlay.Shape("start \"\" \"\"\ntool+#0 \"a\" \"f\"\nargs#0 \"{\\\"a\"\nfinish Length \"length\" \"\" \"\"\nend"), StringComparison.Ordinal);

    [Fact]
    public void Pitfall_075_a_native_signature_goes_out_byte_for_byte()
    {
        const string transcript = "start \"\" \"\"\nreasoning#0 \"p\"\nsignature#0 Claude \"EqQ\\/+A==\\u003d\"\n" + Stop;
        Assert.Contains("\"signature\":\"EqQ\\/+A==\\u003d\"", AnthropicPlay.WriteStream(transcript), StringComparison.Ordinal);
        Assert.Contains("\"signature\":\"EqQ\\/+A==\\u003d\"", AnthropicPlay.WriteBody(transcript), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_081_length_without_content_is_reported_with_its_reasoning_tokens() => Assert.Equal(
        """
        {"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":null},"usage":{"input_tokens":9,"cache_read_input_tokens":0,"cache_creation_input_tokens":0,"output_tokens":8,"output_tokens_details":{"thinking_tokens":8}}}
        {"type":"message_stop"}
        """,
        AnthropicPlay.Shape("start \"\" \"\"\nfinish Length \"length\" \"\" \"\"\nusage in=9 cached=0 write=0 out=8 reasoning=8\nend"));

    [Fact]
    public void A_hot_delta_allocates_nothing()
    {
        var output = new PooledBytes();
        var writer = AnthropicDialect.Instance.CreateWriter(output, AnthropicPlay.Context());
        byte[] piece = [.. "Hello, wörld \\n"u8];
        foreach (var (start, key) in new[] { ("text#0 \"a\"", 0), ("reasoning#1 \"a\"", 1), ("tool+#2 \"c\" \"f\"", 2) })
        {
            Transcript.Play(start, writer);
            long Run()
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 10_000; i++)
                {
                    output.Clear();
                    var text = EscapedText.FromContent(piece);
                    switch (key)
                    {
                        case 0:
                            writer.Text(new BlockKey(0), text);
                            break;
                        case 1:
                            writer.Reasoning(new BlockKey(1), text);
                            break;
                        default:
                            writer.ToolArguments(new BlockKey(2), text);
                            break;
                    }
                }

                return GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Run();
            Assert.Equal(0, Run());
            Assert.EndsWith("Hello, wörld \\n\"}}\n\n", Encoding.UTF8.GetString(output.Span), StringComparison.Ordinal);
        }
    }
}
