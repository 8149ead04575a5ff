using System.Runtime.InteropServices;
using System.Text;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicRequestWriterTests
{
    private const string Ephemeral = """{"type":"ephemeral"}""";

    [Fact]
    public void A_request_is_written_in_one_order()
    {
        var request = AnthropicPlay.Request with
        {
            Stream = true,
            MaxOutputTokens = 100,
            System = [AnthropicPlay.Text("a"), AnthropicPlay.Text("b")],
            Tools = [Tool("f") with { Description = EscapedSlice.FromString("d"), Strict = true }, new ToolDefinition("g")],
            ToolChoice = ToolChoice.Only("f"),
            ParallelToolCalls = false,
            Sampling = new Sampling { Temperature = 0.5, TopP = 0.9, TopK = 40 },
            StopSequences = [EscapedSlice.FromString("\n")],
            User = EscapedSlice.FromString("u"),
            Reasoning = ReasoningAsk.OfLevel(ReasoningLevel.High, ReasoningShow.Shown),
            Format = new OutputFormat(OutputFormatKind.JsonSchema) { Schema = JsonSlice.FromString("{}") },
        };
        var (json, losses) = AnthropicPlay.WriteRequest(request, "claude-opus-4-6");
        Assert.Equal(
            """{"model":"claude-opus-4-6","max_tokens":100,"stream":true,"temperature":0.5,"top_p":0.9,"top_k":40,"stop_sequences":["\n"],"metadata":{"user_id":"u"},"""
            + """ "tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true},{"name":"g","input_schema":{"type":"object","properties":{}}}],""".Trim()
            + """ "tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},"system":[{"type":"text","text":"a"},{"type":"text","text":"b"}],""".Trim()
            + """ "thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"high","format":{"type":"json_schema","schema":{}}},""".Trim()
            + """ "messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}""".Trim(),
            json);
        Assert.Empty(losses.Losses);
    }

    [Fact]
    public void The_output_limit_is_required_and_the_models_own_when_the_client_has_none()
    {
        Assert.Contains("\"max_tokens\":32000,", AnthropicPlay.WriteRequest(AnthropicPlay.Request, "claude-opus-5").Json, StringComparison.Ordinal);
        Assert.Contains("\"max_tokens\":4096,", AnthropicPlay.WriteRequest(AnthropicPlay.Request, "claude-3-haiku-20240307").Json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_count_holds_only_what_costs_tokens()
    {
        var request = AnthropicPlay.Request with
        {
            Stream = true,
            MaxOutputTokens = 9,
            Tools = [Tool("f")],
            Sampling = new Sampling { Temperature = 1 },
            StopSequences = [EscapedSlice.FromString("x")],
            User = EscapedSlice.FromString("u"),
        };
        Assert.Equal(
            """{"model":"claude-sonnet-4-6","tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}""",
            AnthropicPlay.WriteRequest(request, operation: Operation.CountTokens).Json);
        using var written = AnthropicDialect.Instance.WriteRequest(request, "m", Operation.CountTokens, new LossLedger());
        Assert.Equal("v1/messages/count_tokens", written.Path);
        Assert.Equal("v1/messages", AnthropicDialect.Instance.PathOf(Operation.Generate, "m", stream: true, streamAsJsonArray: false));
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", ReasoningMode.Budget, """{"type":"enabled","budget_tokens":4096}""")]
    [InlineData("claude-sonnet-4-5", ReasoningMode.Off, null)]
    [InlineData("claude-opus-4-6", ReasoningMode.Dynamic, """{"type":"adaptive","display":"summarized"}""")]
    [InlineData("claude-opus-4-6", ReasoningMode.Default, null)]
    [InlineData("claude-opus-5", ReasoningMode.Default, """{"type":"adaptive","display":"summarized"}""")]
    [InlineData("claude-opus-5", ReasoningMode.Off, """{"type":"disabled"}""")]
    [InlineData("claude-sonnet-5-5", ReasoningMode.Off, """{"type":"between_tools"}""")]
    [InlineData("claude-3-haiku", ReasoningMode.Dynamic, null)]
    public void Thinking_takes_the_models_form(string model, ReasoningMode mode, string? thinking)
    {
        var ask = new ReasoningAsk(mode, ReasoningLevel.None, 4096, ReasoningShow.Shown);
        var json = AnthropicPlay.WriteRequest(AnthropicPlay.Request with { Reasoning = ask }, model).Json;
        if (thinking is null)
        {
            Assert.DoesNotContain("thinking", json, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("\"thinking\":" + thinking, json, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ReasoningLevel.Minimal, "low")]
    [InlineData(ReasoningLevel.Low, "low")]
    [InlineData(ReasoningLevel.Medium, "medium")]
    [InlineData(ReasoningLevel.XHigh, "xhigh")]
    [InlineData(ReasoningLevel.Max, "max")]
    public void A_level_is_an_effort(ReasoningLevel level, string effort) => Assert.Contains(
        $$$"""{"type":"adaptive","display":"omitted"},"output_config":{"effort":"{{{effort}}}"}""",
        AnthropicPlay.WriteRequest(AnthropicPlay.Request with { Reasoning = ReasoningAsk.OfLevel(level, ReasoningShow.SignatureOnly) }, "claude-opus-5").Json,
        StringComparison.Ordinal);

    [Fact]
    public void Pitfall_085_an_explicit_off_is_written_for_models_that_think_by_default() => Assert.Contains(
        "\"thinking\":{\"type\":\"disabled\"}",
        AnthropicPlay.WriteRequest(AnthropicPlay.Request with { Reasoning = ReasoningAsk.OfLevel(ReasoningLevel.None) }, "claude-sonnet-5").Json,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(ToolChoiceMode.Auto, null, """{"type":"auto"}""")]
    [InlineData(ToolChoiceMode.Required, true, """{"type":"any"}""")]
    [InlineData(ToolChoiceMode.None, false, """{"type":"none"}""")]
    [InlineData(ToolChoiceMode.Default, false, """{"type":"auto","disable_parallel_tool_use":true}""")]
    public void A_choice_stands_in_for_a_ban_on_parallel_calls(ToolChoiceMode mode, bool? parallel, string choice) => Assert.Contains(
        $"\"tool_choice\":{choice},",
        AnthropicPlay.WriteRequest(AnthropicPlay.Request with { Tools = [Tool("f")], ToolChoice = ToolChoice.Of(mode), ParallelToolCalls = parallel }).Json,
        StringComparison.Ordinal);

    [Fact]
    public void Pitfall_073_no_choice_is_written_without_tools() => Assert.DoesNotContain(
        "tool_choice", AnthropicPlay.WriteRequest(AnthropicPlay.Request with { ToolChoice = ToolChoice.Of(ToolChoiceMode.Required), ParallelToolCalls = false }).Json, StringComparison.Ordinal);

    [Fact]
    public void Pitfall_064_results_come_first_and_together()
    {
        var json = Written(new Turn(TurnRole.User, [AnthropicPlay.Text("and?"), Result("a", AnthropicPlay.Text("1")), Result("b") with { IsError = true }]));
        Assert.Equal(
            """[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"1"}]},{"type":"tool_result","tool_use_id":"b","is_error":true},{"type":"text","text":"and?"}]}]""",
            json);
    }

    [Fact]
    public void Pitfall_095_an_image_in_a_result_is_an_image_block() => Assert.Equal(
        """[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iV\/BO"}},{"type":"document","source":{"type":"url","url":"https://a"}}]}]}]""",
        Written(new Turn(TurnRole.User, [Result("a", new ImagePart(Inline("image/png", "iV\\/BO")), new DocumentPart(new MediaSource.Url(EscapedSlice.FromString("https://a"))))])));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"n":12345678901234567890,"x":1.0}""")]
    public void Pitfall_120_arguments_become_an_object_with_their_own_text(string arguments)
    {
        var call = new ToolCallPart("c", "f", ToolArguments.FromText(EscapedSlice.FromString(arguments)));
        Assert.Equal(
            $$"""[{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{{(arguments.Length == 0 ? "{}" : arguments)}}}]}]""",
            Written(new Turn(TurnRole.Assistant, [call])));
    }

    [Fact]
    public void Arguments_that_are_no_object_are_a_loss()
    {
        var call = new ToolCallPart("c", "f", ToolArguments.FromText(EscapedSlice.FromString("{oops")));
        var (json, losses) = AnthropicPlay.WriteRequest(AnthropicPlay.Request with { Turns = [new Turn(TurnRole.Assistant, [call]) { Path = "messages[1]" }] });
        Assert.Contains("\"input\":{}", json, StringComparison.Ordinal);
        Assert.Equal(("messages[1]", LossRule.Reported), (losses.Losses[0].Path, losses.Losses[0].Rule));
    }

    [Fact]
    public void Pitfall_074_only_signed_reasoning_of_its_own_family_is_replayed() => Assert.Equal(
        """[{"role":"assistant","content":[{"type":"thinking","thinking":"mine","signature":"Eq\/Q"},{"type":"redacted_thinking","data":"Zm"},{"type":"text","text":"x"}]}]""",
        Written(new Turn(
            TurnRole.Assistant,
            [
                new ReasoningPart(EscapedSlice.FromString("mine"), Signature(SignatureFamily.Claude, "Eq\\/Q")),
                new ReasoningPart(EscapedSlice.FromString("theirs"), Signature(SignatureFamily.Gemini, "Ep")),
                new ReasoningPart(EscapedSlice.FromString("nobody's"), null),
                new RedactedReasoningPart(Signature(SignatureFamily.Claude, "Zm")),
                new RedactedReasoningPart(Signature(SignatureFamily.Gpt, "gA")),
                AnthropicPlay.Text("x"),
            ])));

    [Fact]
    public void Pitfall_068_069_empty_texts_and_turns_are_not_written() => Assert.Equal(
        """[{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]}]""",
        Written(
            new Turn(TurnRole.User, [AnthropicPlay.Text("")]),
            new Turn(TurnRole.Assistant, [AnthropicPlay.Text(""), new ToolCallPart("c", "f", default)])));

    [Fact]
    public void A_refusal_is_plain_history_and_a_system_turn_stays_one() => Assert.Equal(
        """[{"role":"assistant","content":[{"type":"text","text":"no"}]},{"role":"system","content":[{"type":"text","text":"s"}]}]""",
        Written(new Turn(TurnRole.Assistant, [new RefusalPart(EscapedSlice.FromString("no"))]), new Turn(TurnRole.System, [AnthropicPlay.Text("s")])));

    [Fact]
    public void Documents_take_the_form_their_bytes_have() => Assert.Equal(
        """[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"},"title":"t","context":"c","citations":{"enabled":true}},"""
        + """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"a,b\n"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"é"}},{"type":"image","source":{"type":"file","file_id":"file_1"}}]}]""",
        Written(new Turn(
            TurnRole.User,
            [
                new DocumentPart(Inline("application/pdf", "JVBE")) { Name = EscapedSlice.FromString("t"), Context = EscapedSlice.FromString("c"), Citations = JsonSlice.FromString("{\"enabled\":true}") },
                new DocumentPart(new MediaSource.PlainText(EscapedSlice.FromString("a,b\n"), "text/csv")),
                new DocumentPart(Inline("text/plain", Convert.ToBase64String("é"u8).Replace("/", "\\/", StringComparison.Ordinal))),
                new ImagePart(new MediaSource.Stored(EscapedSlice.FromString("file_1"))),
            ])));

    public static TheoryData<string> Foreign => ["audio", "video", "office", "stored"];

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_medium_without_a_form_is_refused_and_not_lost(string kind)
    {
        Part part = kind switch
        {
            "audio" => new AudioPart(Inline("audio/wav", "AA")),
            "video" => new VideoPart(Inline("video/mp4", "AA")),
            "office" => new DocumentPart(Inline("application/msword", "AA")),
            _ => new ImagePart(new MediaSource.Stored(EscapedSlice.FromString("file-of-another"))),
        };
        var (_, losses) = AnthropicPlay.WriteRequest(AnthropicPlay.Request with { Turns = [new Turn(TurnRole.User, [part]) { Path = "messages[0]" }] });
        Assert.Equal(("messages[0]", LossRule.Refused), (losses.Losses[0].Path, losses.Losses[0].Rule));
    }

    [Fact]
    public void Pitfall_111_at_most_four_breakpoints_are_sent_and_none_is_added()
    {
        var marked = AnthropicPlay.Text("m") with { CacheControl = JsonSlice.FromString(Ephemeral) };
        var request = AnthropicPlay.Request with
        {
            Tools = [Tool("f") with { CacheControl = JsonSlice.FromString(Ephemeral) }],
            System = [marked],
            Turns = [new Turn(TurnRole.User, [marked, marked, marked])],
        };
        var (json, losses) = AnthropicPlay.WriteRequest(request);
        Assert.Equal(5, json.Split("\"cache_control\":" + Ephemeral).Length);
        Assert.Equal([new Loss("cache_control", LossRule.Dropped)], losses.Losses);
        Assert.DoesNotContain("cache_control", AnthropicPlay.WriteRequest(AnthropicPlay.Request).Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_110_a_longer_conversation_begins_with_the_same_bytes()
    {
        var request = AnthropicPlay.Request with { System = [AnthropicPlay.Text("s")], Tools = [Tool("f")] };
        var shorter = AnthropicPlay.WriteRequest(request).Json;
        var longer = AnthropicPlay.WriteRequest(request with { Turns = [.. request.Turns, new Turn(TurnRole.Assistant, [AnthropicPlay.Text("yes")])] }).Json;
        Assert.StartsWith(shorter[..^2], longer, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_113_114_nothing_is_sent_that_needs_a_beta_and_nothing_is_made_up()
    {
        using var written = AnthropicDialect.Instance.WriteRequest(AnthropicPlay.Request, "claude-opus-5", Operation.Generate, new LossLedger());
        Assert.Empty(written.Headers);
        Assert.Equal(AnthropicPlay.WriteRequest(AnthropicPlay.Request).Json, AnthropicPlay.WriteRequest(AnthropicPlay.Request).Json);
    }

    [Fact]
    public void A_web_search_is_native_and_other_hosted_tools_are_no_functions()
    {
        var request = AnthropicPlay.Request with
        {
            Tools =
            [
                new ToolDefinition("web_search") { HostedKind = HostedToolKind.WebSearch, Hosted = JsonSlice.FromString("""{"type":"web_search","filters":{}}"""), Path = "tools[0]" },
                new ToolDefinition("ci") { HostedKind = HostedToolKind.CodeExecution, HostedRule = LossRule.Reported, Path = "tools[1]" },
            ],
        };
        var (json, losses) = AnthropicPlay.WriteRequest(request);
        Assert.Contains("""  "tools":[{"type":"web_search_20250305","name":"web_search"}],""".Trim(), json, StringComparison.Ordinal);
        Assert.Equal([("tools[0]", LossRule.Reported), ("tools[1]", LossRule.Reported)], losses.Losses.Select(loss => (loss.Path, loss.Rule)));
    }

    [Fact]
    public void A_user_name_that_is_too_long_is_dropped()
    {
        var (json, losses) = AnthropicPlay.WriteRequest(AnthropicPlay.Request with { User = EscapedSlice.FromString(new string('u', 257)) });
        Assert.DoesNotContain("metadata", json, StringComparison.Ordinal);
        Assert.Equal([new Loss("user", LossRule.Dropped)], losses.Losses);
    }

    [Fact]
    public void A_large_image_is_linked_and_not_copied()
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{new string('A', 100_000)}}}"}}]}]}""");
        var request = AnthropicDialect.Instance.ReadRequest(new ClientRequest { Body = body }, Operation.Generate);
        using var written = AnthropicDialect.Instance.WriteRequest(request, "m", Operation.Generate, new LossLedger());
        var image = written.Body.Segments.Single(segment => segment.Length >= 100_000);
        Assert.True(MemoryMarshal.TryGetArray(image, out var array));
        Assert.Same(body, array.Array);
    }

    [Fact]
    public void Pitfall_075_what_was_read_is_written_again_byte_for_byte()
    {
        const string messages = """[{"role":"user","content":[{"type":"text","text":"a \"é\" \n"},{"type":"image","source":{"type":"url","url":"https://a"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"p","signature":"Eq\/Q=="},{"type":"redacted_thinking","data":"Zm"},{"type":"text","text":"ok"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a": 1.0}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"r","cache_control":{"type":"ephemeral"}}],"is_error":true},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"},"title":"t"}]}]""";
        var request = AnthropicPlay.ReadRequest(
            $$$"""{"messages":{{{messages}}},"stream":true,"max_tokens":5000,"thinking":{"type":"adaptive","display":"omitted"},"output_config":{"effort":"low"},"tool_choice":{"type":"any"},"tools":[{"name":"f","input_schema":{"type":"object"}}],"system":[{"type":"text","text":"s"}],"model":"m"}""");
        var (json, losses) = AnthropicPlay.WriteRequest(request, "claude-opus-5");
        Assert.Equal(
            $$$"""{"model":"claude-opus-5","max_tokens":5000,"stream":true,"tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"},"system":[{"type":"text","text":"s"}],"thinking":{"type":"adaptive","display":"omitted"},"output_config":{"effort":"low"},"messages":{{{messages}}}}""",
            json);
        Assert.Empty(losses.Losses);
    }

    private static string Written(params Turn[] turns)
    {
        var json = AnthropicPlay.WriteRequest(AnthropicPlay.Request with { Turns = turns }).Json;
        return json[(json.IndexOf("\"messages\":", StringComparison.Ordinal) + 11)..^1];
    }

    private static ToolDefinition Tool(string name) => new(name) { Schema = JsonSlice.FromString("{\"type\":\"object\"}") };

    private static ToolResultPart Result(string id, params Part[] content) => new(id, "", content, IsError: false);

    private static MediaSource.Inline Inline(string type, string data) => new(type, EscapedSlice.FromContent(Encoding.ASCII.GetBytes(data)));

    private static ReasoningSignature Signature(SignatureFamily family, string blob) => new(family, EscapedSlice.FromContent(Encoding.ASCII.GetBytes(blob)));
}
