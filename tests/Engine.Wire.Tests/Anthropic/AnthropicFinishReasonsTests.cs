using System.Text;
using System.Text.Json;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicFinishReasonsTests
{
    private static readonly string[] Legal = ["end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal"];

    public static TheoryData<FinishReason> AllReasons => [.. Enum.GetValues<FinishReason>()];

    [Theory]
    [MemberData(nameof(AllReasons))]
    public void Pitfall_108_every_reason_is_written_as_a_legal_word(FinishReason reason)
    {
        var transcript = $"start \"\" \"\"\ntext#0 \"a\"\nfinish {reason} \"raw word\" \"\" \"\"\nend";
        using var body = JsonDocument.Parse(AnthropicPlay.WriteBody(transcript));
        Assert.Contains(body.RootElement.GetProperty("stop_reason").GetString(), Legal);
        var sse = AnthropicPlay.WriteStream(transcript);
        AnthropicGrammar.AssertLegal(sse);
        Assert.DoesNotContain("raw word", sse, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("tool_use", FinishReason.ToolCalls)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("stop_sequence", FinishReason.StopSequence)]
    [InlineData("pause_turn", FinishReason.PauseTurn)]
    [InlineData("refusal", FinishReason.ContentFilter)]
    [InlineData("model_context_window_exceeded", FinishReason.ContextFull)]
    [InlineData("compaction", FinishReason.Other)]
    [InlineData("of_tomorrow", FinishReason.Other)]
    public void Every_word_is_read(string word, FinishReason reason) =>
        Assert.Equal(reason, AnthropicFinishReasons.Read(EscapedText.FromContent(Encoding.UTF8.GetBytes(word))));

    [Theory]
    [InlineData("end_turn")]
    [InlineData("tool_use")]
    [InlineData("max_tokens")]
    [InlineData("stop_sequence")]
    [InlineData("pause_turn")]
    [InlineData("refusal")]
    public void A_word_survives_reading_and_writing(string word) => Assert.Equal(
        word, Encoding.UTF8.GetString(AnthropicFinishReasons.Write(AnthropicFinishReasons.Read(EscapedText.FromContent(Encoding.UTF8.GetBytes(word))))));
}
