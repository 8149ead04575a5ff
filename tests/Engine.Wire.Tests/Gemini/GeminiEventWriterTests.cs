using System.Text;
using System.Text.Json;
using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Gemini;
using Engine.Wire.Json;
using static Engine.Wire.Tests.Gemini.GeminiExchange;

namespace Engine.Wire.Tests.Gemini;

public class GeminiEventWriterTests
{
    private static string Identity => $"\"modelVersion\":\"my-model\",\"responseId\":\"{ResponseId}\"";

    [Fact]
    public void Text_goes_out_at_once_and_finish_with_usage_last()
    {
        var sse = Write(Lines(
            "start \"upstream-id\" \"upstream-model\"",
            "text#0 \"He\\\"l\"",
            "finish Stop \"end_turn\" \"\" \"\"",
            "usage in=10 cached=4 write=0 out=7 reasoning=2",
            "end"));

        Assert.Equal(
            "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"He\\\"l\"}]},\"index\":0}]," + Identity + "}\r\n\r\n"
            + "data: {\"candidates\":[{\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,\"cachedContentTokenCount\":4,"
            + "\"candidatesTokenCount\":5,\"thoughtsTokenCount\":2,\"totalTokenCount\":17}," + Identity + "}\r\n\r\n",
            sse);
    }

    [Fact]
    public void A_client_without_alt_sse_gets_one_JSON_array()
    {
        var array = Write("start \"\" \"\"\ntext#0 \"a\"\ntext#0 \"b\"\nfinish Stop \"\" \"\" \"\"\nend", Context with { StreamAsJsonArray = true });

        using var document = JsonDocument.Parse(array);
        Assert.Equal(3, document.RootElement.GetArrayLength());
        Assert.StartsWith("[{", array, StringComparison.Ordinal);
        Assert.EndsWith("}]", array, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("error Overloaded \"busy\"", 1)]
    [InlineData("text#0 \"a\"\nerror Overloaded \"busy\"", 2)]
    public void The_array_is_well_formed_after_an_error(string transcript, int elements)
    {
        using var document = JsonDocument.Parse(Write(transcript, Context with { StreamAsJsonArray = true }));

        Assert.Equal(elements, document.RootElement.GetArrayLength());
        Assert.Equal(503, document.RootElement[elements - 1].GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public void Nothing_follows_an_error_or_an_end()
    {
        var error = Write("error Timeout \"late\"");

        Assert.Equal("data: {\"error\":{\"code\":504,\"message\":\"late\",\"status\":\"DEADLINE_EXCEEDED\"}}\r\n\r\n", error);
        Assert.Equal(error, Write("error Timeout \"late\"\nend\nerror Invalid \"x\""));
    }

    [Fact]
    public void A_policy_block_before_any_content_is_a_blocked_prompt() =>
        Assert.Equal(
            "data: {\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\",\"blockReasonMessage\":\"no\"}}\r\n\r\n",
            Write("error Policy \"no\""));

    [Fact]
    public void A_call_is_written_when_it_is_complete_whatever_its_fragments_are()
    {
        var events = Events(Write(Lines(
            "tool+#0 \"c1\" \"f\"",
            "args#0 \"{\\\"a\\\": \\\"x\\\\\"",
            "tool+#1 \"c2\" \"g\"",
            "args#0 \"n\\\",\\n\\\"b\\\":1}\"",
            "tool-#1",
            "tool-#0",
            "finish ToolCalls \"\" \"\" \"\"",
            "end")));

        Assert.Contains("{\"functionCall\":{\"id\":\"c2\",\"name\":\"g\",\"args\":{}}}", events[0], StringComparison.Ordinal);
        Assert.Contains("{\"functionCall\":{\"id\":\"c1\",\"name\":\"f\",\"args\":{\"a\": \"x\\n\", \"b\":1}}}", events[1], StringComparison.Ordinal);
        Assert.Contains("\"finishReason\":\"STOP\"", events[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_arguments_with_line_breaks_fit_one_SSE_line()
    {
        using var output = new PooledBytes();
        var writer = GeminiDialect.Instance.CreateWriter(output, Context);
        writer.ToolStart(new BlockKey(0), EscapedText.FromContent("c"u8), EscapedText.FromContent("f"u8));
        writer.ToolArguments(new BlockKey(0), RawJson.FromUtf8("{\r\n \"a\": 1\n}"u8));
        writer.ToolEnd(new BlockKey(0));

        Assert.Contains("\"args\":{   \"a\": 1 }", Events(Encoding.UTF8.GetString(output.Span))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\\\"a\\\":", "Stop", "MALFORMED_FUNCTION_CALL")]
    [InlineData("[1]", "ToolCalls", "MALFORMED_FUNCTION_CALL")]
    [InlineData("{\\\"a\\\":", "Length", "MAX_TOKENS")]
    [InlineData("{\\\"a\\\":", "ContentFilter", "SAFETY")]
    public void Arguments_that_are_no_object_are_never_told_as_a_call(string arguments, string reason, string word)
    {
        var transcript = Lines("tool+#0 \"c1\" \"f\"", $"args#0 \"{arguments}\"", "tool-#0", $"finish {reason} \"\" \"\" \"\"", "end");

        foreach (var answer in new[] { Write(transcript), WriteBody(transcript) })
        {
            Assert.DoesNotContain("functionCall\"", answer, StringComparison.Ordinal);
            Assert.Contains($"\"finishReason\":\"{word}\"", answer, StringComparison.Ordinal);
        }

        Assert.Equal(word == "MALFORMED_FUNCTION_CALL", Write(transcript).Contains("\"finishMessage\":\"Malformed function call: f\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_native_signature_stays_on_its_call()
    {
        var events = Events(Write("signature#0 Gemini \"EpIB\"\ntool+#0 \"c\" \"f\"\njson#0 {}\ntool-#0\nfinish ToolCalls \"\" \"\" \"\"\nend"));

        Assert.Contains("{\"functionCall\":{\"id\":\"c\",\"name\":\"f\",\"args\":{}},\"thoughtSignature\":\"EpIB\"}", events[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reasoning#0 \"plan\"\nsignature#0 Claude \"E+/=\"", 2)]
    [InlineData("signature#0 Claude \"E+/=\"", 1)]
    [InlineData("redacted#0 Claude \"E+/=\"", 1)]
    [InlineData("signature#0 Gpt \"gAAAA\"\ntext#1 \"x\"", 1)]
    public void A_foreign_blob_is_carried_in_base64_on_a_thought_part(string transcript, int chunk)
    {
        var events = Events(Write(transcript + "\nfinish Stop \"\" \"\" \"\"\nend"));
        using var document = JsonDocument.Parse(events[chunk - 1]);
        var part = document.RootElement.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0];
        Assert.True(part.GetProperty("thought").GetBoolean());
        Assert.Equal("", part.GetProperty("text").GetString());

        var carrier = Encoding.ASCII.GetString(part.GetProperty("thoughtSignature").GetBytesFromBase64());
        Assert.StartsWith(transcript.StartsWith("redacted", StringComparison.Ordinal) ? "redacted.px1.claude." : transcript.Contains("Gpt", StringComparison.Ordinal) ? "px1.gpt.claude-opus-4-6." : "px1.claude.claude-opus-4-6.", carrier, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReasoningShow.Default)]
    [InlineData(ReasoningShow.Hidden)]
    [InlineData(ReasoningShow.SignatureOnly)]
    public void Thoughts_are_hidden_unless_the_client_asked_for_them(ReasoningShow show)
    {
        var context = Context with { Reasoning = show };

        var shown = Lines("reasoning#0 \"plan\"", "signature#0 Claude \"sig\"", "text#1 \"x\"", "finish Stop \"\" \"\" \"\"", "end");
        Assert.Equal(2, Events(Write(shown, context)).Length);
        Assert.DoesNotContain("thought", WriteBody(shown, context), StringComparison.Ordinal);

        // A signature whose text the upstream itself withheld can be replayed, so it stays.
        var withheld = Lines("signature#0 Claude \"sig\"", "text#1 \"x\"", "finish Stop \"\" \"\" \"\"", "end");
        Assert.Equal(3, Events(Write(withheld, context)).Length);
        Assert.Contains("thoughtSignature", WriteBody(withheld, context), StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_are_text_and_media_are_inline_data()
    {
        var events = Events(Write("refusal#0 \"I cannot.\"\nmedia#1 \"image/png\" \"iVBO\"\nfinish Refusal \"\" \"\" \"\"\nend"));

        Assert.Contains("{\"text\":\"I cannot.\"}", events[0], StringComparison.Ordinal);
        Assert.Contains("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"iVBO\"}}", events[1], StringComparison.Ordinal);
        Assert.Contains("\"finishReason\":\"STOP\"", events[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_come_with_the_last_chunk()
    {
        var last = Events(Write(Lines("text#0 \"The sky\"", "cite#0 \"https://a.example\" \"A\" \"sky\" 4 7", "cite#0 \"u\" \"\" \"\" -1 -1", "finish Stop \"\" \"\" \"\"", "end")))[^1];

        Assert.Contains(
            "\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"https://a.example\",\"title\":\"A\"}},{\"web\":{\"uri\":\"u\",\"title\":\"\"}}],"
            + "\"groundingSupports\":[{\"segment\":{\"startIndex\":4,\"endIndex\":7,\"text\":\"sky\"},\"groundingChunkIndices\":[0]},{\"segment\":{},\"groundingChunkIndices\":[1]}]}",
            last,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_005_006_a_heartbeat_is_a_comment_without_blank_line_and_white_space_in_an_array()
    {
        using var sse = new PooledBytes();
        var writer = GeminiDialect.Instance.CreateWriter(sse, Context);
        writer.Heartbeat();
        Transcript.Play("text#0 \"a\"\nend", writer);
        writer.Heartbeat();
        Assert.StartsWith(": ping\ndata: {", Encoding.UTF8.GetString(sse.Span), StringComparison.Ordinal);
        Assert.EndsWith("}\r\n\r\n", Encoding.UTF8.GetString(sse.Span), StringComparison.Ordinal);

        using var array = new PooledBytes();
        var second = GeminiDialect.Instance.CreateWriter(array, Context with { StreamAsJsonArray = true });
        second.Heartbeat();
        Transcript.Play("text#0 \"a\"", second);
        second.Heartbeat();
        second.End();
        Assert.True(JsonValidity.IsValue(array.Span));
    }

    [Fact]
    public void Pitfall_009_every_event_ends_with_a_blank_line()
    {
        Assert.EndsWith("\r\n\r\n", Write("text#0 \"a\"\nfinish Stop \"\" \"\" \"\"\nend"), StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", Write("text#0 \"a\"\nerror Truncated \"cut\""), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_012_a_truncated_answer_is_an_error_and_no_stop()
    {
        var events = Events(Write("text#0 \"a\"\nerror Truncated \"cut\""));

        Assert.DoesNotContain("finishReason", string.Concat(events), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"INTERNAL\"", events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_077_only_the_call_that_was_signed_carries_a_signature()
    {
        var events = Events(Write(Lines(
            "signature#0 Gemini \"S\"", "tool+#0 \"a\" \"f\"", "tool-#0", "tool+#1 \"b\" \"f\"", "tool-#1", "finish Stop \"\" \"\" \"\"", "end")));

        Assert.Contains("thoughtSignature", events[0], StringComparison.Ordinal);
        Assert.DoesNotContain("thoughtSignature", events[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_098_calls_reach_native_clients_as_functionCall_parts_in_stream_and_body()
    {
        var transcript = Lines("tool+#0 \"c\" \"f\"", "args#0 \"{\\\"a\\\":1}\"", "tool-#0", "finish ToolCalls \"tool_calls\" \"\" \"\"", "end");

        Assert.Contains("{\"functionCall\":{\"id\":\"c\",\"name\":\"f\",\"args\":{\"a\":1}}}", Write(transcript), StringComparison.Ordinal);
        Assert.Contains("{\"functionCall\":{\"id\":\"c\",\"name\":\"f\",\"args\":{\"a\":1}}}", WriteBody(transcript), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_108_the_upstreams_own_word_never_leaks()
    {
        var transcript = "text#0 \"a\"\nfinish PauseTurn \"pause_turn\" \"\" \"\"\nend";

        Assert.DoesNotContain("pause_turn", Write(transcript), StringComparison.Ordinal);
        Assert.DoesNotContain("pause_turn", WriteBody(transcript), StringComparison.Ordinal);
    }

    [Fact]
    public void A_steady_stream_of_text_and_thoughts_allocates_nothing()
    {
        using var output = new PooledBytes();
        var writer = GeminiDialect.Instance.CreateWriter(output, Context);
        Write(200);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(5_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Write(int times)
        {
            for (var i = 0; i < times; i++)
            {
                output.Clear();
                writer.Reasoning(new BlockKey(0), EscapedText.FromContent("hm"u8));
                writer.Text(new BlockKey(1), EscapedText.FromContent("Hello"u8));
            }
        }
    }
}
