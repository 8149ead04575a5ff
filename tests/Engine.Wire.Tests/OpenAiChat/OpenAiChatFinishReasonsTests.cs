using Engine.Wire.Completion;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatFinishReasonsTests
{
    private static readonly string[] Legal = ["stop", "length", "tool_calls", "content_filter"];

    public static TheoryData<FinishReason, bool> Matrix()
    {
        var matrix = new TheoryData<FinishReason, bool>();
        foreach (var reason in Enum.GetValues<FinishReason>())
        {
            matrix.Add(reason, true);
            matrix.Add(reason, false);
        }

        return matrix;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Pitfall_108_Every_reason_is_written_with_a_legal_word_streamed_and_whole_alike(FinishReason reason, bool withCall)
    {
        var call = withCall ? "tool+#1 \"c\" \"f\"\ntool-#1\n" : "";
        var answer = $"start \"\" \"\"\ntext#0 \"a\"\n{call}finish {reason} \"RAW\" \"\" \"\"\nend";
        var streamed = WordOf(Write(answer));
        var whole = WordOf(WriteBody(answer));

        Assert.Equal(streamed, whole);
        Assert.Contains(streamed, Legal, StringComparer.Ordinal);
        Assert.DoesNotContain("RAW", Write(answer) + WriteBody(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stop", FinishReason.Stop)]
    [InlineData("length", FinishReason.Length)]
    [InlineData("tool_calls", FinishReason.ToolCalls)]
    [InlineData("function_call", FinishReason.ToolCalls)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("eos", FinishReason.Stop)]
    [InlineData("SAFETY", FinishReason.ContentFilter)]
    [InlineData("never heard of", FinishReason.Other)]
    public void Words_are_read(string word, FinishReason reason) =>
        Assert.Equal(reason, OpenAiChatFinishReasons.Read(EscapedText.FromContent(System.Text.Encoding.UTF8.GetBytes(word))));

    [Theory]
    [InlineData(FinishReason.ToolCalls, false, "stop")]
    [InlineData(FinishReason.Stop, true, "tool_calls")]
    [InlineData(FinishReason.Length, true, "length")]
    [InlineData(FinishReason.ContentFilter, true, "content_filter")]
    public void Pitfall_027_Calls_seen_decide_between_stop_and_tool_calls_only(FinishReason reason, bool withCall, string word)
    {
        var call = withCall ? "tool+#1 \"c\" \"f\"\ntool-#1\n" : "";

        Assert.Equal(word, WordOf(Write($"start \"\" \"\"\ntext#0 \"a\"\n{call}finish {reason} \"\" \"\" \"\"\nend")));
    }

    private static string WordOf(string written)
    {
        const string Name = "\"finish_reason\":\"";
        var start = written.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return written[start..written.IndexOf('"', start)];
    }
}
