using System.Text;
using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatEventWriterTests
{
    private const string Head = """{"id":"u1","object":"chat.completion.chunk","created":1790000000,"model":"client-model","choices":[{"index":0,"delta":""";
    private const string Open = ""","finish_reason":null}]}""";
    private const string Role = Head + """{"role":"assistant","content":""}""" + Open;

    [Fact]
    public void Text_and_reasoning_are_deltas_between_role_and_finish() => Assert.Equal(
        [
            Role,
            Head + """{"reasoning_content":"plan"}""" + Open,
            Head + """{"content":"a\"\né"}""" + Open,
            Head + "{}" + ""","finish_reason":"stop"}]}""",
            "[DONE]",
        ],
        Events(Write(
            """
            start "u1" "up"
            reasoning#0 "plan"
            text#1 "a\"\né"
            finish Stop "end_turn" "" ""
            end
            """)));

    [Fact]
    public void Golden_B_Gemini_calls_keep_their_signature()
    {
        var events = Events(Write(
            """
            start "" ""
            signature#0 Gemini "EpIB"
            tool+#0 "call_9fK" "f"
            json#0 {"a":1}
            tool-#0
            tool+#1 "call_t3Q" "f"
            json#1 {"a":2}
            tool-#1
            usage in=10 cached=-1 write=-1 out=10 reasoning=4
            finish Stop "STOP" "" ""
            end
            """,
            WithUsage));

        var id = Context.Ids.Mint("chatcmpl-", 0);
        string Delta(string delta) =>
            $$"""{"id":"{{id}}","object":"chat.completion.chunk","created":1790000000,"model":"client-model","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}],"usage":null}""";
        Assert.Equal(
            [
                Delta("""{"role":"assistant","content":""}"""),
                Delta("""{"tool_calls":[{"index":0,"id":"call_9fK","type":"function","function":{"name":"f","arguments":""},"extra_content":{"google":{"thought_signature":"EpIB"}}}]}"""),
                Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1}"}}]}"""),
                Delta("""{"tool_calls":[{"index":1,"id":"call_t3Q","type":"function","function":{"name":"f","arguments":""}}]}"""),
                Delta("""{"tool_calls":[{"index":1,"function":{"arguments":"{\"a\":2}"}}]}"""),
                Delta("{}").Replace("\"finish_reason\":null", "\"finish_reason\":\"tool_calls\"", StringComparison.Ordinal),
                $$$$"""{"id":"{{{{id}}}}","object":"chat.completion.chunk","created":1790000000,"model":"client-model","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":10,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":4}}}""",
                "[DONE]",
            ],
            events);
    }

    [Fact]
    public void Pitfall_019_Usage_is_not_shown_to_a_client_that_did_not_ask()
    {
        var stream = Write("start \"u1\" \"\"\ntext#0 \"a\"\nusage in=1 cached=0 write=0 out=1 reasoning=0\nfinish Stop \"\" \"\" \"\"\nend");

        Assert.DoesNotContain("usage", stream, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_020_Usage_has_a_last_chunk_of_its_own_also_when_it_comes_late()
    {
        var events = Events(Write("start \"u1\" \"\"\ntext#0 \"a\"\nfinish Stop \"\" \"\" \"\"\nusage in=7 cached=3 write=2 out=1 reasoning=0\nend", WithUsage));

        Assert.EndsWith(
            ""","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":1,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":0}}}""",
            events[^2],
            StringComparison.Ordinal);
        Assert.All(events.SkipLast(2), static each => Assert.EndsWith("\"usage\":null}", each, StringComparison.Ordinal));
    }

    [Fact]
    public void Pitfall_031_Calls_are_counted_not_blocks() => Assert.Equal(
        [0, 0, 1, 1],
        ToolIndexes("start \"\" \"\"\ntext#0 \"a\"\ntool+#1 \"c1\" \"f\"\nargs#1 \"{}\"\ntool-#1\ntool+#2 \"c2\" \"g\"\nargs#2 \"{}\"\ntool-#2\nfinish ToolCalls \"\" \"\" \"\"\nend"));

    [Fact]
    public void Pitfall_032_Interleaved_arguments_keep_their_indexes() => Assert.Equal(
        [0, 1, 0, 1, 0],
        ToolIndexes("start \"\" \"\"\ntool+#0 \"c1\" \"f\"\ntool+#1 \"c2\" \"g\"\nargs#0 \"{\"\nargs#1 \"{}\"\nargs#0 \"}\"\ntool-#0\ntool-#1\nfinish ToolCalls \"\" \"\" \"\"\nend"));

    [Fact]
    public void Pitfall_033_Only_the_first_delta_of_a_call_names_it_and_nothing_is_null()
    {
        var events = Events(Write("start \"\" \"\"\ntool+#0 \"c1\" \"f\"\nargs#0 \"{\"\nargs#0 \"}\"\ntool-#0\nfinish ToolCalls \"\" \"\" \"\"\nend"));

        Assert.Contains("""{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}""", events[1], StringComparison.Ordinal);
        Assert.Contains("""{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}""", events[2], StringComparison.Ordinal);
        Assert.All(events.Skip(1).Take(3), static each => Assert.DoesNotContain("null", each.Replace("\"finish_reason\":null", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void Pitfall_034_Only_a_failure_has_an_error_property()
    {
        var stream = Write("start \"u1\" \"\"\ntext#0 \"a\"\nerror Overloaded \"busy\"\nend");

        Assert.Equal("""{"error":{"message":"busy","type":"server_error","param":null,"code":"server_is_overloaded"}}""", Events(stream)[^1]);
        Assert.DoesNotContain("error", string.Concat(Events(stream).SkipLast(1)), StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", stream, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_may_come_before_the_start() =>
        Assert.Equal("data: {\"error\":{\"message\":\"x\",\"type\":\"rate_limit_error\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}\n\n", Write("error RateLimit \"x\""));

    [Fact]
    public void Pitfall_035_Each_candidate_has_one_role_and_one_finish()
    {
        var events = Events(Write(
            "start \"\" \"\"\ntext#0 \"a\"\ntext#0@1 \"b\"\nfinish@1 Length \"\" \"\" \"\"\nfinish@1 Stop \"\" \"\" \"\"\nfinish Stop \"\" \"\" \"\"\nend"));

        foreach (var candidate in (int[])[0, 1])
        {
            var mine = events.SkipLast(1).Where(each => each.Contains($"\"choices\":[{{\"index\":{candidate},", StringComparison.Ordinal)).ToList();
            Assert.Single(mine, static each => each.Contains("\"role\":\"assistant\"", StringComparison.Ordinal));
            Assert.Single(mine, static each => !each.Contains("\"finish_reason\":null", StringComparison.Ordinal));
            Assert.Contains("role", mine[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Pitfall_035_An_end_without_finish_still_finishes_each_candidate() =>
        Assert.Contains("\"finish_reason\":\"stop\"", Write("start \"\" \"\"\ntext#0 \"a\"\nend"), StringComparison.Ordinal);

    [Fact]
    public void Pitfall_036_Id_and_created_are_constant()
    {
        var heads = Events(Write("start \"u1\" \"\"\ntext#0 \"a\"\ntool+#1 \"c\" \"f\"\ntool-#1\nfinish Stop \"\" \"\" \"\"\nend", WithUsage)).SkipLast(1).Select(static each =>
        {
            using var json = JsonDocument.Parse(each);
            return (json.RootElement.GetProperty("id").GetString(), json.RootElement.GetProperty("created").GetInt64());
        });

        Assert.Equal([("u1", 1_790_000_000L)], heads.Distinct());
    }

    [Fact]
    public void Pitfall_025_A_call_without_arguments_gets_an_empty_object() =>
        Assert.Contains("""{"index":0,"function":{"arguments":"{}"}}""", Write("start \"\" \"\"\ntool+#0 \"c\" \"f\"\ntool-#0\nend"), StringComparison.Ordinal);

    [Fact]
    public void Pitfall_006_A_heartbeat_is_a_comment_without_a_blank_line()
    {
        using var output = new PooledBytes();
        OpenAiChatDialect.Instance.CreateWriter(output, Context).Heartbeat();

        Assert.Equal(": ping\n", Encoding.UTF8.GetString(output.Span));
    }

    [Theory]
    [InlineData(ReasoningShow.Default, true, true)]
    [InlineData(ReasoningShow.Shown, true, true)]
    [InlineData(ReasoningShow.SignatureOnly, false, true)]
    [InlineData(ReasoningShow.Hidden, false, false)]
    public void Reasoning_is_shown_as_the_client_wants_it(ReasoningShow show, bool text, bool signature)
    {
        const string Answer = "start \"\" \"\"\nreasoning#0 \"plan\"\nsignature#0 Claude \"c2ln\"\nredacted#1 Claude \"ZW5j\"\ntext#2 \"a\"\nfinish Stop \"\" \"\" \"\"\nend";
        foreach (var written in (string[])[Write(Answer, Context with { Reasoning = show }), WriteBody(Answer, Context with { Reasoning = show })])
        {
            Assert.Equal(text, written.Contains("plan", StringComparison.Ordinal));
            Assert.Equal(signature, written.Contains("c2ln", StringComparison.Ordinal));
            Assert.Equal(signature, written.Contains("ZW5j", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Signatures_travel_in_details_with_their_format()
    {
        var events = Events(Write(
            """
            start "" ""
            reasoning#0 "plan"
            signature#0 Claude "c2ln"
            redacted#1 Claude "ZW5j"
            reasoning#2 "more"
            signature#2 Gpt "Z3B0"
            signature#3 Gemini "Z2Vt"
            text#4 "a"
            signature#4 Gemini "dGV4dA"
            finish Stop "" "" ""
            end
            """));

        Assert.Contains("""{"reasoning_details":[{"type":"reasoning.text","signature":"c2ln","format":"anthropic-claude-v1","index":0}]}""", events[2], StringComparison.Ordinal);
        Assert.Contains("""{"reasoning_details":[{"type":"reasoning.encrypted","data":"ZW5j","format":"anthropic-claude-v1","index":1}]}""", events[3], StringComparison.Ordinal);
        Assert.Contains("""{"reasoning_details":[{"type":"reasoning.encrypted","data":"Z3B0","format":"openai-responses-v1","index":2}]}""", events[5], StringComparison.Ordinal);
        Assert.Contains("""{"reasoning_details":[{"type":"reasoning.text","signature":"Z2Vt","format":"google-gemini-v1","index":3}]}""", events[6], StringComparison.Ordinal);
        Assert.Contains("""{"extra_content":{"google":{"thought_signature":"dGV4dA"}}}""", events[8], StringComparison.Ordinal);
    }

    [Fact]
    public void Media_citations_and_refusals_have_fields_of_their_own()
    {
        var events = Events(Write(
            "start \"\" \"\"\ntext#0 \"a\"\ncite#0 \"https://x.test\" \"X\" \"said\" 0 1\nmedia#1 \"image/png\" \"iVBO\"\nrefusal#2 \"no\"\nfinish Refusal \"\" \"\" \"\"\nend"));

        Assert.Contains("""{"annotations":[{"type":"url_citation","url_citation":{"url":"https://x.test","title":"X","start_index":0,"end_index":1,"content":"said"}}]}""", events[2], StringComparison.Ordinal);
        Assert.Contains("""{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}""", events[3], StringComparison.Ordinal);
        Assert.Contains("""{"refusal":"no"}""", events[4], StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"stop\"", events[5], StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_block_shows_the_providers_explanation_as_refusal()
    {
        const string Answer = "start \"\" \"\"\nfinish ContentFilter \"refusal\" \"\" \"not allowed\"\nend";

        Assert.Contains("\"delta\":{\"refusal\":\"not allowed\"}", Write(Answer), StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"content_filter\"", Write(Answer), StringComparison.Ordinal);
        Assert.Contains("\"refusal\":\"not allowed\"", WriteBody(Answer), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_101_A_malformed_call_is_never_an_empty_stop()
    {
        const string Answer = "start \"\" \"\"\nfinish MalformedCall \"MALFORMED_FUNCTION_CALL\" \"\" \"\"\nend";

        Assert.Contains("\"content\":\"[upstream produced an invalid tool call, please retry]\"", Write(Answer), StringComparison.Ordinal);
        Assert.Contains("\"content\":\"[upstream produced an invalid tool call, please retry]\"", WriteBody(Answer), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_reason_without_any_output_is_an_error() =>
        Assert.Contains("\"error\":", Events(Write("start \"\" \"\"\nfinish Other \"OTHER\" \"\" \"\"\nend"))[^1], StringComparison.Ordinal);

    private static List<int> ToolIndexes(string transcript)
    {
        var indexes = new List<int>();
        foreach (var each in Events(Write(transcript)).SkipLast(1))
        {
            using var json = JsonDocument.Parse(each);
            if (json.RootElement.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("tool_calls", out var calls))
            {
                indexes.Add(calls[0].GetProperty("index").GetInt32());
            }
        }

        return indexes;
    }
}
