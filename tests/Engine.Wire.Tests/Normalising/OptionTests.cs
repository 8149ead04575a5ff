using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using Engine.Wire.Normalising;
using static Engine.Wire.Tests.Normalising.Trees;

namespace Engine.Wire.Tests.Normalising;

/// <summary>Sampling, limits, stop sequences, forms of output, foreign fields.</summary>
public sealed class OptionTests
{
    private static readonly Sampling Everything = new() { Temperature = 1.5, TopP = 0.5, TopK = 40, PresencePenalty = 1, FrequencyPenalty = 1, Seed = 7 };

    [Fact]
    public void What_a_target_does_not_take_is_dropped_and_counted()
    {
        var request = Asking() with { Sampling = Everything };
        Assert.Equal(Sampling.Default with { Seed = 7 }, request.Apply(Gpt).Sampling);
        Assert.Equal(
            ["presence_penalty:Dropped", "frequency_penalty:Dropped", "top_k:Dropped", "temperature:Dropped", "top_p:Dropped"],
            request.LossNames(Gpt));
    }

    [Fact]
    public void Temperature_is_clamped_and_excludes_top_p_where_they_exclude_each_other() =>
        Assert.Equal(Sampling.Default with { Temperature = 1, TopK = 40 }, (Asking() with { Sampling = Everything }).Apply(Claude).Sampling);

    [Theory]
    [InlineData(0.2, 0.5, null, null)]
    [InlineData(1.0, null, 1.0, null)]
    [InlineData(0.2, 0.97, null, 0.97)]
    public void Reasoning_restricts_sampling(double? temperature, double? topP, double? expectedTemperature, double? expectedTopP)
    {
        var request = Asking() with { Reasoning = ReasoningAsk.OfBudget(2048), Sampling = new Sampling { Temperature = temperature, TopP = topP, TopK = 4 } };
        Assert.Equal(new Sampling { Temperature = expectedTemperature, TopP = expectedTopP }, request.Apply(Claude).Sampling);
    }

    [Fact]
    public void Sampling_that_reasoning_forbids_is_sent_when_reasoning_is_off()
    {
        var sampling = new Sampling { Temperature = 0.3, TopP = 0.9 };
        Assert.Equal(sampling, (Asking() with { Sampling = sampling, Reasoning = ReasoningAsk.OfBudget(0) }).Apply(Gpt).Sampling);
        Assert.Equal(Sampling.Default, (Asking() with { Sampling = sampling }).Apply(Gpt).Sampling);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(129)]
    public void Pitfall_109_A_number_of_answers_that_the_target_cannot_give_refuses_the_request(int candidates)
    {
        Assert.Contains("n:Refused", (Asking() with { Candidates = candidates }).LossNames(Claude));
        Assert.Equal(candidates == 2, !(Asking() with { Candidates = candidates }).LossNames(Gpt).Contains("n:Refused"));
    }

    [Theory]
    [InlineData(null, 32_000L, true)]
    [InlineData(10L, 10L, false)]
    [InlineData(1_000_000L, 64_000L, false)]
    public void The_output_limit_has_a_default_and_a_cap(long? asked, long expected, bool isDefault)
    {
        var normal = (Asking() with { MaxOutputTokens = asked }).Apply(Claude);
        Assert.Equal((expected, isDefault), (normal.MaxOutputTokens!.Value, normal.MaxOutputTokensIsDefault));
        Assert.Equal(asked == 1_000_000, (Asking() with { MaxOutputTokens = asked }).LossNames(Claude).Contains("max_tokens:Dropped"));
    }

    [Fact]
    public void A_limit_of_zero_refuses_the_request() => Assert.Contains("max_tokens:Refused", (Asking() with { MaxOutputTokens = 0 }).LossNames(Gpt));

    [Fact]
    public void Stop_sequences_that_the_target_does_not_take_are_watched_for()
    {
        var request = Asking() with { StopSequences = [.. new[] { "a", "\n", "b", "", "c", "d", "e" }.Select(EscapedSlice.FromString)] };
        var normal = request.Normalise(Kimi);
        Assert.Equal(["a", "b", "c", "d"], normal.Request.StopSequences.Select(stop => stop.Decode()));
        Assert.Single(normal.Repairs);
        Assert.Contains("stop:Emulated", request.LossNames(Kimi));
        Assert.Empty((Asking() with { StopSequences = [EscapedSlice.FromString("a")] }).Normalise(Kimi).Repairs);
        Assert.Equal(["a", "\n"], (Asking() with { StopSequences = [EscapedSlice.FromString("a"), EscapedSlice.FromString("\n")] }).Apply(Gemini25).StopSequences.Select(stop => stop.Decode()));
    }

    [Fact]
    public void A_JSON_object_is_guaranteed_or_asked_for()
    {
        var request = Asking() with { Format = new OutputFormat(OutputFormatKind.JsonObject) };
        Assert.Equal(OutputFormatKind.JsonObject, request.Apply(Gpt).Format.Kind);
        var normal = request.Normalise(Claude);
        Assert.Equal(OutputFormat.Text, normal.Request.Format);
        Assert.Equal("Respond with one JSON object only, no prose, no fences.", normal.Request.System[^1].Text.Decode());
        Assert.Single(normal.Repairs);
        Assert.Contains("response_format:Emulated", request.LossNames(Claude));
    }

    [Fact]
    public void Pitfall_91_A_schema_beside_functions_goes_into_the_prompt_where_both_exclude_each_other()
    {
        var schema = JsonSlice.FromString("""{"type":"object","properties":{"a":{"type":"string"}}}""");
        var request = Asking() with { Format = new OutputFormat(OutputFormatKind.JsonSchema) { Schema = schema } };
        Assert.Equal("response", request.Apply(Gemini25).Format.Name.Decode());
        var beside = (request with { Tools = [Tool("f")] }).Apply(Gemini25);
        Assert.Equal(OutputFormat.Text, beside.Format);
        Assert.EndsWith(schema.ToString(), beside.System[^1].Text.Decode(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_that_cannot_be_guaranteed_still_gets_a_guaranteed_object()
    {
        var request = Asking() with { Format = new OutputFormat(OutputFormatKind.JsonSchema) { Schema = JsonSlice.FromString("""{"type":"object"}""") } };
        Assert.Equal(OutputFormatKind.JsonObject, request.Apply(Kimi).Format.Kind);
        var list = Asking() with { Format = new OutputFormat(OutputFormatKind.JsonSchema) { Schema = JsonSlice.FromString("""{"type":"array"}""") } };
        Assert.Equal(OutputFormatKind.Text, list.Apply(Kimi).Format.Kind);
    }

    [Fact]
    public void Foreign_fields_go_to_the_ledger_with_their_rule()
    {
        var request = Asking() with
        {
            Foreign =
            [
                new ForeignField("logit_bias", JsonSlice.FromString("{}"), LossRule.Dropped),
                new ForeignField("logprobs", JsonSlice.FromString("true"), LossRule.Refused),
                new ForeignField("container", JsonSlice.FromString("{}"), LossRule.Reported),
            ],
        };
        Assert.Equal(["logit_bias:Dropped", "logprobs:Refused", "container:Reported"], request.LossNames(Gpt));
        Assert.Contains("'logprobs'", request.LossesOf(Gpt)[1].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_refusal_names_its_field()
    {
        var request = Request(User(ImageAt("https://example.org/x.png"))) with
        {
            Candidates = 9,
            MaxOutputTokens = 0,
            Tools = [Tool("f")],
            ToolChoice = ToolChoice.Only("g"),
            Foreign = [new ForeignField("background", JsonSlice.FromString("true"), LossRule.Refused)],
        };
        var refusals = request.LossesOf(Gemini25).Where(loss => loss.Rule is LossRule.Refused or LossRule.Reported).ToList();
        Assert.Equal(5, refusals.Count);
        Assert.All(refusals, loss => Assert.Contains($"'{loss.Path}'", loss.Why, StringComparison.Ordinal));
    }

    [Fact]
    public void The_vocabulary_of_losses_is_documented()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Engine.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var page = File.ReadAllText(Path.Combine(root, "docs", "losses.md"));
        var paths = typeof(LossPaths).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        Assert.All(paths, path => Assert.Contains($"| `{path}` |", page, StringComparison.Ordinal));
    }
}
