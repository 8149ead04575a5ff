using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatRequests;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatRequestReaderTests
{
    [Fact]
    public void Options_have_their_place_in_the_tree()
    {
        var request = With(
            """
            "stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"max_completion_tokens":100,"max_tokens":7,"temperature":0.5,"top_p":0.9,"top_k":40,
            "n":2,"stop":["a","b"],"frequency_penalty":-1,"presence_penalty":1.5,"seed":42,"parallel_tool_calls":false,"user":"u","safety_identifier":"s"
            """);

        Assert.True(request is { Model: "m", Stream: true, IncludeUsage: true, MaxOutputTokens: 100, Candidates: 2, ParallelToolCalls: false });
        Assert.Equal(new Sampling { Temperature = 0.5, TopP = 0.9, TopK = 40, FrequencyPenalty = -1, PresencePenalty = 1.5, Seed = 42 }, request.Sampling);
        Assert.Equal(["a", "b"], request.StopSequences.Select(static stop => stop.Decode()));
        Assert.Equal("s", request.User.Decode());
        Assert.Empty(request.Foreign);
    }

    [Fact]
    public void Null_equals_omitted()
    {
        var request = With(
            """
            "stream":null,"stream_options":null,"max_tokens":null,"temperature":null,"n":null,"stop":null,"tools":null,"tool_choice":null,"response_format":null,
            "reasoning_effort":null,"logit_bias":null,"user":null,"seed":null
            """);

        Assert.Equal(With("\"stream\":false"), request with { Turns = With("\"stream\":false").Turns }, Comparing);
        Assert.Empty(request.Foreign);
    }

    [Fact]
    public void One_stop_may_be_a_string() => Assert.Equal("END", Assert.Single(With("\"stop\":\"END\"").StopSequences).Decode());

    [Fact]
    public void Usage_is_included_only_in_streams() => Assert.False(With("\"stream_options\":{\"include_usage\":true}").IncludeUsage);

    [Fact]
    public void Leading_system_and_developer_texts_are_the_system_prompt_and_later_ones_stay_in_place()
    {
        var request = Messages(
            """
            {"role":"system","content":"one"},{"role":"developer","content":[{"type":"text","text":"two"},{"type":"text","text":"three","cache_control":{"type":"ephemeral"}}]},
            {"role":"user","content":"hi"},{"role":"system","content":"four"}
            """);

        Assert.Equal(["one", "two", "three"], request.System.Select(static text => text.Text.Decode()));
        Assert.Equal("""{"type":"ephemeral"}""", request.System[2].CacheControl.ToString());
        Assert.Equal([TurnRole.User, TurnRole.System], request.Turns.Select(static turn => turn.Role));
        Assert.Equal("messages[3]", request.Turns[1].Path);
    }

    [Fact]
    public void User_parts_keep_their_kind_and_their_bytes_stay_slices_of_the_body()
    {
        var body = Encoding.UTF8.GetBytes(
            """
            {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image\/png;base64,iVBO\/w0K","detail":"low"}},
             {"type":"image_url","image_url":{"url":"https://x.test/a.png","detail":"original"}},{"type":"image_url","image_url":"https://x.test/b.png"},
             {"type":"input_audio","input_audio":{"data":"UklG","format":"mp3"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}},
             {"type":"file","file":{"file_data":"JVBE"}},{"type":"file","file":{"file_id":"file-1"}},{"type":"video_url","video_url":{"url":"https://x.test/v.mp4"}}]}]}
            """);
        var parts = Engine.Wire.OpenAiChat.OpenAiChatRequestReader.Read(body).Turns[0].Parts;

        var image = Assert.IsType<ImagePart>(parts[1]);
        var inline = Assert.IsType<MediaSource.Inline>(image.Source);
        Assert.Equal(("image/png", """iVBO\/w0K""", ImageDetail.Low), (inline.MimeType, inline.Data.ToString(), image.Detail));
        Assert.True(body.AsSpan().Overlaps(inline.Data.Content.Span));
        Assert.Equal(new ImagePart(new MediaSource.Url(Text("https://x.test/a.png"))) { Detail = ImageDetail.High }, parts[2]);
        Assert.Equal(new ImagePart(new MediaSource.Url(Text("https://x.test/b.png"))), parts[3]);
        Assert.Equal(new AudioPart(new MediaSource.Inline("audio/mpeg", Text("UklG"))), parts[4]);
        Assert.Equal(new DocumentPart(new MediaSource.Inline("application/pdf", Text("JVBE"))) { Name = Text("a.pdf") }, parts[5]);
        Assert.Equal(new DocumentPart(new MediaSource.Inline("application/pdf", Text("JVBE"))), parts[6]);
        Assert.Equal(new DocumentPart(new MediaSource.Stored(Text("file-1"))), parts[7]);
        Assert.Equal(new VideoPart(new MediaSource.Url(Text("https://x.test/v.mp4"))), parts[8]);
    }

    [Fact]
    public void Pitfall_064_Each_tool_message_is_a_result_of_its_own_in_order()
    {
        var request = Messages(
            """
            {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","type":"function","function":{"name":"g","arguments":{"y":2}}}]},
            {"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","name":"g","content":[{"type":"text","text":"2"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}
            """);

        var calls = request.Turns[0].Parts.Cast<ToolCallPart>().ToList();
        Assert.Equal("""{\"x\":1}""", calls[0].Arguments.Text.ToString());
        Assert.Equal("""{"y":2}""", calls[1].Arguments.Object.ToString());
        var results = request.Turns.Skip(1).Select(static turn => Assert.IsType<ToolResultPart>(Assert.Single(turn.Parts))).ToList();
        Assert.Equal([("a", "", 1), ("b", "g", 2)], results.Select(static result => (result.CallId, result.Name, result.Content.Count)));
    }

    [Fact]
    public void Deprecated_functions_are_tools()
    {
        var request = Read(
            """
            {"model":"m","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"1"}],
             "functions":[{"name":"f","description":"d","parameters":{"type":"object"}}],"function_call":{"name":"f"}}
            """);

        Assert.Equal(("f", "functions[0]"), (request.Tools[0].Name, request.Tools[0].Path));
        Assert.Equal(ToolChoice.Only("f"), request.ToolChoice);
        Assert.Equal("f", Assert.IsType<ToolCallPart>(request.Turns[1].Parts[0]).Name);
        Assert.Equal("f", Assert.IsType<ToolResultPart>(request.Turns[2].Parts[0]).Name);
    }

    [Fact]
    public void Tools_keep_schema_strictness_and_cache_control()
    {
        var tool = Assert.Single(With("""
            "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"const":{}}},"strict":true},"cache_control":{"type":"ephemeral"}}]
            """).Tools);

        Assert.Equal(("f", "d", true, false, "tools[0]"), (tool.Name, tool.Description.Decode(), tool.Strict, tool.IsFreeform, tool.Path));
        Assert.Equal("""{"type":"object","properties":{"const":{}}}""", tool.Schema.ToString());
        Assert.True(tool.CacheControl.IsPresent);
    }

    [Fact]
    public void A_custom_tool_is_freeform_with_its_grammar_in_words()
    {
        var tool = Assert.Single(With("""
            "tools":[{"type":"custom","custom":{"name":"apply","description":"Edits.","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: \"a\""}}}}]
            """).Tools);

        Assert.True(tool.IsFreeform);
        Assert.Equal("Edits.\n\nThe input must match this lark grammar:\nstart: \"a\"", tool.Description.Decode());
    }

    [Fact]
    public void A_custom_call_carries_its_input_in_an_object() => Assert.Equal(
        """{"input":"*** \"Begin\""}""",
        Assert.IsType<ToolCallPart>(Messages("""{"role":"assistant","tool_calls":[{"id":"a","type":"custom","custom":{"name":"apply","input":"*** \"Begin\""}}]}""").Turns[0].Parts[0])
            .Arguments.Object.ToString());

    [Theory]
    [InlineData("\"auto\"", ToolChoiceMode.Auto, "", "")]
    [InlineData("\"none\"", ToolChoiceMode.None, "", "")]
    [InlineData("\"required\"", ToolChoiceMode.Required, "", "")]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", ToolChoiceMode.Tool, "f", "")]
    [InlineData("""{"type":"function","name":"f"}""", ToolChoiceMode.Tool, "f", "")]
    [InlineData("""{"type":"custom","custom":{"name":"f"}}""", ToolChoiceMode.Tool, "f", "")]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}]}}""", ToolChoiceMode.Auto, "", "f g")]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}}""", ToolChoiceMode.Required, "", "f")]
    public void Every_tool_choice_is_read(string choice, ToolChoiceMode mode, string name, string allowed)
    {
        var read = With($"\"tool_choice\":{choice}").ToolChoice;

        Assert.Equal((mode, name, allowed), (read.Mode, read.Name, string.Join(' ', read.Allowed)));
    }

    [Theory]
    [InlineData("""{"type":"web_search_preview"}""", HostedToolKind.WebSearch, LossRule.Reported)]
    [InlineData("""{"type":"mcp","server_url":"https://x.test"}""", HostedToolKind.Other, LossRule.Refused)]
    public void Pitfall_090_A_hosted_tool_is_no_phantom_function(string definition, HostedToolKind kind, LossRule rule)
    {
        var tool = Assert.Single(With($"\"tools\":[{definition}]").Tools);

        Assert.Equal((definition, kind, rule), (tool.Hosted.ToString(), tool.HostedKind, tool.HostedRule));
    }

    [Fact]
    public void Web_search_options_are_a_hosted_tool() =>
        Assert.Equal(HostedToolKind.WebSearch, Assert.Single(With("\"web_search_options\":{\"search_context_size\":\"low\"}").Tools).HostedKind);

    [Theory]
    [InlineData("\"reasoning_effort\":\"none\"", ReasoningMode.Off, ReasoningLevel.None, 0, ReasoningShow.Default)]
    [InlineData("\"reasoning_effort\":\"xhigh\"", ReasoningMode.Level, ReasoningLevel.XHigh, 0, ReasoningShow.Default)]
    [InlineData("\"reasoning\":{\"effort\":\"low\",\"exclude\":true}", ReasoningMode.Level, ReasoningLevel.Low, 0, ReasoningShow.Hidden)]
    [InlineData("\"reasoning\":{\"max_tokens\":2000}", ReasoningMode.Budget, ReasoningLevel.None, 2000, ReasoningShow.Default)]
    [InlineData("\"reasoning\":{\"enabled\":false}", ReasoningMode.Off, ReasoningLevel.None, 0, ReasoningShow.Default)]
    [InlineData("\"reasoning\":{\"enabled\":true}", ReasoningMode.Dynamic, ReasoningLevel.None, 0, ReasoningShow.Default)]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", ReasoningMode.Off, ReasoningLevel.None, 0, ReasoningShow.Default)]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4096}", ReasoningMode.Budget, ReasoningLevel.None, 4096, ReasoningShow.Default)]
    [InlineData("\"thinking\":{\"type\":\"enabled\"}", ReasoningMode.Dynamic, ReasoningLevel.None, 0, ReasoningShow.Default)]
    [InlineData("\"enable_thinking\":false", ReasoningMode.Off, ReasoningLevel.None, 0, ReasoningShow.Default)]
    [InlineData("\"enable_thinking\":true,\"thinking_budget\":512", ReasoningMode.Budget, ReasoningLevel.None, 512, ReasoningShow.Default)]
    [InlineData("\"chat_template_kwargs\":{\"enable_thinking\":true}", ReasoningMode.Dynamic, ReasoningLevel.None, 0, ReasoningShow.Default)]
    [InlineData("\"extra_body\":{\"google\":{\"thinking_config\":{\"thinking_budget\":-1,\"include_thoughts\":true}}}", ReasoningMode.Dynamic, ReasoningLevel.None, 0, ReasoningShow.Shown)]
    [InlineData("\"google\":{\"thinking_config\":{\"thinking_level\":\"low\"}}", ReasoningMode.Level, ReasoningLevel.Low, 0, ReasoningShow.Default)]
    [InlineData("\"include_reasoning\":false", ReasoningMode.Default, ReasoningLevel.None, 0, ReasoningShow.Hidden)]
    public void Every_form_of_asking_for_reasoning_is_read(string fields, ReasoningMode mode, ReasoningLevel level, long budget, ReasoningShow show) =>
        Assert.Equal(new ReasoningAsk(mode, level, budget, show), With(fields).Reasoning);

    [Fact]
    public void A_schema_for_the_answer_is_read()
    {
        var format = With("""
            "response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{"type":"object"},"strict":true}}
            """).Format;

        Assert.Equal((OutputFormatKind.JsonSchema, "n", "d", """{"type":"object"}""", true), (format.Kind, format.Name.Decode(), format.Description.Decode(), format.Schema.ToString(), format.Strict));
        Assert.Equal(OutputFormatKind.JsonObject, With("\"response_format\":{\"type\":\"json_object\"}").Format.Kind);
        Assert.Equal(OutputFormatKind.Text, With("\"response_format\":{\"type\":\"text\"}").Format.Kind);
    }

    [Fact]
    public void Reasoning_and_signatures_come_back_as_parts()
    {
        var parts = Messages(
            """
            {"role":"assistant","content":"","reasoning_content":"ab","reasoning_details":[{"type":"reasoning.text","text":"a","signature":"s1","format":"anthropic-claude-v1","index":0},
             {"type":"reasoning.encrypted","data":"ZW5j","format":"anthropic-claude-v1","index":1},{"type":"reasoning.encrypted","data":"EjQK","format":"google-gemini-v1","id":"t1","index":2}],
             "refusal":"no","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}],
             "tool_calls":[{"id":"t0","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"EpIB"}}},{"id":"t1","type":"function","function":{"name":"g"}}]}
            """).Turns[0].Parts;

        Assert.Equal(
            [
                new ReasoningPart(Text("a"), new ReasoningSignature(SignatureFamily.Claude, Text("s1"))),
                new RedactedReasoningPart(new ReasoningSignature(SignatureFamily.Claude, Text("ZW5j"))),
                new RefusalPart(Text("no")),
                new ImagePart(new MediaSource.Inline("image/png", Text("iVBO"))),
                new ToolCallPart("t0", "f", ToolArguments.FromText(Text("{}"))) { Signature = new ReasoningSignature(SignatureFamily.Gemini, Text("EpIB")) },
                new ToolCallPart("t1", "g", default) { Signature = new ReasoningSignature(SignatureFamily.Gemini, Text("EjQK")) },
            ],
            parts);
    }

    [Fact]
    public void A_signature_without_its_text_belongs_to_the_plain_reasoning() => Assert.Equal(
        [new ReasoningPart(Text("plan"), new ReasoningSignature(SignatureFamily.Claude, Text("s1"))), new TextPart(Text("a"))],
        Messages("""{"role":"assistant","content":"a","reasoning_content":"plan","reasoning_details":[{"type":"reasoning.text","signature":"s1","format":"anthropic-claude-v1","index":0}]}""").Turns[0].Parts);

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    public void Plain_reasoning_has_no_signature(string field) => Assert.Equal(
        new ReasoningPart(Text("plan"), null),
        Messages($$"""{"role":"assistant","content":"a","{{field}}":"plan"}""").Turns[0].Parts[0]);

    [Fact]
    public void A_carrier_of_ours_is_opened()
    {
        var carrier = Encoding.ASCII.GetString(SignatureCarrier.Encode(SignatureFamily.Claude, "claude-opus", EscapedText.FromContent("s1"u8)));
        var parts = Messages($$"""{"role":"assistant","content":"a","reasoning_details":[{"type":"reasoning.encrypted","data":"{{carrier}}"}]}""").Turns[0].Parts;

        Assert.Equal((SignatureFamily.Claude, "s1"), (((RedactedReasoningPart)parts[0]).Signature.Family, ((RedactedReasoningPart)parts[0]).Signature.Blob.ToString()));
    }

    [Theory]
    [InlineData("\"logit_bias\":{\"5\":1}", "logit_bias", LossRule.Dropped)]
    [InlineData("\"logprobs\":true", "logprobs", LossRule.Refused)]
    [InlineData("\"logprobs\":false", "logprobs", LossRule.Dropped)]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "modalities", LossRule.Refused)]
    [InlineData("\"modalities\":[\"text\"]", "modalities", LossRule.Dropped)]
    [InlineData("\"metadata\":{}", "metadata", LossRule.Dropped)]
    [InlineData("\"never_heard_of\":1", "never_heard_of", LossRule.Dropped)]
    public void A_field_without_a_place_is_kept_with_what_becomes_of_it(string field, string path, LossRule rule)
    {
        var foreign = Assert.Single(With(field).Foreign);

        Assert.Equal((path, rule), (foreign.Path, foreign.Rule));
    }

    [Fact]
    public void An_audio_answer_of_the_history_cannot_go_elsewhere() => Assert.Equal(
        new OpaquePart("messages[0].audio", JsonSliceOf("""{"id":"a1"}"""), LossRule.Refused, default),
        Messages("""{"role":"assistant","audio":{"id":"a1"}}""").Turns[0].Parts[0]);

    [Fact]
    public void Pitfall_069_An_empty_text_beside_calls_is_left_out() => Assert.IsType<ToolCallPart>(Assert.Single(
        Messages("""{"role":"assistant","content":"","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}""").Turns[0].Parts));

    private static readonly IEqualityComparer<CompletionRequest> Comparing = EqualityComparer<CompletionRequest>.Create(
        static (a, b) => a!.ToString() == b!.ToString(), static request => request.Model.Length);

    private static EscapedSlice Text(string text) => EscapedSlice.FromString(text);

    private static JsonSlice JsonSliceOf(string json) => JsonSlice.FromString(json);
}
