using System.Text;
using Engine.Testing;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using static Engine.Wire.Tests.Normalising.Trees;

namespace Engine.Wire.Tests.Normalising;

/// <summary>Names, ids, choices and kinds of tools.</summary>
public sealed class ToolTests
{
    private static readonly ToolDefinition WebSearch = new("web_search")
    {
        Hosted = JsonSlice.FromString("""{"type":"web_search_20250305","name":"web_search"}"""),
        HostedKind = HostedToolKind.WebSearch,
        HostedRule = LossRule.Reported,
        Path = "tools[1]",
    };

    [Theory]
    [InlineData("mcp.server/tool", "mcp.server_tool")]
    [InlineData("1st", "_1st")]
    [InlineData("fine-name", "fine-name")]
    public void Pitfall_86_Illegal_names_are_replaced_everywhere_and_restored_in_the_answer(string name, string expected)
    {
        var request = Request(User("a"), Assistant(Call("x", name)), User(Result("x", "ok", name))) with { Tools = [Tool(name)], ToolChoice = ToolChoice.Only(name) };
        var normal = request.Normalise(Gemini25);
        Assert.Equal(expected, normal.Request.Tools[0].Name);
        Assert.Equal(expected, normal.Request.ToolChoice.Name);
        Assert.Equal(expected, ((ToolCallPart)normal.Request.Turns[1].Parts[0]).Name);
        Assert.Equal(expected, ((ToolResultPart)normal.Request.Turns[2].Parts[0]).Name);

        var answer = new TranscriptSink();
        var sink = normal.Repair(answer);
        sink.ToolStart(new(0), EscapedText.FromContent("id"u8), EscapedText.FromContent(Encoding.UTF8.GetBytes(expected)));
        Assert.Equal($"tool+#0 \"id\" \"{name}\"", answer.ToString());
    }

    [Fact]
    public void Pitfall_86_Long_names_keep_their_head_and_a_hash_of_the_whole()
    {
        var one = new string('a', 70) + "_one";
        var two = new string('a', 70) + "_two";
        var names = (Asking() with { Tools = [Tool(one), Tool(two)] }).Apply(Gpt).Tools.Select(tool => tool.Name).ToList();
        Assert.All(names, name => Assert.Matches("^a{55}_[0-9a-f]{8}$", name));
        Assert.NotEqual(names[0], names[1]);
    }

    [Fact]
    public void Names_that_collide_all_get_a_hash()
    {
        var names = (Asking() with { Tools = [Tool("a.b"), Tool("a_b"), Tool("a/b"), Tool("c")] }).Apply(Gpt).Tools.Select(tool => tool.Name).ToList();
        Assert.Equal(4, names.Distinct().Count());
        Assert.All(names.Take(3), name => Assert.Matches("^a_b_[0-9a-f]{8}$", name));
        Assert.Equal("c", names[3]);
    }

    [Fact]
    public void A_repeated_definition_is_dropped_and_reported()
    {
        var request = Asking() with { Tools = [Tool("f"), Tool("f", "{}") with { Path = "tools[1]" }] };
        Assert.Single(request.Apply(Gpt).Tools);
        Assert.Contains("tools[1]:Reported", request.LossNames(Gpt));
    }

    [Fact]
    public void Ids_that_the_target_refuses_are_rewritten_alike_in_call_and_result()
    {
        var request = Request(User("a"), Assistant(Call("functions.f:0")), User(Result("functions.f:0")));
        var turns = request.Apply(Claude).Turns;
        var id = ((ToolCallPart)turns[1].Parts[0]).Id;
        Assert.Matches("^call_[0-9A-Za-z]{24}$", id);
        Assert.Equal(id, ((ToolResultPart)turns[2].Parts[0]).CallId);
        Assert.Equal(id, ((ToolCallPart)request.Apply(Claude).Turns[1].Parts[0]).Id);
    }

    [Fact]
    public void Repeated_ids_are_numbered_and_results_follow()
    {
        var request = Request(
            User("a"),
            Assistant(Call("call_0")),
            User(Result("call_0", "first")),
            Assistant(Call("call_0"), Call("call_0", "g")),
            User(Result("call_0", "second"), Result("call_0", "third")));
        Assert.Equal(
            """
            user: "a"
            assistant: call(call_0 f {})
            user: result(call_0  "first")
            assistant: call(call_0_2 f {}) + call(call_0_3 g {})
            user: result(call_0_2  "second") + result(call_0_3  "third")

            """,
            RequestText.Turns(request.Apply(Claude)),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Missing_ids_are_made_and_paired_by_name_and_order()
    {
        var request = Request(
            User("a"),
            Assistant(Call("", "f"), Call("", "g"), Call("", "f")),
            User(Result("", "g1", "g"), Result("", "f1", "f"), Result("", "f2", "f")));
        var turns = request.Apply(Claude).Turns;
        var calls = turns[1].Parts.Cast<ToolCallPart>().ToList();
        Assert.Equal(3, calls.Select(call => call.Id).Distinct().Count());
        Assert.Equal(["f1", "g1", "f2"], turns[2].Parts.Cast<ToolResultPart>().Select(result => ((TextPart)result.Content[0]).Text.Decode()));
        Assert.Equal(calls.Select(call => call.Id), turns[2].Parts.Cast<ToolResultPart>().Select(result => result.CallId));
    }

    [Fact]
    public void Results_get_the_name_of_their_call_where_the_target_needs_it()
    {
        var request = Request(User("a"), Assistant(Call("x", "look")), User(Result("x")));
        Assert.Equal("look", ((ToolResultPart)request.Apply(Gemini25).Turns[2].Parts[0]).Name);
        Assert.Equal("", ((ToolResultPart)request.Apply(Claude).Turns[2].Parts[0]).Name);
    }

    [Fact]
    public void Pitfall_90_A_hosted_tool_never_becomes_a_function()
    {
        var request = Asking() with { Tools = [Tool("f"), WebSearch] };
        Assert.Equal(["f"], request.Apply(Gpt).Tools.Select(tool => tool.Name));
        Assert.Contains("tools[1]:Reported", request.LossNames(Gpt));
        Assert.Empty((Asking() with { Tools = [WebSearch] }).Apply(Gpt).Tools);
    }

    [Fact]
    public void Pitfall_90_A_hosted_tool_that_is_forced_or_cannot_be_left_out_refuses_the_request()
    {
        Assert.Contains("tool_choice:Refused", (Asking() with { Tools = [WebSearch], ToolChoice = ToolChoice.Only("web_search") }).LossNames(Gpt));
        Assert.Contains("tools[1]:Refused", (Asking() with { Tools = [WebSearch with { HostedKind = HostedToolKind.Other, HostedRule = LossRule.Refused }] }).LossNames(Gpt));
    }

    [Fact]
    public void Pitfall_91_Where_search_and_functions_exclude_each_other_the_functions_stay()
    {
        Assert.Equal([HostedToolKind.WebSearch], (Asking() with { Tools = [WebSearch] }).Apply(Gemini25).Tools.Select(tool => tool.HostedKind));
        var both = Asking() with { Tools = [WebSearch, Tool("f")] };
        Assert.Equal(["f"], both.Apply(Gemini25).Tools.Select(tool => tool.Name));
        Assert.Contains("tools[1]:Reported", both.LossNames(Gemini25));
    }

    [Fact]
    public void A_hosted_tool_that_its_reader_described_becomes_a_function()
    {
        var bash = new ToolDefinition("bash") { Hosted = JsonSlice.FromString("{}"), HostedKind = HostedToolKind.Other, HostedRule = LossRule.Emulated, Schema = JsonSlice.FromString("""{"type":"object","properties":{"command":{"type":"string"}}}""") };
        var tool = Assert.Single((Asking() with { Tools = [bash] }).Apply(Gpt).Tools);
        Assert.Equal(HostedToolKind.None, tool.HostedKind);
        Assert.False(tool.Hosted.IsPresent);
    }

    [Fact]
    public void Pitfall_55_A_freeform_tool_becomes_a_function_of_its_input_and_is_noted()
    {
        var request = Asking() with { Tools = [Tool("apply_patch") with { IsFreeform = true, Schema = default }] };
        var normal = request.Normalise(Claude);
        Assert.Equal("""{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}""", normal.Request.Tools[0].Schema.ToString());
        Assert.False(normal.Request.Tools[0].IsFreeform);
        Assert.Contains("apply_patch", normal.FreeformTools);
        Assert.True(request.Apply(Gpt).Tools[0].IsFreeform);
    }

    [Fact]
    public void An_allowed_set_filters_the_tools_where_it_cannot_be_named()
    {
        var request = Asking() with { Tools = [Tool("f"), Tool("g")], ToolChoice = new ToolChoice(ToolChoiceMode.Required, "", ["g", "unknown"]) };
        var filtered = request.Apply(Claude);
        Assert.Equal(["g"], filtered.Tools.Select(tool => tool.Name));
        Assert.Equal(ToolChoiceMode.Required, filtered.ToolChoice.Mode);
        var named = request.Apply(Gpt);
        Assert.Equal(["g"], named.ToolChoice.Allowed);
        Assert.Equal(2, named.Tools.Count);
    }

    [Fact]
    public void A_forced_tool_that_does_not_exist_refuses_the_request() =>
        Assert.Contains("tool_choice:Refused", (Asking() with { Tools = [Tool("f")], ToolChoice = ToolChoice.Only("g") }).LossNames(Gpt));

    [Theory]
    [InlineData(ToolChoiceMode.Required, "You must call one of the provided tools.")]
    [InlineData(ToolChoiceMode.Tool, "You must call the tool \"f\" now.")]
    public void Pitfall_82_A_forced_call_beside_reasoning_becomes_auto_and_a_nudge(ToolChoiceMode mode, string nudge)
    {
        var request = Asking() with { Tools = [Tool("f")], ToolChoice = new ToolChoice(mode, mode == ToolChoiceMode.Tool ? "f" : "", []), Reasoning = ReasoningAsk.OfBudget(2048) };
        var normal = request.Apply(Claude);
        Assert.Equal(ToolChoiceMode.Auto, normal.ToolChoice.Mode);
        Assert.Equal(nudge, normal.System[^1].Text.Decode());
        Assert.Equal(ReasoningMode.Budget, normal.Reasoning.Mode);
        Assert.Equal(mode, (request with { Reasoning = ReasoningAsk.Default }).Apply(Claude).ToolChoice.Mode);
    }

    [Fact]
    public void Pitfall_82_Reasoning_that_nobody_asked_for_gives_way_to_a_forced_call()
    {
        var normal = (Asking() with { Tools = [Tool("f")], ToolChoice = ToolChoice.Of(ToolChoiceMode.Required) }).Apply(Kimi);
        Assert.Equal(ToolChoiceMode.Required, normal.ToolChoice.Mode);
        Assert.Equal(ReasoningMode.Off, normal.Reasoning.Mode);
    }

    [Fact]
    public void The_parallel_switch_is_dropped_where_there_is_none()
    {
        var request = Asking() with { Tools = [Tool("f")], ParallelToolCalls = false };
        Assert.Null(request.Apply(Gemini25).ParallelToolCalls);
        Assert.Contains("parallel_tool_calls:Dropped", request.LossNames(Gemini25));
        Assert.False(request.Apply(Claude).ParallelToolCalls);
    }

    [Fact]
    public void Pitfall_120_Arguments_of_history_are_the_bytes_that_came()
    {
        const string Odd = """{ "big":12345678901234567890, "one":1.0, "one":2, "z":0 }""";
        var request = Request(User("a"), Assistant(Call("1.2", "a.b", Odd)), User(Result("1.2")));
        foreach (var target in new[] { Claude, Gemini25, Kimi, Gpt })
        {
            Assert.Equal(Odd, request.Apply(target).Turns[1].Parts.OfType<ToolCallPart>().Single().Arguments.Object.ToString());
        }
    }

    [Fact]
    public void Pitfall_93_Arguments_are_written_as_the_object_or_as_the_string_that_the_target_wants()
    {
        foreach (var arguments in new[] { ToolArguments.FromObject(JsonSlice.FromString("""{"a":"\n"}""")), ToolArguments.FromText(EscapedSlice.FromString("""{"a":"\n"}""")) })
        {
            using var output = new PooledBytes();
            var emitter = new JsonEmitter(output);
            emitter.ArrayStart();
            Assert.True(arguments.WriteAsObject(emitter));
            arguments.WriteAsText(emitter);
            emitter.ArrayEnd();
            Assert.Equal("""[{"a":"\n"},"{\"a\":\"\\n\"}"]""", JsonSlice.FromUtf8(output.Memory).ToString());
        }
    }

    [Fact]
    public void Pitfall_111_No_cache_breakpoint_is_added()
    {
        var marked = Text("a") with { CacheControl = JsonSlice.FromString("{}") };
        var request = Request(User(marked, marked), Assistant("b"), SystemTurn("c"), User(marked)) with { System = [marked], Tools = [Tool("f")] };
        var normal = request.Apply(Claude);
        Assert.Equal(4, normal.System.Concat(normal.Turns.SelectMany(turn => turn.Parts)).Count(part => part.CacheControl.IsPresent));
    }
}
