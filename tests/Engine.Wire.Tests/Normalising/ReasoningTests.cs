using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using static Engine.Wire.Tests.Normalising.Trees;

namespace Engine.Wire.Tests.Normalising;

/// <summary>What is asked of reasoning, and what of earlier reasoning goes back.</summary>
public sealed class ReasoningTests
{
    [Theory]
    [InlineData(0, ReasoningLevel.None)]
    [InlineData(1, ReasoningLevel.Minimal)]
    [InlineData(512, ReasoningLevel.Minimal)]
    [InlineData(513, ReasoningLevel.Low)]
    [InlineData(1025, ReasoningLevel.Medium)]
    [InlineData(8193, ReasoningLevel.High)]
    [InlineData(24577, ReasoningLevel.XHigh)]
    [InlineData(1_000_000, ReasoningLevel.XHigh)]
    public void A_budget_has_a_level(long budget, ReasoningLevel level) => Assert.Equal(level, Engine.Wire.Normalising.ReasoningLevels.LevelOf(budget));

    [Theory]
    [InlineData(ReasoningLevel.Minimal, 1024)]
    [InlineData(ReasoningLevel.Low, 1024)]
    [InlineData(ReasoningLevel.Medium, 8192)]
    [InlineData(ReasoningLevel.High, 24576)]
    [InlineData(ReasoningLevel.XHigh, 32768)]
    public void A_level_becomes_a_budget_of_at_least_the_smallest(ReasoningLevel level, long budget)
    {
        var ask = (Asking() with { Reasoning = ReasoningAsk.OfLevel(level) }).Apply(Claude).Reasoning;
        Assert.Equal((ReasoningMode.Budget, budget), (ask.Mode, ask.BudgetTokens));
    }

    [Theory]
    [InlineData(ReasoningLevel.Minimal, ReasoningLevel.Low)]
    [InlineData(ReasoningLevel.Low, ReasoningLevel.Low)]
    [InlineData(ReasoningLevel.Medium, ReasoningLevel.High)]
    [InlineData(ReasoningLevel.XHigh, ReasoningLevel.High)]
    [InlineData(ReasoningLevel.Max, ReasoningLevel.High)]
    public void A_level_that_the_model_lacks_becomes_the_nearest_and_ties_go_up(ReasoningLevel asked, ReasoningLevel expected) =>
        Assert.Equal(expected, (Asking() with { Reasoning = ReasoningAsk.OfLevel(asked) }).Apply(Kimi).Reasoning.Level);

    [Fact]
    public void An_open_amount_becomes_a_number_only_where_one_must_be_given()
    {
        var request = Asking() with { Reasoning = ReasoningAsk.OfBudget(-1) };
        Assert.Equal(8192, request.Apply(Claude).Reasoning.BudgetTokens);
        Assert.Equal(ReasoningMode.Dynamic, request.Apply(Gemini25).Reasoning.Mode);
        Assert.Equal(ReasoningMode.Dynamic, request.Apply(Gpt).Reasoning.Mode);
    }

    [Theory]
    [InlineData(4096, 10_000, 4095, ReasoningMode.Budget)]
    [InlineData(1025, 10_000, 1024, ReasoningMode.Budget)]
    [InlineData(1024, 10_000, 0, ReasoningMode.Off)]
    [InlineData(500, 2048, 0, ReasoningMode.Off)]
    [InlineData(20_000, 2048, 2048, ReasoningMode.Budget)]
    public void Pitfall_80_A_budget_stays_below_the_limit_of_the_client_or_reasoning_is_off(long limit, long asked, long expected, ReasoningMode mode)
    {
        var request = Asking() with { MaxOutputTokens = limit, Reasoning = ReasoningAsk.OfBudget(asked) };
        var normal = request.Apply(Claude);
        Assert.Equal((mode, expected), (normal.Reasoning.Mode, normal.Reasoning.BudgetTokens));
        Assert.Equal(limit, normal.MaxOutputTokens);
        Assert.Equal(mode == ReasoningMode.Off, request.LossNames(Claude).Contains("reasoning:Reported"));
    }

    [Fact]
    public void A_limit_that_the_engine_chose_makes_room_for_the_budget()
    {
        var normal = (Asking() with { Reasoning = ReasoningAsk.OfBudget(32_000) }).Apply(Claude);
        Assert.Equal((32_000, 64_000), (normal.Reasoning.BudgetTokens, normal.MaxOutputTokens));
        var modest = (Asking() with { Reasoning = ReasoningAsk.OfBudget(2048) }).Apply(Claude);
        Assert.Equal((2048, 32_000), (modest.Reasoning.BudgetTokens, modest.MaxOutputTokens));
    }

    [Fact]
    public void Pitfall_85_An_explicit_off_stays_explicit_and_nothing_asked_stays_nothing()
    {
        Assert.Equal(ReasoningMode.Off, (Asking() with { Reasoning = ReasoningAsk.OfBudget(0) }).Apply(Kimi).Reasoning.Mode);
        Assert.Equal(ReasoningAsk.Default, Asking().Apply(Kimi).Reasoning);
        Assert.Equal(ReasoningAsk.Default, Asking().Apply(Claude).Reasoning);
    }

    [Fact]
    public void Off_where_a_model_cannot_is_the_least_it_can()
    {
        var off = Asking() with { Reasoning = ReasoningAsk.OfBudget(0) };
        var levels = Kimi with { Reasoning = Kimi.Reasoning with { CanTurnOff = false } };
        Assert.Equal(ReasoningLevel.Low, off.Apply(levels).Reasoning.Level);
        var budgets = Gemini25 with { Reasoning = Gemini25.Reasoning with { CanTurnOff = false } };
        Assert.Equal(128, off.Apply(budgets).Reasoning.BudgetTokens);
        Assert.Contains("reasoning:Dropped", off.LossNames(budgets));
    }

    [Fact]
    public void A_model_that_does_not_reason_is_not_asked()
    {
        var plain = Gpt with { Reasoning = new ReasoningRules() };
        Assert.Equal(ReasoningAsk.Default, (Asking() with { Reasoning = ReasoningAsk.OfLevel(ReasoningLevel.High) }).Apply(plain).Reasoning);
        Assert.Contains("reasoning:Dropped", (Asking() with { Reasoning = ReasoningAsk.OfLevel(ReasoningLevel.High) }).LossNames(plain));
        Assert.Empty((Asking() with { Reasoning = ReasoningAsk.OfBudget(0) }).LossNames(plain));
    }

    [Theory]
    [InlineData(SignatureFamily.Gemini)]
    [InlineData(SignatureFamily.Gpt)]
    [InlineData(SignatureFamily.Plain)]
    [InlineData(SignatureFamily.Unknown)]
    public void Pitfall_74_Reasoning_of_another_family_is_deleted_whole(SignatureFamily family)
    {
        var foreign = new ReasoningSignature(family, EscapedSlice.FromString("blob"));
        var request = Request(User("a"), Assistant(Thought("hm", family), new RedactedReasoningPart(foreign), Text("b") with { Signature = foreign }), User("c"));
        Assert.Equal("user: \"a\"\nassistant: \"b\"\nuser: \"c\"\n", RequestText.Turns(request.Apply(Claude)));
        Assert.Contains("messages[1]:Dropped", request.LossNames(Claude));
    }

    [Fact]
    public void Pitfall_74_An_empty_or_missing_signature_is_never_sent()
    {
        var empty = new ReasoningPart(EscapedSlice.FromString("hm"), new ReasoningSignature(SignatureFamily.Claude, EscapedSlice.FromString("")));
        Assert.Equal("user: \"a\"\nassistant: \"b\"\n", RequestText.Turns(Request(User("a"), Assistant(empty, Thought("hm"), Text("b"))).Apply(Claude)));
    }

    [Fact]
    public void Pitfall_75_Reasoning_of_the_own_family_stays_the_part_it_is()
    {
        var own = Thought("hm", SignatureFamily.Claude);
        var withheld = Thought("", SignatureFamily.Claude);
        var request = Request(User("a"), Assistant(own, withheld, Text("b")), User("c"));
        var parts = request.Apply(Claude).Turns[1].Parts;
        Assert.Same(own, parts[0]);
        Assert.Same(withheld, parts[1]);
    }

    [Fact]
    public void A_carrier_of_another_line_of_models_is_deleted()
    {
        static ReasoningPart From(string model) => new(default, new ReasoningSignature(SignatureFamily.Gpt, EscapedSlice.FromString("blob")) { Model = model });
        var target = Gpt with { Reasoning = Gpt.Reasoning with { Family = SignatureFamily.Gpt } };
        var request = Request(User("a"), Assistant(From("gpt-5"), From("target-4"), From(""), Text("b")));
        Assert.Equal(3, request.Apply(target).Turns[1].Parts.Count);
    }

    [Fact]
    public void Pitfall_79_Every_turn_of_the_open_tool_loop_carries_reasoning_text_where_the_target_wants_it_back()
    {
        var request = Request(
            User("a"),
            Assistant(Thought("old"), Text("b")),
            User("c"),
            Assistant(Call("x")),
            User(Result("x")),
            Assistant(Thought("known"), Call("y")),
            User(Result("y")));
        Assert.Equal(
            """
            user: "a"
            assistant: thought("old") + "b"
            user: "c"
            assistant: thought(" ") + call(x f {})
            user: result(x  "ok")
            assistant: thought("known") + call(y f {})
            user: result(y  "ok")

            """,
            RequestText.Turns(request.Apply(Kimi)),
            ignoreLineEndingDifferences: true);
        var off = request with { Reasoning = ReasoningAsk.OfBudget(0) };
        Assert.DoesNotContain("thought(\" \")", RequestText.Turns(off.Apply(Kimi)), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_79_Reasoning_text_of_another_family_is_not_replayed_as_text()
    {
        var request = Request(User("a"), Assistant(Thought("claude's", SignatureFamily.Claude), Call("x")), User(Result("x")));
        Assert.Equal("assistant: thought(\" \") + call(x f {})", RequestText.Turns(request.Apply(Kimi)).Split('\n')[1]);
    }

    [Fact]
    public void Pitfall_83_An_open_tool_loop_without_signed_reasoning_turns_reasoning_off()
    {
        var loop = Request(User("a"), Assistant(Call("x")), User(Result("x"))) with { Tools = [Tool("f")], Reasoning = ReasoningAsk.OfBudget(2048) };
        Assert.Equal(ReasoningMode.Off, loop.Apply(Claude).Reasoning.Mode);
        Assert.Contains("reasoning:Reported", loop.LossNames(Claude));

        var signed = Request(User("a"), Assistant(Thought("hm", SignatureFamily.Claude), Call("x")), User(Result("x"))) with { Reasoning = ReasoningAsk.OfBudget(2048) };
        Assert.Equal(ReasoningMode.Budget, signed.Apply(Claude).Reasoning.Mode);

        var late = Request(User("a"), Assistant("first"), Assistant(Thought("hm", SignatureFamily.Claude), Call("x")), User(Result("x")));
        Assert.Equal(ReasoningMode.Off, (late with { Reasoning = ReasoningAsk.OfBudget(2048) }).Apply(Claude).Reasoning.Mode);

        var closed = Request(User("a"), Assistant(Call("x")), User(Result("x")), Assistant("done"), User("more")) with { Reasoning = ReasoningAsk.OfBudget(2048) };
        Assert.Equal(ReasoningMode.Budget, closed.Apply(Claude).Reasoning.Mode);
    }

    [Fact]
    public void Pitfall_84_A_model_gets_a_level_or_a_budget_and_never_both()
    {
        foreach (var target in new[] { Claude, Gemini25, Kimi, Gpt })
        {
            foreach (var ask in new[] { ReasoningAsk.OfLevel(ReasoningLevel.High), ReasoningAsk.OfBudget(5000), ReasoningAsk.OfBudget(-1) })
            {
                var fit = (Asking() with { Reasoning = ask }).Apply(target).Reasoning;
                Assert.True(fit.Level == ReasoningLevel.None || fit.BudgetTokens == 0);
            }
        }
    }
}
