using System.Text.Json;
using Engine.Testing;
using Engine.Wire.Completion;
using static Engine.Wire.Tests.Gemini.GeminiExchange;

namespace Engine.Wire.Tests.Gemini;

/// <summary><c>read(write(t)) == t</c> up to what Gemini cannot say (wire/mapping.md §5).</summary>
public class GeminiRoundTripTests
{
    public static TheoryData<string> Transcripts => new(
        Lines("text#0 \"Hello \\u00e9 \\\"x\\\" 🌍\"", "usage in=10 cached=4 write=-1 out=7 reasoning=2", "finish Stop \"STOP\" \"\" \"\""),
        Lines("reasoning#0 \"plan\"", "text#1 \"Hi\"", "usage in=1 cached=-1 write=-1 out=2 reasoning=-1", "finish Length \"MAX_TOKENS\" \"\" \"\""),
        Lines("reasoning#0 \"plan\"", "signature#0 Gemini \"S\"", "text#1 \"Hi\"", "signature#1 Gemini \"T\"", "finish Stop \"STOP\" \"\" \"\""),
        Lines("signature#0 Gemini \"S\"", "tool+#0 \"c1\" \"f\"", "json#0 {\"a\":[1,2.0,{\"b\":null}]}", "tool-#0", "tool+#1 \"c2\" \"g\"", "json#1 {}", "tool-#1", "finish Stop \"STOP\" \"\" \"\""),
        Lines("text#0 \"a\"", "media#1 \"image/png\" \"iVBO\"", "text#2 \"b\"", "finish Stop \"STOP\" \"\" \"\""),
        Lines("text#0 \"The sky\"", "cite#0 \"https://a.example\" \"A\" \"sky\" 4 7", "finish Stop \"STOP\" \"\" \"\""),
        Lines("text#0 \"a\"", "text#1@1 \"b\"", "finish Stop \"STOP\" \"\" \"\"", "finish@1 Length \"MAX_TOKENS\" \"\" \"\""),
        Lines("finish ContentFilter \"SAFETY\" \"\" \"no\""),
        Lines("finish MalformedCall \"MALFORMED_FUNCTION_CALL\" \"\" \"\""));

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void A_stream_reads_back_as_it_was_written(string transcript)
    {
        var expected = Expected(transcript);

        Assert.Equal(expected, ReadEvents(Events(Write(Whole(transcript)))).Coalesced);
        Assert.Equal(expected, ReadBody(Write(Whole(transcript), Context with { StreamAsJsonArray = true })).Coalesced);
    }

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void A_body_reads_back_as_it_was_written(string transcript)
    {
        Assert.Equal(Expected(transcript), ReadBody(WriteBody(Whole(transcript))).Coalesced);
    }

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Every_answer_is_JSON_without_line_breaks(string transcript)
    {
        foreach (var data in Events(Write(Whole(transcript))).Append(WriteBody(Whole(transcript))))
        {
            Assert.DoesNotContain('\n', data);
            using var document = JsonDocument.Parse(data);
            Assert.Equal("my-model", document.RootElement.GetProperty("modelVersion").GetString());
            Assert.Equal(ResponseId, document.RootElement.GetProperty("responseId").GetString());
        }
    }

    [Fact]
    public void The_matrix_of_finish_reasons_knows_a_legal_word_for_each()
    {
        string[] legal = ["STOP", "MAX_TOKENS", "SAFETY", "MALFORMED_FUNCTION_CALL", "OTHER"];
        foreach (var reason in Enum.GetValues<FinishReason>())
        {
            var transcript = $"text#0 \"a\"\nfinish {reason} \"raw\" \"\" \"\"\nend";
            foreach (var answer in new[] { Events(Write(transcript))[^1], WriteBody(transcript) })
            {
                using var document = JsonDocument.Parse(answer);
                Assert.Contains(document.RootElement.GetProperty("candidates")[0].GetProperty("finishReason").GetString(), legal);
            }
        }
    }

    private static string Whole(string transcript) => Lines("start \"u\" \"m\"", transcript, "end");

    // Usage comes in the last chunk and therefore after all content; name and id are the client's.
    private static List<string> Expected(string transcript)
    {
        var sink = new TranscriptSink();
        Transcript.Play(transcript, sink);
        var content = sink.Coalesced.Where(static line => !line.StartsWith("usage", StringComparison.Ordinal) && !line.StartsWith("finish", StringComparison.Ordinal));
        var usage = sink.Coalesced.Where(static line => line.StartsWith("usage", StringComparison.Ordinal));
        var finish = sink.Coalesced.Where(static line => line.StartsWith("finish", StringComparison.Ordinal));
        return [$"start \"{ResponseId}\" \"my-model\"", .. content, .. usage, .. finish, "end"];
    }
}
