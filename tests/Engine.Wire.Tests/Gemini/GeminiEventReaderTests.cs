using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Gemini;
using static Engine.Wire.Tests.Gemini.GeminiExchange;

namespace Engine.Wire.Tests.Gemini;

public class GeminiEventReaderTests
{
    [Fact]
    public void Text_deltas_append_to_one_block_and_usage_is_cumulative()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hel"}]},"index":0}],"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9},"modelVersion":"gemini-x","responseId":"r1"}""",
            """{"candidates":[{"content":{"parts":[{"text":"lo"}]}}],"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9},"modelVersion":"gemini-x","responseId":"r1"}""",
            """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"cachedContentTokenCount":4,"candidatesTokenCount":2,"thoughtsTokenCount":3,"toolUsePromptTokenCount":5}}""");

        Assert.Equal(
            Lines(
                "start \"r1\" \"gemini-x\"",
                "text#0 \"Hel\"",
                "usage in=9 cached=-1 write=-1 out=-1 reasoning=-1",
                "text#0 \"lo\"",
                "usage in=14 cached=4 write=-1 out=5 reasoning=3",
                "finish Stop \"STOP\" \"\" \"\"",
                "end"),
            sink.ToString());
    }

    [Fact]
    public void Golden_example_B_two_parallel_calls_of_which_the_first_is_signed()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"EpIB"},{"functionCall":{"name":"f","args":{"a":2}}}]}}]}""",
            """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":6,"thoughtsTokenCount":4,"totalTokenCount":20}}""");

        Assert.Equal(
            Lines(
                "start \"\" \"\"",
                "signature#0 Gemini \"EpIB\"",
                $"tool+#0 \"{CallId(0)}\" \"f\"",
                "json#0 {\"a\":1}",
                "tool-#0",
                $"tool+#1 \"{CallId(1)}\" \"f\"",
                "json#1 {\"a\":2}",
                "tool-#1",
                "usage in=10 cached=-1 write=-1 out=10 reasoning=4",
                "finish Stop \"STOP\" \"\" \"\"",
                "end"),
            sink.ToString());
    }

    [Fact]
    public void A_change_of_kind_opens_a_new_block_and_a_call_keeps_the_upstream_id()
    {
        var sink = ReadBody(
            """{"candidates":[{"content":{"parts":[{"text":"plan","thought":true},{"text":"A"},{"functionCall":{"id":"fc1","name":"f"}},{"text":"B"},{}]},"finishReason":"STOP"}]}""");

        Assert.Equal(
            Lines("start \"\" \"\"", "reasoning#0 \"plan\"", "text#1 \"A\"", "tool+#2 \"fc1\" \"f\"", "tool-#2", "text#3 \"B\"", "finish Stop \"STOP\" \"\" \"\"", "end"),
            sink.ToString());
    }

    [Fact]
    public void Property_order_does_not_matter()
    {
        var sink = ReadEvents(
            """{"responseId":"r","usageMetadata":{"candidatesTokenCount":"7","promptTokenCount":"3"},"candidates":[{"finishReason":"STOP","content":{"parts":[{"thoughtSignature":"S","thought":true,"text":"x"}]},"index":1}],"modelVersion":"m"}""");

        Assert.Equal(
            Lines(
                "start \"r\" \"m\"",
                "reasoning#0@1 \"x\"",
                "signature#0@1 Gemini \"S\"",
                "usage in=3 cached=-1 write=-1 out=7 reasoning=-1",
                "finish@1 Stop \"STOP\" \"\" \"\"",
                "end"),
            sink.ToString());
    }

    [Fact]
    public void Snake_case_is_read_too()
    {
        var sink = ReadBody(
            """{"response_id":"r","model_version":"m","usage_metadata":{"prompt_token_count":1,"candidates_token_count":2},"candidates":[{"content":{"parts":[{"inline_data":{"mime_type":"image/png","data":"iVBO"}},{"function_call":{"name":"f","args":{}},"thought_signature":"S"}]},"finish_reason":"MAX_TOKENS"}]}""");

        Assert.Equal(
            Lines(
                "start \"r\" \"m\"",
                "media#0 \"image/png\" \"iVBO\"",
                "signature#1 Gemini \"S\"",
                $"tool+#1 \"{CallId(0)}\" \"f\"",
                "json#1 {}",
                "tool-#1",
                "usage in=1 cached=-1 write=-1 out=2 reasoning=-1",
                "finish Length \"MAX_TOKENS\" \"\" \"\"",
                "end"),
            sink.ToString());
    }

    [Fact]
    public void Candidates_have_blocks_and_finishes_of_their_own()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]},"index":0},{"content":{"parts":[{"text":"b"}]},"index":1}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"c"}]},"finishReason":"MAX_TOKENS","index":1},{"content":{"parts":[{"text":"d"}]},"finishReason":"STOP"}]}""");

        Assert.Equal(
            Lines(
                "start \"\" \"\"", "text#0 \"a\"", "text#1@1 \"b\"", "text#1@1 \"c\"", "text#0 \"d\"",
                "finish Stop \"STOP\" \"\" \"\"", "finish@1 Length \"MAX_TOKENS\" \"\" \"\"", "end"),
            sink.ToString());
    }

    [Fact]
    public void The_last_of_repeated_finish_reasons_counts()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"FAKE_ENUM"}]}""");

        Assert.Equal(Lines("start \"\" \"\"", "text#0 \"a\"", "text#0 \"b\"", "finish Other \"FAKE_ENUM\" \"\" \"\"", "end"), sink.ToString());
    }

    [Theory]
    [InlineData("1", "Stop")]
    [InlineData("2", "Length")]
    [InlineData("3", "ContentFilter")]
    [InlineData("77", "Other")]
    public void A_finish_reason_may_be_a_number(string number, string reason) =>
        Assert.Contains($"finish {reason} \"{number}\" \"\" \"\"", ReadBody($"{{\"candidates\":[{{\"finishReason\":{number}}}]}}").Lines);

    [Fact]
    public void An_unspecified_finish_reason_is_none()
    {
        var sink = ReadEvents("""{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"FINISH_REASON_UNSPECIFIED"}]}""");

        Assert.StartsWith("error Truncated", sink.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"no"}}""", "SAFETY", "no")]
    [InlineData("""{"candidates":[],"promptFeedback":{"blockReasonMessage":"Message"}}""", "", "Message")]
    [InlineData("""{"promptFeedback":{"blockReason":"NEW_REASON"}}""", "NEW_REASON", "")]
    public void A_blocked_prompt_finishes_as_content_filter_without_content(string body, string word, string message)
    {
        Assert.Equal(Lines("start \"\" \"\"", $"finish ContentFilter \"{word}\" \"\" \"{message}\"", "end"), ReadBody(body).ToString());
        Assert.Equal(ReadBody(body).Lines, ReadEvents(body).Lines);
    }

    [Theory]
    [InlineData("""{"candidates":[]}""")]
    [InlineData("""{"usageMetadata":{"promptTokenCount":1}}""")]
    public void An_answer_without_any_candidate_is_a_fault_of_the_upstream(string body) =>
        Assert.Equal("error UpstreamFault \"The upstream answered without any candidate.\"", ReadBody(body).Lines[^1]);

    [Fact]
    public void A_finish_message_explains_everything_but_a_stop()
    {
        Assert.Contains("finish Other \"OTHER\" \"\" \"broke\"", ReadBody("""{"candidates":[{"finishReason":"OTHER","finishMessage":"broke"}]}""").Lines);
        Assert.Contains("finish Stop \"STOP\" \"\" \"\"", ReadBody("""{"candidates":[{"finishReason":"STOP","finishMessage":"Model generated function call(s)."}]}""").Lines);
    }

    [Fact]
    public void Hosted_parts_have_no_event_and_end_the_open_block()
    {
        var sink = ReadBody(
            """{"candidates":[{"content":{"parts":[{"text":"a"},{"executableCode":{"language":"PYTHON","code":"1"}},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}},{"text":"b"}]},"finishReason":"STOP"}]}""");

        Assert.Equal(Lines("start \"\" \"\"", "text#0 \"a\"", "text#1 \"b\"", "finish Stop \"STOP\" \"\" \"\"", "end"), sink.ToString());
    }

    [Fact]
    public void Sources_are_placed_while_the_text_is_ASCII_in_one_block()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"parts":[{"text":"The sky is blue."}]}}]}""",
            """{"candidates":[{"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a.example","title":"A"}},{"web":{"uri":"https://b.example","title":"B"}}],"groundingSupports":[{"segment":{"endIndex":7,"text":"The sky"},"groundingChunkIndices":[1,0]},{"segment":{"startIndex":8,"endIndex":16},"groundingChunkIndices":[7]}]},"citationMetadata":{"citationSources":[{"startIndex":4,"endIndex":7,"uri":"https://c.example"}]}}]}""");

        Assert.Equal(
            [
                "cite#0 \"https://c.example\" \"\" \"\" 4 7",
                "cite#0 \"https://b.example\" \"B\" \"The sky\" 0 7",
                "cite#0 \"https://a.example\" \"A\" \"The sky\" 0 7",
            ],
            sink.Lines.Where(static line => line.StartsWith("cite", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("69\u00b0F today")]
    [InlineData("69\\u00b0F today")]
    public void Byte_offsets_into_other_text_are_not_told(string text)
    {
        var sink = ReadBody($$$"""{"candidates":[{"content":{"parts":[{"text":"{{{text}}}"}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"u"}}],"groundingSupports":[{"segment":{"startIndex":1,"endIndex":4,"text":"9"},"groundingChunkIndices":[0]}]}}]}""");

        Assert.Contains("cite#0 \"u\" \"\" \"9\" -1 -1", sink.Lines);
    }

    [Fact]
    public void Vertex_streams_arguments_in_pieces()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.city","stringValue":"New","willContinue":true}],"willContinue":true}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.city","stringValue":" \"York"},{"jsonPath":"$.days[0].n","numberValue":1.50},{"jsonPath":"$.days[1]['a.b']","boolValue":true},{"jsonPath":"$.none","nullValue":"NULL_VALUE"}],"willContinue":true}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"g","willContinue":true}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}]}""");

        Assert.Equal(
            Lines(
                "start \"\" \"\"",
                $"tool+#0 \"{CallId(0)}\" \"f\"",
                "json#0 {\"city\":\"New \\\"York\",\"days\":[{\"n\":1.50},{\"a.b\":true}],\"none\":null}",
                "tool-#0",
                $"tool+#1 \"{CallId(1)}\" \"g\"",
                "json#1 {}",
                "tool-#1",
                "finish Stop \"STOP\" \"\" \"\"",
                "end"),
            sink.ToString());
    }

    [Fact]
    public void A_call_in_pieces_that_the_output_limit_cut_is_not_ended()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true,"partialArgs":[{"jsonPath":"$.a","stringValue":"x"}]}}]}}]}""",
            """{"candidates":[{"finishReason":"MAX_TOKENS"}]}""");

        Assert.DoesNotContain(sink.Lines, static line => line.StartsWith("tool-", StringComparison.Ordinal));
    }

    [Fact]
    public void Malformed_JSON_is_an_error_and_nothing_follows()
    {
        var sink = ReadEvents("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}""", """{"candidates":[{]}""", """{"candidates":[{"finishReason":"STOP"}]}""");

        Assert.Equal(3, sink.Lines.Count);
        Assert.StartsWith("error UpstreamFault", sink.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_010_a_whole_array_and_an_error_in_an_array_are_read()
    {
        var sink = ReadBody("""[{"candidates":[{"content":{"parts":[{"text":"a"}]}}]},{"candidates":[{"finishReason":"STOP"}]}]""");
        Assert.Equal(Lines("start \"\" \"\"", "text#0 \"a\"", "finish Stop \"STOP\" \"\" \"\"", "end"), sink.ToString());

        var failed = ReadEvents("""[{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}]""");
        Assert.Equal("error Overloaded \"busy\"", failed.ToString());
    }

    [Fact]
    public void Pitfall_011_an_empty_stream_is_truncated_and_no_success() =>
        Assert.StartsWith("error Truncated", ReadEvents().ToString(), StringComparison.Ordinal);

    [Fact]
    public void Pitfall_012_a_stream_without_finish_reason_is_truncated_and_no_stop()
    {
        var sink = ReadEvents("""{"candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}""");

        Assert.StartsWith("error Truncated", sink.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(sink.Lines, static line => line.StartsWith("finish", StringComparison.Ordinal));
    }

    [Fact]
    public void Pitfall_014_an_error_inside_the_stream_is_classified()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}""",
            """{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}""");

        Assert.Equal(Lines("start \"\" \"\"", "text#0 \"a\"", "error RateLimit \"slow\""), sink.ToString());
    }

    [Fact]
    public void Pitfall_078_a_signature_on_an_empty_part_belongs_to_the_open_block()
    {
        var text = ReadEvents("""{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}""", """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"S"}]},"finishReason":"STOP"}]}""");
        Assert.Equal(["text#0 \"Hi\"", "signature#0 Gemini \"S\""], text.Lines.Skip(1).Take(2));

        var thought = ReadEvents("""{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"","thoughtSignature":"S"},{"text":"x"}]},"finishReason":"STOP"}]}""");
        Assert.Equal(["reasoning#0 \"hm\"", "signature#0 Gemini \"S\"", "text#1 \"x\""], thought.Lines.Skip(1).Take(3));
    }

    [Fact]
    public void Pitfall_078_a_signature_after_a_call_never_replaces_the_calls_own()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"parts":[{"functionCall":{"id":"c","name":"f"},"thoughtSignature":"A"}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"B"}]},"finishReason":"STOP"}]}""");

        Assert.Equal(["signature#0 Gemini \"A\"", "tool+#0 \"c\" \"f\"", "tool-#0", "signature#1 Gemini \"B\""], sink.Lines.Skip(1).Take(4));
    }

    [Fact]
    public void Pitfall_099_STOP_beside_calls_in_an_earlier_chunk_stays_stop_for_the_sink_and_resolves_to_calls()
    {
        using var fold = new CompletionFold();
        var reader = GeminiDialect.Instance.CreateReader(Context);
        reader.ReadEvent(default, """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"}}]}}]}"""u8, fold);
        reader.ReadEvent(default, """{"candidates":[{"finishReason":"STOP"}]}"""u8, fold);
        reader.Complete(fold);

        Assert.Equal(FinishReason.Stop, fold.Finishes[0].Reason);
        Assert.Equal(FinishReason.ToolCalls, fold.ResolvedFinish());
    }

    [Fact]
    public void Pitfall_100_a_last_chunk_without_content_is_read()
    {
        var sink = ReadEvents(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}""",
            """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1}}""");

        Assert.Equal(["usage in=1 cached=-1 write=-1 out=1 reasoning=-1", "finish Stop \"STOP\" \"\" \"\"", "end"], sink.Lines.Skip(2));
    }

    [Theory]
    [InlineData("MALFORMED_FUNCTION_CALL")]
    [InlineData("UNEXPECTED_TOOL_CALL")]
    [InlineData("TOO_MANY_TOOL_CALLS")]
    [InlineData("MALFORMED_RESPONSE")]
    public void Pitfall_101_a_malformed_call_is_no_stop(string word) =>
        Assert.Contains($"finish MalformedCall \"{word}\" \"\" \"\"", ReadBody($$$$"""{"candidates":[{"content":{},"finishReason":"{{{{word}}}}"}]}""").Lines);

    [Fact]
    public void Stream_and_whole_body_fold_to_the_same_events()
    {
        const string Whole = """{"candidates":[{"content":{"parts":[{"text":"plan","thought":true},{"text":"Hello \u00e9"},{"functionCall":{"name":"f","args":{"a":[1, 2]}},"thoughtSignature":"S"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2},"modelVersion":"m","responseId":"r"}""";
        string[] stream =
        [
            """{"candidates":[{"content":{"parts":[{"text":"pl","thought":true}]}}],"modelVersion":"m","responseId":"r"}""",
            """{"candidates":[{"content":{"parts":[{"text":"an","thought":true},{"text":"Hel"}]}}],"modelVersion":"m","responseId":"r"}""",
            """{"candidates":[{"content":{"parts":[{"text":"lo \u00e9"}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":[1, 2]}},"thoughtSignature":"S"}]}}]}""",
            """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2}}""",
        ];

        Assert.Equal(ReadBody(Whole).Coalesced, ReadEvents(stream).Coalesced);
    }

    [Fact]
    public void A_steady_stream_of_text_and_thoughts_allocates_nothing()
    {
        var text = Encoding.UTF8.GetBytes("""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello, w\u00f6rld \n"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3},"modelVersion":"m","responseId":"r"}""");
        var thought = Encoding.UTF8.GetBytes("""{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]}}],"usageMetadata":{"promptTokenCount":9,"thoughtsTokenCount":2},"modelVersion":"m","responseId":"r"}""");
        var reader = GeminiDialect.Instance.CreateReader(Context);
        var sink = new MeteringSink();
        Read(200);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(5_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(10_400, sink.ContentEvents);

        void Read(int times)
        {
            for (var i = 0; i < times; i++)
            {
                reader.ReadEvent(default, text, sink);
                reader.ReadEvent(default, thought, sink);
            }
        }
    }
}
