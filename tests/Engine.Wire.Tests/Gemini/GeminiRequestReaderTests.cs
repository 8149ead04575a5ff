using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.Json;
using static Engine.Wire.Tests.Gemini.GeminiExchange;

namespace Engine.Wire.Tests.Gemini;

public class GeminiRequestReaderTests
{
    private const string Hello = "\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]";

    [Theory]
    [InlineData("""{"systemInstruction":{"role":"user","parts":[{"text":"A"},{"text":"B"}]},"contents":[{"role":"user","parts":[{"text":"hi"}]},{"role":"model","parts":[{"text":"yo"}]}]}""")]
    [InlineData("""{"system_instruction":[{"text":"A"},{"text":"B"}],"contents":[{"parts":{"text":"hi"}},{"role":"model","parts":[{"text":"y"},{"text":"o"}]}]}""")]
    public void Contents_and_system_in_either_spelling(string json)
    {
        var request = ReadRequest(json, model: "models/gemini-3.5-flash", stream: true);

        Assert.Equal("gemini-3.5-flash", request.Model);
        Assert.True(request.Stream);
        Assert.Equal(["A", "B"], request.System.Select(static text => text.Text.Decode()));
        Assert.Equal([TurnRole.User, TurnRole.Assistant], request.Turns.Select(static turn => turn.Role));
        Assert.Equal("yo", Assert.IsType<TextPart>(Assert.Single(request.Turns[1].Parts)).Text.Decode());
        Assert.Equal("contents[1]", request.Turns[1].Path);
    }

    [Fact]
    public void A_system_instruction_may_be_a_plain_string() =>
        Assert.Equal("A", ReadRequest($$$$"""{"systemInstruction":"A",{{{{Hello}}}}}""").System[0].Text.Decode());

    [Fact]
    public void Streamed_chunks_kept_as_contents_become_one_turn_again()
    {
        var carrier = Convert.ToBase64String(SignatureCarrier.Encode(SignatureFamily.Claude, "m", EscapedText.FromContent("sig"u8)));
        var request = ReadRequest($$$$"""
            {"contents":[
             {"role":"user","parts":[{"text":"q"}]},
             {"role":"model","parts":[{"text":"pl","thought":true}]},
             {"role":"model","parts":[{"text":"an","thought":true}]},
             {"role":"model","parts":[{"text":"","thought":true,"thoughtSignature":"{{{{carrier}}}}"}]},
             {"role":"model","parts":[{"text":"He"}]},
             {"role":"model","parts":[{"text":"llo"}]},
             {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a": 1.0}}}]},
             {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"ok"}}}]}]}
            """);

        Assert.Equal(3, request.Turns.Count);
        var parts = request.Turns[1].Parts;
        Assert.Equal(3, parts.Count);
        var reasoning = Assert.IsType<ReasoningPart>(parts[0]);
        Assert.Equal("plan", reasoning.Text.Decode());
        Assert.Equal((SignatureFamily.Claude, "sig", "m"), (reasoning.Signature!.Family, reasoning.Signature.Blob.Decode(), reasoning.Signature.Model));
        Assert.Equal("Hello", Assert.IsType<TextPart>(parts[1]).Text.Decode());
        Assert.Equal("{\"a\": 1.0}", Assert.IsType<ToolCallPart>(parts[2]).Arguments.Object.ToString());
    }

    [Fact]
    public void Native_signatures_stay_on_their_parts_and_keep_them_apart()
    {
        var parts = ReadRequest("""{"contents":[{"role":"model","parts":[{"text":"a"},{"text":"b","thoughtSignature":"S"},{"text":"c"},{"functionCall":{"id":"x","name":"f"},"thought_signature":"T"},{"functionCall":{"name":"g"},"thoughtSignature":"skip_thought_signature_validator"},{"thoughtSignature":"U"}]}]}""").Turns[0].Parts;

        Assert.Equal(6, parts.Count);
        Assert.Equal(("b", "S"), (((TextPart)parts[1]).Text.Decode(), ((TextPart)parts[1]).Signature!.Blob.Decode()));
        Assert.Null(((TextPart)parts[2]).Signature);
        Assert.Equal(("x", SignatureFamily.Gemini), (((ToolCallPart)parts[3]).Id, ((ToolCallPart)parts[3]).Signature!.Family));
        Assert.Equal(("", null), (((ToolCallPart)parts[4]).Id, ((ToolCallPart)parts[4]).Signature));
        Assert.Equal("U", ((TextPart)parts[5]).Signature!.Blob.Decode());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Redacted_reasoning_comes_back_whichever_alphabet_the_client_uses(bool urlSafe)
    {
        var events = Events(Write("redacted#0 Claude \"E+/=ÿ>?\"\nfinish Stop \"\" \"\" \"\"\nend"));
        using var document = System.Text.Json.JsonDocument.Parse(events[0]);
        var part = document.RootElement.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetRawText();
        var sent = urlSafe ? part.Replace('+', '-').Replace('/', '_').Replace("=", "", StringComparison.Ordinal) : part.Replace("/", "\\/", StringComparison.Ordinal);

        var redacted = Assert.IsType<RedactedReasoningPart>(Assert.Single(ReadRequest($$$$"""{"contents":[{"role":"model","parts":[{{{{sent}}}}]}]}""").Turns[0].Parts));

        Assert.Equal((SignatureFamily.Claude, "E+/=ÿ>?", "claude-opus-4-6"), (redacted.Signature.Family, redacted.Signature.Blob.Decode(), redacted.Signature.Model));
    }

    [Fact]
    public void Media_are_told_apart_by_their_type()
    {
        var parts = ReadRequest("""
            {"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"},"contents":[{"parts":[
             {"inlineData":{"mimeType":"image/PNG","data":"iVBO\/w"}},
             {"inline_data":{"mime_type":"application/pdf","data":"JVBE","displayName":"a.pdf"}},
             {"inlineData":{"mimeType":"text/plain","data":"aGk"}},
             {"inlineData":{"mimeType":"audio/wav","data":"UklG"}},
             {"inlineData":{"mimeType":"video/mp4","data":"AAAA"},"mediaResolution":{"level":"MEDIA_RESOLUTION_HIGH"}},
             {"fileData":{"fileUri":"https://www.youtube.com/watch?v=x"}},
             {"fileData":{"fileUri":"gs://bucket/a.jpg"},"mediaResolution":{"level":"MEDIA_RESOLUTION_HIGH"}},
             {"file_data":{"file_uri":"https://x.example/files/1","mime_type":"application/pdf"}}]}]}
            """).Turns[0].Parts;

        var image = Assert.IsType<ImagePart>(parts[0]);
        Assert.Equal(ImageDetail.Low, image.Detail);
        Assert.Equal(("image/png", "iVBO/w"), (((MediaSource.Inline)image.Source).MimeType, ((MediaSource.Inline)image.Source).Data.Decode()));
        Assert.Equal("a.pdf", Assert.IsType<DocumentPart>(parts[1]).Name.Decode());
        Assert.IsType<DocumentPart>(parts[2]);
        Assert.IsType<AudioPart>(parts[3]);
        Assert.IsType<VideoPart>(parts[4]);
        Assert.IsType<VideoPart>(parts[5]);
        Assert.Equal(ImageDetail.High, Assert.IsType<ImagePart>(parts[6]).Detail);
        Assert.Equal("application/pdf", ((MediaSource.Url)Assert.IsType<DocumentPart>(parts[7]).Source).MimeType);
    }

    [Theory]
    [InlineData("""{"output":"plain \"text\""}""", "plain \"text\"", false)]
    [InlineData("""{"error":"it broke"}""", "it broke", true)]
    [InlineData("""{"error":{"code": 5}}""", "{\"code\": 5}", true)]
    [InlineData("""{"output":{"a": 1}}""", "{\"a\": 1}", false)]
    [InlineData("""{"output":1,"b":2}""", "{\"output\":1,\"b\":2}", false)]
    [InlineData("""{"result":"x","error":null}""", "{\"result\":\"x\",\"error\":null}", false)]
    [InlineData("""{"output":""}""", "", false)]
    public void A_function_response_is_text_or_an_error(string response, string text, bool failed)
    {
        var result = Assert.IsType<ToolResultPart>(ReadRequest($$$$"""{"contents":[{"role":"function","parts":[{"functionResponse":{"id":"c1","name":"f","response":{{{{response}}}}}}]}]}""").Turns[0].Parts[0]);

        Assert.Equal(("c1", "f", failed), (result.CallId, result.Name, result.IsError));
        Assert.Equal(text, Assert.IsType<TextPart>(Assert.Single(result.Content)).Text.Decode());
    }

    [Fact]
    public void Pitfall_095_images_in_results_are_kept_also_when_they_were_stringified()
    {
        var parts = ReadRequest("""
            {"contents":[{"parts":[
             {"functionResponse":{"name":"f","response":{"output":"see"},"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBO"}}]}},
             {"functionResponse":{"name":"g","response":{"output":"[{\"type\":\"input_text\",\"text\":\"t\"},{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,iVBO\"}]"}}}]}]}
            """).Turns[0].Parts;

        Assert.IsType<ImagePart>(((ToolResultPart)parts[0]).Content[1]);
        var unwrapped = ((ToolResultPart)parts[1]).Content;
        Assert.Equal("t", Assert.IsType<TextPart>(unwrapped[0]).Text.Decode());
        Assert.Equal(new MediaSource.Inline("image/png", Slice("iVBO")), Assert.IsType<ImagePart>(unwrapped[1]).Source);
    }

    [Fact]
    public void Hosted_parts_are_opaque_with_a_substitute_for_code()
    {
        var parts = ReadRequest("""{"contents":[{"role":"model","parts":[{"executableCode":{"language":"PYTHON","code":"print(1)"}},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}},{"toolCall":{"toolType":"GOOGLE_SEARCH_WEB","args":{}}}]}]}""").Turns[0].Parts;

        Assert.Equal("```python\nprint(1)\n```", ((OpaquePart)parts[0]).Substitute.Decode());
        Assert.Equal((LossRule.Emulated, "```\n1\n```"), (((OpaquePart)parts[1]).Rule, ((OpaquePart)parts[1]).Substitute.Decode()));
        Assert.Equal((LossRule.Reported, "contents[0].parts[2].toolCall"), (((OpaquePart)parts[2]).Rule, ((OpaquePart)parts[2]).Path));
    }

    [Fact]
    public void Tools_are_functions_and_hosted_ones()
    {
        var request = ReadRequest($$$$"""
            {{{{{Hello}}}},"tools":[{"functionDeclarations":[
              {"name":"f","description":"does","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true} } } },
              {"name":"g","parametersJsonSchema":{"type":"object","properties":{}}},{"name":"h"}],"googleSearch":{}},{"urlContext":{}},{"code_execution":{}},{"computerUse":{"environment":"ENVIRONMENT_BROWSER"} }]}
            """);

        Assert.Equal(["f", "g", "h", "googleSearch", "urlContext", "codeExecution", "computerUse"], request.Tools.Select(static tool => tool.Name));
        Assert.Equal("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\",\"null\"]}}}", request.Tools[0].Schema.ToString());
        Assert.Equal("{\"type\":\"object\",\"properties\":{}}", request.Tools[1].Schema.ToString());
        Assert.False(request.Tools[2].Schema.IsPresent);
        Assert.Equal(
            [HostedToolKind.WebSearch, HostedToolKind.FetchUrl, HostedToolKind.CodeExecution, HostedToolKind.Other],
            request.Tools.Skip(3).Select(static tool => tool.HostedKind));
        Assert.Equal([LossRule.Reported, LossRule.Reported, LossRule.Reported, LossRule.Refused], request.Tools.Skip(3).Select(static tool => tool.HostedRule));
        Assert.Equal(("tools[0].googleSearch", "{\"googleSearch\":{}}"), (request.Tools[3].Path, request.Tools[3].Hosted.ToString()));
    }

    [Theory]
    [InlineData("""{"mode":"AUTO"}""", ToolChoiceMode.Auto, "", "")]
    [InlineData("""{"mode":"none"}""", ToolChoiceMode.None, "", "")]
    [InlineData("""{"mode":"ANY"}""", ToolChoiceMode.Required, "", "")]
    [InlineData("""{"mode":"ANY","allowedFunctionNames":["f"]}""", ToolChoiceMode.Tool, "f", "")]
    [InlineData("""{"mode":"ANY","allowed_function_names":["f","g"]}""", ToolChoiceMode.Required, "", "f g")]
    [InlineData("""{"mode":"VALIDATED","allowedFunctionNames":["f","g"]}""", ToolChoiceMode.Auto, "", "f g")]
    [InlineData("""{"mode":"MODE_UNSPECIFIED"}""", ToolChoiceMode.Default, "", "")]
    public void The_tool_choice(string config, ToolChoiceMode mode, string name, string allowed)
    {
        var choice = ReadRequest($$$$"""{{{{{Hello}}}},"toolConfig":{"functionCallingConfig":{{{{config}}}}}}""").ToolChoice;

        Assert.Equal((mode, name, allowed), (choice.Mode, choice.Name, string.Join(' ', choice.Allowed)));
    }

    [Fact]
    public void The_generation_config()
    {
        var request = ReadRequest($$$$"""
            {{{{{Hello}}}},"generation_config":{"temperature":0.5,"topP":"0.9","top_k":40,"maxOutputTokens":100,"stopSequences":["a","b"],"presencePenalty":1,
             "frequencyPenalty":-1,"seed":7,"responseMimeType":"application/json","responseSchema":{"type":"ARRAY","items":{"type":"INTEGER"},"minItems":"2"},
             "candidateCount":2,"responseModalities":["TEXT"],"speechConfig":{},"responseLogprobs":true}}
            """);

        Assert.Equal(new Sampling { Temperature = 0.5, TopP = 0.9, TopK = 40, PresencePenalty = 1, FrequencyPenalty = -1, Seed = 7 }, request.Sampling);
        Assert.Equal((100, 2), (request.MaxOutputTokens, request.Candidates));
        Assert.Equal(["a", "b"], request.StopSequences.Select(static stop => stop.Decode()));
        Assert.Equal(OutputFormatKind.JsonSchema, request.Format.Kind);
        Assert.Equal("{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2}", request.Format.Schema.ToString());
        Assert.Equal(
            [("generationConfig.responseModalities", LossRule.Dropped), ("generationConfig.speechConfig", LossRule.Reported), ("generationConfig.responseLogprobs", LossRule.Refused)],
            request.Foreign.Select(static field => (field.Path, field.Rule)));
    }

    [Theory]
    [InlineData("""{"thinkingBudget":0}""", ReasoningMode.Off, ReasoningLevel.None, 0, ReasoningShow.Hidden)]
    [InlineData("""{"thinking_budget":-1,"include_thoughts":true}""", ReasoningMode.Dynamic, ReasoningLevel.None, 0, ReasoningShow.Shown)]
    [InlineData("""{"thinkingBudget":4096,"includeThoughts":true}""", ReasoningMode.Budget, ReasoningLevel.None, 4096, ReasoningShow.Shown)]
    [InlineData("""{"thinkingLevel":"LOW"}""", ReasoningMode.Level, ReasoningLevel.Low, 0, ReasoningShow.Hidden)]
    [InlineData("""{"thinkingLevel":"xhigh"}""", ReasoningMode.Level, ReasoningLevel.XHigh, 0, ReasoningShow.Hidden)]
    [InlineData("""{"includeThoughts":true}""", ReasoningMode.Default, ReasoningLevel.None, 0, ReasoningShow.Shown)]
    public void The_thinking_config(string config, ReasoningMode mode, ReasoningLevel level, long budget, ReasoningShow show) =>
        Assert.Equal(new ReasoningAsk(mode, level, budget, show), ReadRequest($$$$"""{{{{{Hello}}}},"generationConfig":{"thinkingConfig":{{{{config}}}}}}""").Reasoning);

    [Fact]
    public void Nothing_said_about_thinking_stays_unsaid() => Assert.Equal(ReasoningAsk.Default, ReadRequest($"{{{Hello}}}").Reasoning);

    [Fact]
    public void Fields_without_a_place_are_foreign_with_a_rule()
    {
        var request = ReadRequest($$$"""{{{{Hello}}},"safetySettings":[],"cachedContent":"cachedContents/x","labels":{"a":"b"},"toolConfig":{"retrievalConfig":{}},"anything":1,"model":"models/x"}""");

        Assert.Equal(
            [
                ("safetySettings", LossRule.Dropped), ("cachedContent", LossRule.Refused), ("labels", LossRule.Dropped),
                ("toolConfig.retrievalConfig", LossRule.Dropped), ("anything", LossRule.Dropped),
            ],
            request.Foreign.Select(static field => (field.Path, field.Rule)));
    }

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"text":"hi"}]}]}""")]
    [InlineData("""{"generateContentRequest":{"model":"models/x","contents":[{"parts":[{"text":"hi"}]}]}}""")]
    [InlineData("""{"generate_content_request":{"contents":[{"parts":[{"text":"hi"}]}]}}""")]
    public void Both_forms_of_a_count_request_are_read(string json)
    {
        var request = ReadRequest(json, Operation.CountTokens);

        Assert.Equal("hi", ((TextPart)request.Turns[0].Parts[0]).Text.Decode());
        Assert.False(request.Stream);
    }

    [Theory]
    [InlineData("""{"contents":[]}""", "contents")]
    [InlineData("""{}""", "contents")]
    [InlineData("""{"contents":"hi"}""", "contents")]
    [InlineData("""{"contents":["hi"]}""", "contents[0]")]
    [InlineData("""{"contents":[{"role":"assistant","parts":[]}]}""", "contents[0].role")]
    [InlineData("""{"contents":[{"parts":[{"text":1}]}]}""", "contents[0].parts[0].text")]
    [InlineData("""{"contents":[{"parts":[{"foo":1}]}]}""", "contents[0].parts[0]")]
    [InlineData("""{"contents":[{},{},{"parts":[{"inlineData":{"mimeType":"image/png","data":1}}]}]}""", "contents[2].parts[0].inlineData.data")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"data":"x"}}]}]}""", "contents[0].parts[0].inlineData.mimeType")]
    [InlineData("""{"contents":[{"parts":[{"fileData":{}}]}]}""", "contents[0].parts[0].fileData.fileUri")]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{"args":{}}}]}]}""", "contents[0].parts[0].functionCall.name")]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{"name":"f","args":"{}"}}]}]}""", "contents[0].parts[0].functionCall.args")]
    [InlineData("""{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"temperature":"hot"}}""", "generationConfig.temperature")]
    [InlineData("""{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"maxOutputTokens":0}}""", "generationConfig.maxOutputTokens")]
    [InlineData("""{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"topK":1.5}}""", "generationConfig.topK")]
    [InlineData("""{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"thinkingConfig":{"thinkingLevel":"huge"}}}""", "generationConfig.thinkingConfig.thinkingLevel")]
    [InlineData("""{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"thinkingConfig":{"thinkingLevel":"low","thinkingBudget":1}}}""", "generationConfig.thinkingConfig")]
    [InlineData("""{"contents":[{"parts":[{"text":"a"}]}],"tools":[{"functionDeclarations":[{"description":"x"}]}]}""", "tools[0].functionDeclarations[0].name")]
    [InlineData("""{"contents":[{"parts":[{"text":"a"}]}],"toolConfig":{"functionCallingConfig":{"mode":"MAYBE"}}}""", "toolConfig.functionCallingConfig.mode")]
    public void What_does_not_fit_is_rejected_by_its_path(string json, string path)
    {
        var rejection = Assert.Throws<RequestRejectedException>(() => ReadRequest(json)).Rejection;

        Assert.Equal((ErrorKind.Invalid, path), (rejection.Kind, rejection.Param));
        Assert.StartsWith(path, rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_109_a_candidate_count_of_zero_is_rejected_and_another_is_kept()
    {
        Assert.Throws<RequestRejectedException>(() => ReadRequest($$$$"""{{{{{Hello}}}},"generationConfig":{"candidateCount":0}}"""));
        Assert.Equal(3, ReadRequest($$$$"""{{{{{Hello}}}},"generationConfig":{"candidateCount":3}}""").Candidates);
    }

    [Fact]
    public void The_head_comes_from_the_path()
    {
        var request = new ClientRequest { Body = "{}"u8.ToArray(), PathModel = "models/tunedModels/a/b", PathStream = true };

        Assert.Equal(new RequestHead("tunedModels/a/b", true), GeminiDialect.Instance.ReadHead(request));
    }

    [Theory]
    [InlineData("[]", "gemini")]
    [InlineData("{", "gemini")]
    [InlineData("{}", "")]
    [InlineData("{}", "models/")]
    public void A_head_needs_an_object_and_a_model(string body, string model) =>
        Assert.Throws<RequestRejectedException>(() => GeminiDialect.Instance.ReadHead(new ClientRequest { Body = Encoding.UTF8.GetBytes(body), PathModel = model }));
}
