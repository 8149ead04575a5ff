using Engine.Wire.Anthropic;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicModelsTests
{
    [Theory]
    [InlineData("claude-3-haiku-20240307", "haiku", 3, 0)]
    [InlineData("claude-3-5-haiku-20241022", "haiku", 3, 5)]
    [InlineData("claude-3-7-sonnet-20250219", "sonnet", 3, 7)]
    [InlineData("claude-sonnet-4-20250514", "sonnet", 4, 0)]
    [InlineData("claude-opus-4-1@20250805", "opus", 4, 0)]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "sonnet", 4, 5)]
    [InlineData("anthropic/claude-opus-4.6", "opus", 4, 6)]
    [InlineData("claude-haiku-4-5", "haiku", 4, 5)]
    [InlineData("claude-opus-4-8", "opus", 4, 8)]
    [InlineData("claude-sonnet-5", "sonnet", 5, 0)]
    [InlineData("claude-sonnet-5-5", "sonnet", 5, 5)]
    [InlineData("claude-fable-5-2", "fable", 5, 1)]
    [InlineData("claude-opus-6", "opus", 5, 5)]
    [InlineData("glm-5", "", 5, 5)]
    [InlineData("claude-next", "", 5, 5)]
    [InlineData("claude-opus", "", 5, 5)]
    public void A_model_is_found_under_every_name_a_host_gives_it(string name, string family, int major, int minor)
    {
        var row = AnthropicModels.Of(name);
        Assert.Equal((family, major, minor), (row.Family, row.Major, row.Minor));
    }

    // wire/anthropic-messages.md §5, row by row.
    [Theory]
    [InlineData("claude-3-7-sonnet", ReasoningControl.Budget, true, false, true, AnthropicForcedChoice.WithoutThinking, true)]
    [InlineData("claude-opus-4-5", ReasoningControl.Budget, true, false, true, AnthropicForcedChoice.WithoutThinking, true)]
    [InlineData("claude-opus-4-6", ReasoningControl.AdaptiveLevel, true, false, true, AnthropicForcedChoice.Yes, false)]
    [InlineData("claude-sonnet-4-6", ReasoningControl.AdaptiveLevel, true, false, true, AnthropicForcedChoice.Yes, false)]
    [InlineData("claude-opus-4-7", ReasoningControl.AdaptiveLevel, true, false, false, AnthropicForcedChoice.Yes, false)]
    [InlineData("claude-sonnet-5", ReasoningControl.AdaptiveLevel, true, true, false, AnthropicForcedChoice.Yes, false)]
    [InlineData("claude-opus-5", ReasoningControl.AdaptiveLevel, true, true, false, AnthropicForcedChoice.Yes, false)]
    [InlineData("claude-haiku-5-5", ReasoningControl.AdaptiveLevel, true, true, false, AnthropicForcedChoice.Yes, false)]
    [InlineData("claude-sonnet-5-5", ReasoningControl.AdaptiveLevel, true, true, false, AnthropicForcedChoice.No, false)]
    [InlineData("claude-opus-5-5", ReasoningControl.AdaptiveLevel, false, true, false, AnthropicForcedChoice.No, false)]
    [InlineData("claude-fable-5", ReasoningControl.AdaptiveLevel, false, true, false, AnthropicForcedChoice.Yes, false)]
    [InlineData("claude-fable-5-1", ReasoningControl.AdaptiveLevel, false, true, false, AnthropicForcedChoice.No, false)]
    [InlineData("claude-mythos-5-1", ReasoningControl.AdaptiveLevel, false, true, false, AnthropicForcedChoice.No, false)]
    public void The_table_says_what_a_model_takes(string name, ReasoningControl control, bool canTurnOff, bool onByDefault, bool sampling, Enum forced, bool prefill)
    {
        var capabilities = AnthropicDialect.Instance.CapabilitiesOf(name);
        Assert.Equal((control, canTurnOff, onByDefault), (capabilities.Reasoning.Control, capabilities.Reasoning.CanTurnOff, capabilities.Reasoning.OnByDefault));
        Assert.Equal((sampling, sampling), (capabilities.Sampling.TemperatureAndTopP, capabilities.Sampling.TopK));
        Assert.Equal(!forced.Equals(AnthropicForcedChoice.No), capabilities.Tools.ForcedChoice);
        Assert.Equal(forced.Equals(AnthropicForcedChoice.Yes), capabilities.Tools.ForcedChoiceWithReasoning);
        Assert.Equal(prefill ? AssistantPrefill.KeepTrimmed : AssistantPrefill.AppendUserTurn, capabilities.Conversation.Prefill);
    }

    [Fact]
    public void Pitfall_072_models_from_4_6_on_take_no_prefill()
    {
        Assert.Equal(AssistantPrefill.KeepTrimmed, AnthropicDialect.Instance.CapabilitiesOf("claude-sonnet-4-5").Conversation.Prefill);
        Assert.Equal(AssistantPrefill.AppendUserTurn, AnthropicDialect.Instance.CapabilitiesOf("claude-sonnet-4-6").Conversation.Prefill);
    }

    [Theory]
    [InlineData("claude-opus-4-7", MidConversationSystem.WrapAsUserText)]
    [InlineData("claude-opus-4-8", MidConversationSystem.KeepAfterUser)]
    [InlineData("claude-sonnet-5", MidConversationSystem.KeepAfterUser)]
    public void Pitfall_070_only_newer_models_take_a_system_turn(string name, MidConversationSystem rule) =>
        Assert.Equal(rule, AnthropicDialect.Instance.CapabilitiesOf(name).Conversation.MidSystem);

    [Theory]
    [InlineData("claude-3-haiku-20240307", 4096, 4096, JsonOutput.Instructed)]
    [InlineData("claude-opus-4-1", 32_000, 32_000, JsonOutput.Instructed)]
    [InlineData("claude-haiku-4-5", 64_000, 32_000, JsonOutput.Native)]
    [InlineData("claude-opus-4-6", 128_000, 32_000, JsonOutput.Native)]
    public void Limits_and_schemas_follow_the_model(string name, long most, long usual, JsonOutput schema)
    {
        var capabilities = AnthropicDialect.Instance.CapabilitiesOf(name);
        Assert.Equal((most, usual), (capabilities.Sampling.MaxOutputTokens, capabilities.Sampling.DefaultMaxOutputTokens));
        Assert.Equal((schema, JsonOutput.Instructed), (capabilities.Output.JsonSchema, capabilities.Output.JsonObject));
    }

    [Fact]
    public void Pitfall_080_082_083_budget_models_say_what_thinking_forbids()
    {
        var capabilities = AnthropicDialect.Instance.CapabilitiesOf("claude-sonnet-4-5");
        Assert.True(capabilities.Reasoning.BudgetBelowMaxOutput);
        Assert.Equal(1024, capabilities.Reasoning.MinBudget);
        Assert.True(capabilities.Reasoning.OpenLoopNeedsReasoning);
        Assert.False(AnthropicDialect.Instance.CapabilitiesOf("claude-opus-4-6").Reasoning.OpenLoopNeedsReasoning);
        Assert.True(capabilities.Tools.ForcedChoice);
        Assert.False(capabilities.Tools.ForcedChoiceWithReasoning);
    }

    [Fact]
    public void Pitfall_073_history_with_calls_needs_tools() => Assert.True(AnthropicDialect.Instance.CapabilitiesOf("claude-opus-5").Tools.HistoryNeedsTools);

    [Fact]
    public void Efforts_rise_and_the_oldest_adaptive_models_have_no_xhigh()
    {
        Assert.DoesNotContain(ReasoningLevel.XHigh, AnthropicDialect.Instance.CapabilitiesOf("claude-opus-4-6").Reasoning.Levels);
        var levels = AnthropicDialect.Instance.CapabilitiesOf("claude-opus-5-5").Reasoning.Levels;
        Assert.Equal(levels.Order(), levels);
        Assert.Contains(ReasoningLevel.XHigh, levels);
    }
}
