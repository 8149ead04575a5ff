using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatModelsTests
{
    [Theory]
    [InlineData("gpt-4o", "", true, false, true, 4)]
    [InlineData("gpt-4.1-mini", "", true, false, true, 4)]
    [InlineData("gpt-4o-search-preview", "", false, false, true, 4)]
    [InlineData("gpt-5-chat-latest", "", true, false, true, 4)]
    [InlineData("ft:gpt-4o:org::id", "", true, false, true, 4)]
    [InlineData("o3", "Low Medium High", false, false, false, 0)]
    [InlineData("o4-mini", "Low Medium High", false, false, false, 0)]
    [InlineData("gpt-5", "Minimal Low Medium High", false, false, false, 0)]
    [InlineData("gpt-5-mini", "Minimal Low Medium High", false, false, false, 0)]
    [InlineData("gpt-5.1", "Low Medium High", true, true, true, 0)]
    [InlineData("gpt-5.2", "Low Medium High XHigh", true, true, true, 0)]
    [InlineData("gpt-5.5-pro", "Low Medium High XHigh", true, true, true, 0)]
    [InlineData("gpt-5.6", "Low Medium High XHigh Max", true, true, true, 0)]
    [InlineData("gpt-6-sol", "Low Medium High XHigh Max", true, true, true, 0)]
    [InlineData("gpt-6.1-terra", "Low Medium High XHigh Max", true, true, true, 0)]
    [InlineData("gpt-6-astra", "Low Medium High XHigh", false, false, false, 0)]
    [InlineData("gpt-6.1-sol", "Low Medium High XHigh", false, false, false, 0)]
    [InlineData("gpt-6.2-nova", "Low Medium High XHigh", false, false, false, 0)]
    [InlineData("gpt-7", "Low Medium High XHigh", false, false, false, 0)]
    public void The_gates_of_OpenAIs_models(string model, string levels, bool samples, bool onlyWithoutReasoning, bool canTurnOff, int stops)
    {
        var capabilities = OpenAiChatDialect.Instance.CapabilitiesOf(model);

        Assert.Equal(levels, string.Join(' ', capabilities.Reasoning.Levels));
        Assert.Equal(levels.Length == 0 ? ReasoningControl.None : ReasoningControl.Level, capabilities.Reasoning.Control);
        Assert.Equal(
            (samples, onlyWithoutReasoning, canTurnOff, stops, levels.Length == 0),
            (capabilities.Sampling.TemperatureAndTopP, capabilities.Sampling.OnlyWithoutReasoning, capabilities.Reasoning.CanTurnOff, capabilities.Sampling.MaxStopSequences, capabilities.Sampling.Penalties));
        Assert.Equal(MidConversationSystem.Keep, capabilities.Conversation.MidSystem);
    }

    [Theory]
    [InlineData("llama-3", MidConversationSystem.WrapAsUserText, SignatureFamily.Unknown, false, 40)]
    [InlineData("gpt-oss-120b", MidConversationSystem.WrapAsUserText, SignatureFamily.Unknown, false, 40)]
    [InlineData("deepseek-chat", MidConversationSystem.WrapAsUserText, SignatureFamily.Unknown, true, 40)]
    [InlineData("moonshotai/kimi-k2.5", MidConversationSystem.WrapAsUserText, SignatureFamily.Unknown, true, 40)]
    [InlineData("gemini-3-pro", MidConversationSystem.WrapAsUserText, SignatureFamily.Gemini, false, 40)]
    [InlineData("anthropic/claude-opus-5", MidConversationSystem.WrapAsUserText, SignatureFamily.Claude, false, 40)]
    [InlineData("openai/gpt-5", MidConversationSystem.WrapAsUserText, SignatureFamily.Gpt, false, 40)]
    [InlineData("magistral-medium-latest", MidConversationSystem.WrapAsUserText, SignatureFamily.Unknown, false, 9)]
    public void What_compatible_servers_take(string model, MidConversationSystem system, SignatureFamily family, bool replays, int ids)
    {
        var capabilities = OpenAiChatDialect.Instance.CapabilitiesOf(model);

        Assert.Equal(
            (system, family, replays, ids),
            (capabilities.Conversation.MidSystem, capabilities.Reasoning.Family, capabilities.Reasoning.ReplaysPlainText, capabilities.Tools.MaxIdLength));
    }

    [Fact]
    public void Every_level_a_model_takes_is_a_word_of_the_dialect()
    {
        foreach (var model in (string[])["o3", "gpt-5", "gpt-5.6", "gpt-6.2-x", "llama-3"])
        {
            foreach (var level in OpenAiChatDialect.Instance.CapabilitiesOf(model).Reasoning.Levels)
            {
                var request = OpenAiChatRequests.With("\"stream\":false") with { Reasoning = ReasoningAsk.OfLevel(level) };
                var word = OpenAiChatRequests.Field(request, "reasoning_effort", model).Trim('"');

                Assert.Equal(level, OpenAiChatReasoningReader.LevelOf(word));
            }
        }
    }
}
