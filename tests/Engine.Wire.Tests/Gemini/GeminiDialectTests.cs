using System.Text;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Gemini;

public class GeminiDialectTests
{
    private static readonly GeminiDialect Dialect = GeminiDialect.Instance;

    [Fact]
    public void The_model_list_names_models_by_resource()
    {
        using var output = new PooledBytes();
        Dialect.WriteModelList([new ModelEntry("gemini-x", "google", 1), new ModelEntry("a\"b", "o", 2)], output);

        Assert.Equal(
            """{"models":[{"name":"models/gemini-x","displayName":"gemini-x","description":"Served by google.","supportedGenerationMethods":["generateContent","countTokens"]},{"name":"models/a\"b","displayName":"a\"b","description":"Served by o.","supportedGenerationMethods":["generateContent","countTokens"]}]}""",
            Encoding.UTF8.GetString(output.Span));
    }

    [Fact]
    public void One_model_is_an_entry_of_the_list()
    {
        using var output = new PooledBytes();
        Dialect.WriteModel(new ModelEntry("x", "o", 1), output);

        Assert.StartsWith("{\"name\":\"models/x\",", Encoding.UTF8.GetString(output.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_115_tokens_can_be_counted_in_both_directions()
    {
        using var output = new PooledBytes();
        Dialect.WriteTokenCount(31, output);

        Assert.Equal("{\"totalTokens\":31}", Encoding.UTF8.GetString(output.Span));
        Assert.True(Dialect.CountsTokens);
        Assert.Equal(31, Dialect.ReadTokenCount(output.Span));
        Assert.Equal(7, Dialect.ReadTokenCount("{\"cachedContentTokenCount\":3,\"totalTokens\":\"7\"}"u8));
        Assert.Null(Dialect.ReadTokenCount("{\"error\":{}}"u8));
        Assert.Null(Dialect.ReadTokenCount("<html>"u8));
    }

    [Fact]
    public void The_content_type_follows_the_framing()
    {
        Assert.Equal("text/event-stream", Dialect.StreamContentType(GeminiExchange.Context));
        Assert.Equal("application/json", Dialect.StreamContentType(GeminiExchange.Context with { StreamAsJsonArray = true }));
    }

    [Theory]
    [InlineData("gemini-2.5-pro", ReasoningControl.Budget, 128, 32768, false)]
    [InlineData("models/gemini-2.5-flash-preview-09-2025", ReasoningControl.Budget, 1, 24576, true)]
    [InlineData("gemini-2.5-flash-lite", ReasoningControl.Budget, 512, 24576, true)]
    public void Budgets_of_generation_2_5(string model, ReasoningControl control, long minimum, long maximum, bool canTurnOff)
    {
        var rules = Dialect.CapabilitiesOf(model).Reasoning;

        Assert.Equal((control, minimum, maximum, canTurnOff), (rules.Control, rules.MinBudget, rules.MaxBudget, rules.CanTurnOff));
    }

    [Theory]
    [InlineData("gemini-3-pro-preview", "Low High")]
    [InlineData("gemini-3.1-pro-preview", "Low Medium High")]
    [InlineData("gemini-3-flash-preview", "Minimal Low Medium High")]
    [InlineData("gemini-3.6-flash", "Minimal Low Medium High")]
    [InlineData("gemini-3.8-flash", "Low Medium High")]
    [InlineData("gemini-3.5-flash-lite", "Minimal Low Medium High")]
    [InlineData("gemini-4-argon", "Low Medium High")]
    [InlineData("gemini-4-hydrogen", "Low Medium High XHigh")]
    [InlineData("publishers/google/models/gemini-4-carbon", "Low Medium High")]
    [InlineData("gemini-flash-latest", "Low Medium High")]
    [InlineData("something-new", "Low Medium High")]
    public void Levels_from_generation_3_on(string model, string levels)
    {
        var rules = Dialect.CapabilitiesOf(model).Reasoning;

        Assert.Equal((ReasoningControl.Level, levels), (rules.Control, string.Join(' ', rules.Levels)));
        Assert.False(rules.CanTurnOff);
        Assert.True(rules.Levels.SequenceEqual(rules.Levels.Order()));
    }

    [Fact]
    public void What_older_models_lack()
    {
        var older = Dialect.CapabilitiesOf("gemini-2.0-flash");
        Assert.Equal((ReasoningControl.None, SchemaFlavour.GeminiOpenApi, true), (older.Reasoning.Control, older.Tools.Schema, older.Sampling.Penalties));
        Assert.False(Dialect.CapabilitiesOf("gemma-3-27b-it").Conversation.SystemPrompt);
        var second = Dialect.CapabilitiesOf("gemini-2.5-flash").Tools;
        var third = Dialect.CapabilitiesOf("gemini-3-flash").Tools;
        Assert.Equal((false, false, 3), (second.MediaInResults, second.HostedBesideFunctions, second.HostedKinds.Count));
        Assert.Equal((true, true, 3), (third.MediaInResults, third.HostedBesideFunctions, third.HostedKinds.Count));
    }

    [Fact]
    public void Pitfall_091_JSON_beside_functions_is_native_from_generation_3_on()
    {
        Assert.Equal(JsonOutput.NativeWithoutTools, Dialect.CapabilitiesOf("gemini-2.5-pro").Output.JsonSchema);
        Assert.Equal(JsonOutput.Native, Dialect.CapabilitiesOf("gemini-3-pro").Output.JsonSchema);
    }

    [Fact]
    public void Pitfall_067_the_first_turn_is_the_users_and_results_stand_alone()
    {
        var rules = Dialect.CapabilitiesOf("gemini-3-pro").Conversation;

        Assert.True(rules.FirstTurnIsUser && rules.ResultsStandAlone && rules.DropEmptyText);
        Assert.Equal(MidConversationSystem.WrapAsUserText, rules.MidSystem);
    }

    [Fact]
    public void Pitfall_087_088_each_generation_names_the_cleaning_its_schemas_need()
    {
        Assert.Equal(SchemaFlavour.GeminiJsonSchema, Dialect.CapabilitiesOf("gemini-2.5-flash").Tools.Schema);
        Assert.Equal(SchemaFlavour.GeminiOpenApi, Dialect.CapabilitiesOf("gemini-1.5-pro").Tools.Schema);
    }

    [Fact]
    public void Pitfall_109_single_candidate_models_say_so() => Assert.Equal(1, Dialect.CapabilitiesOf("gemini-3-pro").Sampling.MaxCandidates);
}
