using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatRequests;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatRequestWriterTests
{
    private static readonly CompletionRequest Plain = new() { Model = "client", Turns = [User(Text("hi"))] };

    [Fact]
    public void A_plain_request_says_nothing_that_was_not_said() =>
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}""", Write(Plain));

    [Fact]
    public void A_stream_always_asks_for_usage() => Assert.Equal(
        """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}""",
        Write(Plain with { Stream = true }));

    [Fact]
    public void The_path_is_below_the_base_url() => Assert.Equal("chat/completions", OpenAiChatDialect.Instance.PathOf(Operation.Generate, "m", stream: true, streamAsJsonArray: false));

    [Theory]
    [InlineData("gpt-4o", "system", "max_completion_tokens")]
    [InlineData("gpt-5", "developer", "max_completion_tokens")]
    [InlineData("o3", "developer", "max_completion_tokens")]
    [InlineData("deepseek-chat", "system", "max_tokens")]
    [InlineData("openai/gpt-5", "system", "max_tokens")]
    [InlineData("unknown-model", "system", "max_tokens")]
    public void Pitfall_070_Names_depend_on_whose_server_it_is(string model, string role, string maximum) => Assert.Equal(
        $$"""{"model":"{{model}}","messages":[{"role":"{{role}}","content":"be"},{"role":"user","content":"hi"}],"{{maximum}}":9}""",
        Write(Plain with { System = [Text("be")], MaxOutputTokens = 9 }, model));

    [Fact]
    public void Options_are_written_as_the_tree_says() => Assert.Equal(
        """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"temperature":0.5,"top_p":0.9,"presence_penalty":1,"frequency_penalty":-1,"seed":42,"n":2,"stop":["a","b"],"user":"u"}""",
        Write(Plain with
        {
            Sampling = new Sampling { Temperature = 0.5, TopP = 0.9, PresencePenalty = 1, FrequencyPenalty = -1, Seed = 42, TopK = 7 },
            Candidates = 2,
            StopSequences = [EscapedSlice.FromString("a"), EscapedSlice.FromString("b")],
            User = EscapedSlice.FromString("u"),
        }));

    [Fact]
    public void Top_k_goes_to_compatible_servers_only()
    {
        var losses = new LossLedger();
        var request = Plain with { Sampling = new Sampling { TopK = 7 } };

        Assert.Equal("", Field(request, "top_k", losses: losses));
        Assert.Equal([new Loss("top_k", LossRule.Dropped)], losses.Losses);
        Assert.Equal("7", Field(request, "top_k", "qwen3-max"));
    }

    [Fact]
    public void Pitfall_064_Results_come_first_in_order_then_attachments_then_the_rest()
    {
        var losses = new LossLedger();
        var image = new ImagePart(new MediaSource.Inline("image/png", EscapedSlice.FromString("iVBO")));
        var request = Plain with
        {
            Turns =
            [
                new Turn(TurnRole.Assistant, [Call("a"), Call("b")]),
                User(new ToolResultPart("a", "f", [Text("one"), image], IsError: false)) with { Path = "messages[2]" },
                User(Text("and?"), new ToolResultPart("b", "f", [image], IsError: true)),
            ],
        };

        Assert.Equal(
            """
            [{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"a","content":"one"},{"role":"tool","tool_call_id":"b","content":"Error: [see attached]"},
            {"role":"user","content":[{"type":"text","text":"Attachments of tool call a:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]},
            {"role":"user","content":[{"type":"text","text":"Attachments of tool call b:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]},
            {"role":"user","content":"and?"}]
            """.ReplaceLineEndings(""),
            Field(request, "messages", losses: losses));
        Assert.Contains(new Loss("messages[2].content", LossRule.Emulated), losses.Losses);
    }

    [Fact]
    public void Pitfall_095_An_image_in_a_result_follows_as_a_user_message_never_as_text()
    {
        var image = new ImagePart(new MediaSource.Inline("image/png", EscapedSlice.FromString("iVBO")));
        var messages = Field(Plain with { Turns = [User(new ToolResultPart("a", "f", [image], IsError: false))] }, "messages");

        Assert.Equal(
            """[{"role":"tool","tool_call_id":"a","content":"[see attached]"},{"role":"user","content":[{"type":"text","text":"Attachments of tool call a:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}]""",
            messages);
    }

    [Fact]
    public void Web_search_of_another_dialect_is_rendered_for_models_that_search()
    {
        var request = Plain with { Tools = [new ToolDefinition("web_search") { Hosted = JsonSlice.FromString("{\"type\":\"x\"}"), HostedKind = HostedToolKind.WebSearch, HostedRule = LossRule.Reported }] };

        Assert.Equal("{}", Field(request, "web_search_options", "gpt-4o-search-preview"));
        Assert.Equal("", Field(request, "web_search_options"));
    }

    [Theory]
    [InlineData("boom", true, "Error: boom")]
    [InlineData("Error: boom", true, "Error: boom")]
    [InlineData("boom", false, "boom")]
    [InlineData("", true, "Error: ")]
    public void A_failed_result_says_so_once(string text, bool failed, string content) => Assert.Equal(
        $$"""[{"role":"tool","tool_call_id":"a","content":"{{content}}"}]""",
        Field(Plain with { Turns = [User(new ToolResultPart("a", "f", [Text(text)], failed))] }, "messages"));

    [Fact]
    public void Pitfall_069_Content_is_null_beside_calls() => Assert.Equal(
        """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}]""",
        Field(Plain with { Turns = [new Turn(TurnRole.Assistant, [Text(""), Call("a")])] }, "messages"));

    [Fact]
    public void Pitfall_120_Arguments_are_never_serialised_again() => Assert.Contains(
        """
        "arguments":"{\"b\": 1.0, \"a\":12345678901234567890, \"a\":1}"
        """.Trim(),
        Write(Plain with { Turns = [new Turn(TurnRole.Assistant, [new ToolCallPart("a", "f", ToolArguments.FromObject(JsonSlice.FromString("""{"b": 1.0, "a":12345678901234567890, "a":1}""")))])] }),
        StringComparison.Ordinal);

    [Fact]
    public void Neighbouring_texts_join_and_separated_ones_keep_a_distance() => Assert.Equal(
        """[{"role":"assistant","content":"ab\n\nc","refusal":"no"}]""",
        Field(Plain with { Turns = [new Turn(TurnRole.Assistant, [Text("a"), Text("b"), new ReasoningPart(EscapedSlice.FromString("plan"), null), Text("c"), new RefusalPart(EscapedSlice.FromString("no"))])] }, "messages"));

    [Fact]
    public void Several_user_texts_stay_parts_for_OpenAI_and_join_for_others()
    {
        var request = Plain with { Turns = [User(Text("a"), Text("b"))] };

        Assert.Equal("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""", Field(request, "messages"));
        Assert.Equal("""[{"role":"user","content":"a\nb"}]""", Field(request, "messages", "llama-3"));
    }

    [Fact]
    public void Media_are_written_as_parts_and_large_data_is_linked()
    {
        var data = EscapedSlice.FromString(new string('A', 100_000));
        var request = Plain with
        {
            Turns =
            [
                User(
                    new ImagePart(new MediaSource.Inline("image/png", data)) { Detail = ImageDetail.High },
                    new ImagePart(new MediaSource.Url(EscapedSlice.FromString("https://x.test/a.png"))),
                    new DocumentPart(new MediaSource.Inline("application/pdf", EscapedSlice.FromString("JVBE"))),
                    new DocumentPart(new MediaSource.Inline("text/plain", EscapedSlice.FromString("aGkgInlvdSI="))) { Name = EscapedSlice.FromString("a.txt") },
                    new DocumentPart(new MediaSource.PlainText(EscapedSlice.FromString("plain"))),
                    new AudioPart(new MediaSource.Inline("audio/mpeg", EscapedSlice.FromString("UklG")))),
            ],
        };
        using var written = OpenAiChatDialect.Instance.WriteRequest(request, "gpt-4o", Operation.Generate, new LossLedger());

        Assert.Contains(written.Body.Segments, segment => segment.Span.Overlaps(data.Content.Span));
        Assert.Equal(
            """{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,DATA","detail":"high"}},{"type":"image_url","image_url":{"url":"https://x.test/a.png"}},{"type":"file","file":{"filename":"file.pdf","file_data":"data:application/pdf;base64,JVBE"}},{"type":"text","text":"<document name=\"a.txt\">hi \"you\"</document>"},{"type":"text","text":"<document name=\"document\">plain</document>"},{"type":"input_audio","input_audio":{"data":"UklG","format":"mp3"}}]}]}""",
            Encoding.UTF8.GetString(written.Body.ToArray()).Replace(data.ToString(), "DATA", StringComparison.Ordinal));
    }

    public static TheoryData<Part> Inexpressible =>
    [
        new VideoPart(new MediaSource.Url(EscapedSlice.FromString("https://x.test/v.mp4"))),
        new ImagePart(new MediaSource.Stored(EscapedSlice.FromString("file-1"))),
        new DocumentPart(new MediaSource.Stored(EscapedSlice.FromString("file-1"))),
        new DocumentPart(new MediaSource.Url(EscapedSlice.FromString("https://x.test/a.pdf"))),
        new DocumentPart(new MediaSource.Inline("application/msword", EscapedSlice.FromString("AAAA"))),
        new DocumentPart(new MediaSource.Inline("text/plain", EscapedSlice.FromString("not base64!"))),
        new AudioPart(new MediaSource.Inline("audio/flac", EscapedSlice.FromString("AAAA"))),
    ];

    [Theory]
    [MemberData(nameof(Inexpressible))]
    public void Content_that_cannot_be_expressed_is_refused_never_lost(Part part)
    {
        var losses = new LossLedger();
        Write(Plain with { Turns = [User(Text("see"), part) with { Path = "messages[4]" }] }, losses: losses);

        Assert.Equal(("messages[4].content", LossRule.Refused), (losses.FirstRefusal(strict: false)!.Value.Path, losses.FirstRefusal(strict: false)!.Value.Rule));
    }

    [Fact]
    public void Tools_and_choice_are_written_together_or_not_at_all()
    {
        var request = Plain with
        {
            Tools =
            [
                new ToolDefinition("f") { Description = EscapedSlice.FromString("d"), Schema = JsonSlice.FromString("""{"type":"object","properties":{"a":{}}}"""), Strict = false },
                new ToolDefinition("g"),
                new ToolDefinition("h") { IsFreeform = true },
            ],
            ToolChoice = ToolChoice.Only("f"),
            ParallelToolCalls = false,
        };

        Assert.EndsWith(
            ""","tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{}}},"strict":false}},{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}},{"type":"custom","custom":{"name":"h"}}],"tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false}""",
            Write(request, "gpt-5"),
            StringComparison.Ordinal);
        Assert.Equal(Write(Plain), Write(request with { Tools = [] }));
    }

    [Theory]
    [InlineData(ToolChoiceMode.Auto, "\"auto\"")]
    [InlineData(ToolChoiceMode.None, "\"none\"")]
    [InlineData(ToolChoiceMode.Required, "\"required\"")]
    [InlineData(ToolChoiceMode.Default, "")]
    public void Every_mode_has_its_word(ToolChoiceMode mode, string word) =>
        Assert.Equal(word, Field(Plain with { Tools = [new ToolDefinition("f")], ToolChoice = ToolChoice.Of(mode) }, "tool_choice"));

    [Fact]
    public void A_set_of_allowed_tools_is_written() => Assert.Equal(
        """{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}}""",
        Field(Plain with { Tools = [new ToolDefinition("f"), new ToolDefinition("g")], ToolChoice = new ToolChoice(ToolChoiceMode.Required, "", ["f"]) }, "tool_choice"));

    [Fact]
    public void A_call_of_a_freeform_tool_is_written_as_custom() => Assert.Contains(
        """
        {"id":"a","type":"custom","custom":{"name":"h","input":"*** \"Begin\""}}
        """.Trim(),
        Write(
            Plain with
            {
                Tools = [new ToolDefinition("h") { IsFreeform = true }],
                Turns = [new Turn(TurnRole.Assistant, [new ToolCallPart("a", "h", ToolArguments.FromObject(JsonSlice.FromString("""{"input":"*** \"Begin\""}""")))])],
            },
            "gpt-5"),
        StringComparison.Ordinal);

    [Fact]
    public void A_hosted_tool_of_another_dialect_is_reported()
    {
        var losses = new LossLedger();
        Write(Plain with { Tools = [new ToolDefinition("web_search") { Hosted = JsonSlice.FromString("{}"), HostedRule = LossRule.Reported, Path = "tools[0]" }] }, losses: losses);

        Assert.Equal(("tools[0]", LossRule.Reported), (losses.Losses[0].Path, losses.Losses[0].Rule));
    }

    [Fact]
    public void Json_output_is_asked_for_and_the_word_json_is_said()
    {
        var losses = new LossLedger();
        var request = Plain with { Format = new OutputFormat(OutputFormatKind.JsonObject) };

        Assert.Equal("""[{"role":"system","content":"Respond with one JSON object."},{"role":"user","content":"hi"}]""", Field(request, "messages", losses: losses));
        Assert.Equal([new Loss("response_format", LossRule.Emulated)], losses.Losses);
        Assert.Equal("""[{"role":"user","content":"as Json!"}]""", Field(request with { Turns = [User(Text("as Json!"))] }, "messages"));
        Assert.Equal("""{"type":"json_object"}""", Field(request, "response_format"));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(true, ",\"strict\":true")]
    [InlineData(false, ",\"strict\":false")]
    public void A_schema_is_strict_only_if_said(bool? strict, string written) => Assert.Equal(
        $$$"""{"type":"json_schema","json_schema":{"name":"response","schema":{"type":"object"}{{{written}}}}}""",
        Field(Plain with { Format = new OutputFormat(OutputFormatKind.JsonSchema) { Schema = JsonSlice.FromString("""{"type":"object"}"""), Strict = strict } }, "response_format"));

    [Theory]
    [InlineData("gpt-5", ReasoningMode.Level, ReasoningLevel.Minimal, "reasoning_effort", "\"minimal\"")]
    [InlineData("gpt-5.6", ReasoningMode.Level, ReasoningLevel.Max, "reasoning_effort", "\"max\"")]
    [InlineData("gpt-5.1", ReasoningMode.Off, ReasoningLevel.None, "reasoning_effort", "\"none\"")]
    [InlineData("gpt-5", ReasoningMode.Default, ReasoningLevel.None, "reasoning_effort", "")]
    [InlineData("gpt-4o", ReasoningMode.Level, ReasoningLevel.High, "reasoning_effort", "")]
    [InlineData("deepseek-reasoner", ReasoningMode.Level, ReasoningLevel.High, "thinking", """{"type":"enabled"}""")]
    [InlineData("glm-4.7", ReasoningMode.Off, ReasoningLevel.None, "thinking", """{"type":"disabled"}""")]
    [InlineData("qwen3-max", ReasoningMode.Off, ReasoningLevel.None, "enable_thinking", "false")]
    [InlineData("qwen3-max", ReasoningMode.Budget, ReasoningLevel.None, "thinking_budget", "512")]
    [InlineData("gemini-2.5-pro", ReasoningMode.Level, ReasoningLevel.Low, "reasoning_effort", "\"low\"")]
    public void Reasoning_is_asked_for_in_the_servers_form(string model, ReasoningMode mode, ReasoningLevel level, string field, string value) =>
        Assert.Equal(value, Field(Plain with { Reasoning = new ReasoningAsk(mode, level, 512, ReasoningShow.Default) }, field, model));

    [Theory]
    [InlineData("deepseek-chat", "plan")]
    [InlineData("moonshotai/kimi-k3", " ")]
    public void Pitfall_079_Servers_that_think_by_default_get_reasoning_back(string model, string reasoning)
    {
        var request = Plain with { Turns = [new Turn(TurnRole.Assistant, [new ReasoningPart(EscapedSlice.FromString(reasoning), null), Call("a")])] };

        Assert.Contains($"\"reasoning_content\":\"{reasoning}\"", Write(request, model), StringComparison.Ordinal);
        Assert.DoesNotContain("reasoning", Write(request, "gpt-5"), StringComparison.Ordinal);
        Assert.DoesNotContain("reasoning", Write(request, "llama-3"), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_076_Signatures_go_back_where_their_family_takes_them()
    {
        var gemini = Call("a") with { Signature = new ReasoningSignature(SignatureFamily.Gemini, EscapedSlice.FromString("EpIB")) };
        var claude = new ReasoningPart(EscapedSlice.FromString("plan"), new ReasoningSignature(SignatureFamily.Claude, EscapedSlice.FromString("s1")));
        var request = Plain with { Turns = [new Turn(TurnRole.Assistant, [claude, gemini])] };

        Assert.Contains("\"extra_content\":{\"google\":{\"thought_signature\":\"EpIB\"}}", Write(request, "gemini-3-pro"), StringComparison.Ordinal);
        Assert.Contains("""[{"type":"reasoning.encrypted","data":"EpIB","id":"a","format":"google-gemini-v1","index":0}]""", Write(request, "google/gemini-3-pro"), StringComparison.Ordinal);
        Assert.Contains("""[{"type":"reasoning.text","text":"plan","signature":"s1","format":"anthropic-claude-v1","index":0}]""", Write(request, "anthropic/claude-opus-5"), StringComparison.Ordinal);
        Assert.DoesNotContain("EpIB", Write(request), StringComparison.Ordinal);
        Assert.DoesNotContain("s1", Write(request), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_112_Cache_control_reaches_only_servers_that_know_it()
    {
        var request = Plain with { Turns = [User(Text("hi") with { CacheControl = JsonSlice.FromString("""{"type":"ephemeral"}""") })] };

        Assert.Equal("""[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}]""", Field(request, "messages", "anthropic/claude-opus-5"));
        Assert.Equal("""[{"role":"user","content":"hi"}]""", Field(request, "messages"));
    }

    [Fact]
    public void Foreign_fields_of_this_dialect_are_written_again_and_others_are_losses()
    {
        var losses = new LossLedger();
        var request = Plain with
        {
            Foreign =
            [
                new ForeignField("logit_bias", JsonSlice.FromString("""{"5":1}"""), LossRule.Dropped),
                new ForeignField("store", JsonSlice.FromString("true"), LossRule.Dropped),
                new ForeignField("context_management", JsonSlice.FromString("{}"), LossRule.Reported),
            ],
        };

        Assert.EndsWith(""","logit_bias":{"5":1},"store":true}""", Write(request, losses: losses), StringComparison.Ordinal);
        Assert.Equal([new Loss("context_management", LossRule.Reported)], losses.Losses);
        Assert.Equal("", Field(request, "store", "llama-3"));
    }

    private static Turn User(params Part[] parts) => new(TurnRole.User, parts);

    private static TextPart Text(string text) => new(EscapedSlice.FromString(text));

    private static ToolCallPart Call(string id) => new(id, "f", default);
}
