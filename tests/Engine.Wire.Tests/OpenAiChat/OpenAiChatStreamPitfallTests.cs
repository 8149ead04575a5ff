using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

/// <summary>wire/pitfalls.md A and B: what streams of this dialect do in the wild.</summary>
public class OpenAiChatStreamPitfallTests
{
    [Fact]
    public void Pitfall_005_An_empty_event_is_ignored() =>
        Assert.Equal("text#0 \"a\"", Content(Stream("", Chunk("""{"content":"a"}"""), " ", Chunk("{}", "stop"), "[DONE]")));

    [Fact]
    public void Pitfall_008_A_failure_before_the_first_chunk_is_the_first_event() =>
        Assert.Equal(
            "error RateLimit \"slow\"",
            Stream("""{"error":{"message":"slow","type":"rate_limit_error","code":"rate_limit_exceeded"}}""").ToString());

    [Fact]
    public void Pitfall_010_An_error_body_may_be_wrapped_in_an_array() =>
        Assert.Equal("error Overloaded \"busy\"", Body("""[{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}]""").ToString());

    [Fact]
    public void Pitfall_011_An_empty_stream_is_an_error_never_an_empty_success()
    {
        Assert.StartsWith("error Truncated", Stream().ToString(), StringComparison.Ordinal);
        Assert.StartsWith("error UpstreamFault", Stream("[DONE]").ToString(), StringComparison.Ordinal);
        Assert.StartsWith("error UpstreamFault", Stream(Chunk("""{"role":"assistant","content":""}"""), "[DONE]").Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_012_An_end_without_finish_reason_is_truncated() => Assert.Equal(
        "error Truncated \"The upstream closed the stream before the answer was complete.\"",
        Stream(Chunk("""{"content":"a"}""")).Lines[^1]);

    [Fact]
    public void Pitfall_012_One_unfinished_candidate_of_two_is_truncated() => Assert.StartsWith(
        "error Truncated",
        Stream(Chunk("""{"content":"a"}""", "stop"), Chunk("""{"content":"b"}""", index: 1)).Lines[^1],
        StringComparison.Ordinal);

    [Fact]
    public void An_end_without_DONE_but_with_finish_reason_is_whole() =>
        Assert.Equal("end", Stream(Chunk("""{"content":"a"}"""), Chunk("{}", "stop")).Lines[^1]);

    [Theory]
    [InlineData("""{"error":{"message":"boom","type":"server_error","param":null,"code":null}}""", "UpstreamFault")]
    [InlineData("""{"error":{"code":400,"message":"Token limit reached"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":null}]}""", "Invalid")]
    [InlineData("""{"error":"boom"}""", "UpstreamFault")]
    [InlineData("""{"object":"error","message":"boom","type":"BadRequestError","code":400}""", "Invalid")]
    [InlineData("""{"status":"449","msg":"too fast","body":null}""", "RateLimit")]
    [InlineData("""{"code":"insufficient_quota","message":"boom"}""", "Quota")]
    [InlineData("""{"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"error","error":{"code":503,"message":"boom"}}]}""", "Overloaded")]
    public void Pitfall_014_An_error_inside_a_200_stream_is_classified(string data, string kind)
    {
        var sink = Stream(Chunk("""{"content":"a"}"""), data, "[DONE]");

        Assert.StartsWith($"error {kind} ", sink.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_014_A_named_error_event_is_an_error_whatever_it_holds()
    {
        var sink = new Testing.TranscriptSink();
        Wire.OpenAiChat.OpenAiChatDialect.Instance.CreateReader(Context).ReadEvent("error"u8, """{"message":"boom","code":"server_is_overloaded"}"""u8, sink);

        Assert.Equal("error Overloaded \"boom\"", sink.ToString());
    }

    [Fact]
    public void Pitfall_014_A_finish_reason_of_error_is_a_failure() =>
        Assert.StartsWith("error UpstreamFault", Stream(Chunk("""{"content":"a"}"""), Chunk("{}", "error"), "[DONE]").Lines[^1], StringComparison.Ordinal);

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("false")]
    public void An_error_that_says_nothing_is_no_error(string error) => Assert.Equal(
        "text#0 \"a\"",
        Content(Stream($$"""{"id":"1","error":{{error}},"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}""", "[DONE]")));

    [Fact]
    public void Pitfall_017_Chunks_without_choices_are_not_indexed()
    {
        var sink = Stream(
            """{"choices":[],"created":0,"id":"","model":"","prompt_filter_results":[{"prompt_index":0}]}""",
            """{"id":"keep-alive"}""",
            Chunk("""{"content":"a"}"""),
            """{"id":"chatcmpl-1","usage":{"prompt_tokens":3,"completion_tokens":1}}""",
            Chunk("{}", "stop"),
            "[DONE]");

        Assert.Equal(
            """
            start "chatcmpl-1" "up"
            text#0 "a"
            usage in=3 cached=-1 write=-1 out=1 reasoning=-1
            finish Stop "stop" "" ""
            end
            """,
            sink.ToString());
    }

    [Fact]
    public void Pitfall_018_Usage_after_the_finish_is_still_read() => Assert.Contains(
        "usage in=100 cached=80 write=-1 out=20 reasoning=5",
        Stream(
            Chunk("""{"content":"a"}"""),
            Chunk("{}", "stop"),
            """{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":80},"completion_tokens_details":{"reasoning_tokens":5}}}""",
            "[DONE]").Lines);

    [Fact]
    public void Pitfall_026_A_whole_call_in_the_first_chunk_without_a_role_still_starts_the_answer() => Assert.Equal(
        "start \"chatcmpl-1\" \"up\"",
        Deltas("tool_calls", """{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""").Lines[0]);

    [Fact]
    public void Pitfall_081_A_length_without_content_is_a_legitimate_answer() => Assert.Equal(
        """
        finish Length "length" "" ""
        end
        """,
        string.Join('\n', Stream(Chunk("""{"role":"assistant","content":""}"""), Chunk("{}", "length"), "[DONE]").Lines.Skip(1)));

    [Fact]
    public void Malformed_JSON_is_a_fault_of_the_upstream() =>
        Assert.StartsWith("error UpstreamFault", Stream(Chunk("""{"content":"a"}"""), "{\"id\":").Lines[^1], StringComparison.Ordinal);
}
