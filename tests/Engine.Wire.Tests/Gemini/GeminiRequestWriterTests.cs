using System.Text;
using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.Json;
using static Engine.Wire.Tests.Gemini.GeminiExchange;

namespace Engine.Wire.Tests.Gemini;

public class GeminiRequestWriterTests
{
    private const string Old = "gemini-2.5-flash";
    private const string New = "gemini-3.5-flash";

    private static readonly CompletionRequest Hello = new() { Model = "alias", Turns = [User(new TextPart(Slice("hi")))] };

    [Fact]
    public void A_plain_request()
    {
        var json = WriteRequest(Hello with { System = [new TextPart(Slice("A")), new TextPart(Slice("B\n"))] });

        Assert.Equal(
            """{"systemInstruction":{"parts":[{"text":"A"},{"text":"B\n"}]},"contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":{}}""",
            json);
    }

    [Theory]
    [InlineData(Operation.Generate, false, New, "v1beta/models/gemini-3.5-flash:generateContent")]
    [InlineData(Operation.Generate, true, New, "v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse")]
    [InlineData(Operation.CountTokens, true, New, "v1beta/models/gemini-3.5-flash:countTokens")]
    [InlineData(Operation.Generate, false, "models/x", "v1beta/models/x:generateContent")]
    [InlineData(Operation.Generate, false, "tunedModels/a b", "v1beta/tunedModels/a%20b:generateContent")]
    public void The_path_names_model_and_verb(Operation operation, bool stream, string model, string path)
    {
        using var written = GeminiDialect.Instance.WriteRequest(Hello with { Stream = stream }, model, operation, new LossLedger());

        Assert.Equal(path, written.Path);
        Assert.Equal(path, GeminiDialect.Instance.PathOf(operation, model, stream, streamAsJsonArray: false));
    }

    [Fact]
    public void Pass_through_keeps_the_array_mode() =>
        Assert.Equal("v1beta/models/x:streamGenerateContent", GeminiDialect.Instance.PathOf(Operation.Generate, "x", stream: true, streamAsJsonArray: true));

    [Fact]
    public void A_count_request_holds_the_whole_request() =>
        Assert.Equal(
            """{"generateContentRequest":{"model":"models/gemini-3.5-flash","contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":{}}}""",
            WriteRequest(Hello, operation: Operation.CountTokens));

    [Fact]
    public void The_generation_config()
    {
        var json = WriteRequest(Hello with
        {
            MaxOutputTokens = 100,
            Sampling = new Sampling { Temperature = 0.5, TopP = 1, TopK = 40, PresencePenalty = 0.25, FrequencyPenalty = -1, Seed = -1 },
            StopSequences = [Slice("x\"")],
            Candidates = 2,
            Format = new OutputFormat(OutputFormatKind.JsonSchema) { Schema = JsonSlice.FromString("{\"type\":\"object\"}") },
        });

        Assert.EndsWith(
            "\"generationConfig\":{\"maxOutputTokens\":100,\"temperature\":0.5,\"topP\":1,\"topK\":40,\"presencePenalty\":0.25,\"frequencyPenalty\":-1,\"seed\":2147483647,"
            + "\"candidateCount\":2,\"stopSequences\":[\"x\\\"\"],\"responseMimeType\":\"application/json\",\"responseJsonSchema\":{\"type\":\"object\"}}}",
            json,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Older_models_take_the_OpenAPI_subset()
    {
        var request = Hello with
        {
            Tools = [new ToolDefinition("f") { Schema = JsonSlice.FromString("{\"type\":\"object\"}") }],
            Format = new OutputFormat(OutputFormatKind.JsonSchema) { Schema = JsonSlice.FromString("{\"type\":\"object\"}") },
        };

        var older = WriteRequest(request, "gemini-2.0-flash");
        Assert.Contains("\"parameters\":{", older, StringComparison.Ordinal);
        Assert.Contains("\"responseSchema\":{", older, StringComparison.Ordinal);
        Assert.Contains("\"parametersJsonSchema\":{", WriteRequest(request, Old), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Old, ReasoningMode.Budget, 4096, "{\"thinkingBudget\":4096,\"includeThoughts\":true}")]
    [InlineData(Old, ReasoningMode.Off, 0, "{\"thinkingBudget\":0,\"includeThoughts\":true}")]
    [InlineData("gemini-2.5-pro", ReasoningMode.Off, 0, "{\"thinkingBudget\":128,\"includeThoughts\":true}")]
    [InlineData(Old, ReasoningMode.Dynamic, 0, "{\"thinkingBudget\":-1,\"includeThoughts\":true}")]
    [InlineData(New, ReasoningMode.Level, 0, "{\"thinkingLevel\":\"high\",\"includeThoughts\":true}")]
    [InlineData(New, ReasoningMode.Off, 0, "{\"thinkingLevel\":\"minimal\",\"includeThoughts\":true}")]
    [InlineData(New, ReasoningMode.Dynamic, 0, "{\"includeThoughts\":true}")]
    [InlineData(New, ReasoningMode.Default, 0, "{\"includeThoughts\":true}")]
    public void Pitfall_084_a_budget_or_a_level_and_never_both(string model, ReasoningMode mode, long budget, string config)
    {
        var request = Hello with { Reasoning = new ReasoningAsk(mode, ReasoningLevel.High, budget, ReasoningShow.Shown) };

        Assert.EndsWith($"\"generationConfig\":{{\"thinkingConfig\":{config}}}}}", WriteRequest(request, model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini-2.0-flash")]
    [InlineData("gemini-2.5-flash-image")]
    public void A_model_that_does_not_reason_is_told_nothing_about_it(string model) =>
        Assert.DoesNotContain("thinking", WriteRequest(Hello with { Reasoning = ReasoningAsk.OfLevel(ReasoningLevel.High, ReasoningShow.Shown) }, model), StringComparison.Ordinal);

    [Fact]
    public void Pitfall_065_results_of_a_batch_are_one_content_and_attachments_a_second()
    {
        var json = WriteRequest(Hello with
        {
            Turns =
            [
                User(new TextPart(Slice("q"))),
                Model(Call("f"), Call("g")),
                User(Result("f", "1"), Result("g", "2"), new TextPart(Slice("and"))),
            ],
        });

        Assert.Contains(
            "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{\"output\":\"1\"}}},{\"functionResponse\":{\"name\":\"g\",\"response\":{\"output\":\"2\"}}}]},"
            + "{\"role\":\"user\",\"parts\":[{\"text\":\"and\"}]}",
            json,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_066_parallel_calls_stay_in_one_content() =>
        Assert.Equal(2, Contents(WriteRequest(Hello with { Turns = [Model(Call("f"), Call("g"))] }))[0].GetProperty("parts").GetArrayLength());

    [Fact]
    public void Pitfall_076_077_the_sentinel_stands_on_the_first_unsigned_call_of_a_step_only()
    {
        var turns = new[]
        {
            Model(Call("f"), Call("g")),
            User(Result("f", "1"), Result("g", "2")),
            Model(Call("h") with { Signature = new ReasoningSignature(SignatureFamily.Gemini, Slice("S")) }, Call("i")),
        };

        var contents = Contents(WriteRequest(Hello with { Turns = turns }));
        Assert.Equal(["skip_thought_signature_validator", "none"], Signatures(contents[0]));
        Assert.Equal(["S", "none"], Signatures(contents[2]));

        Assert.Equal(["none", "none"], Signatures(Contents(WriteRequest(Hello with { Turns = turns }, Old))[0]));
        Assert.Equal(["S", "none"], Signatures(Contents(WriteRequest(Hello with { Turns = turns }, Old))[2]));
    }

    [Fact]
    public void Pitfall_076_a_carried_signature_goes_back_onto_the_call_after_it()
    {
        var carried = new ReasoningPart(Slice("plan"), new ReasoningSignature(SignatureFamily.Gemini, Slice("S")));
        var contents = Contents(WriteRequest(Hello with { Turns = [Model(carried, Call("f"), Call("g")), Model(carried, new TextPart(Slice("x")))] }));

        Assert.Equal(["S", "none"], Signatures(contents[0]));
        Assert.Equal("{\"role\":\"model\",\"parts\":[{\"text\":\"plan\",\"thought\":true,\"thoughtSignature\":\"S\"},{\"text\":\"x\"}]}", contents[1].GetRawText());
    }

    [Fact]
    public void Signatures_and_thoughts_of_other_families_are_left_out()
    {
        var foreign = new ReasoningSignature(SignatureFamily.Claude, Slice("C"));
        var json = WriteRequest(
            Hello with
            {
                Turns =
                [
                    Model(
                        new ReasoningPart(Slice("secret"), foreign), new RedactedReasoningPart(foreign), new ReasoningPart(Slice("plain"), null),
                        new TextPart(Slice("t")) { Signature = foreign }, Call("f") with { Signature = foreign }),
                ],
            },
            Old);

        Assert.Contains("\"parts\":[{\"text\":\"t\"},{\"functionCall\":{\"name\":\"f\",\"args\":{}}}]", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_on_text_and_images_go_back()
    {
        var own = new ReasoningSignature(SignatureFamily.Gemini, Slice("S"));
        var image = new ImagePart(new MediaSource.Inline("image/png", Slice("iVBO"))) { Signature = own };
        var json = WriteRequest(Hello with { Turns = [Model(new TextPart(Slice("t")) { Signature = own }, image)] });

        Assert.Contains("[{\"text\":\"t\",\"thoughtSignature\":\"S\"},{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"iVBO\"},\"thoughtSignature\":\"S\"}]", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_092_ids_are_never_sent()
    {
        Assert.Equal(0, GeminiDialect.Instance.CapabilitiesOf(New).Tools.MaxIdLength);
        Assert.DoesNotContain("\"id\"", WriteRequest(Hello with { Turns = [Model(Call("f")), User(Result("f", "1"))] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_095_096_images_and_PDFs_of_a_result_are_parts_and_no_text()
    {
        var result = new ToolResultPart("c", "f", [
            new TextPart(Slice("a")),
            new ImagePart(new MediaSource.Inline("image/png", Slice("iVBO"))),
            new TextPart(Slice("b")),
            new DocumentPart(new MediaSource.Inline("application/pdf", Slice("JVBE")))], false);

        Assert.Contains(
            "{\"functionResponse\":{\"name\":\"f\",\"response\":{\"output\":\"a\\nb\"},\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"iVBO\"}},"
            + "{\"inlineData\":{\"mimeType\":\"application/pdf\",\"data\":\"JVBE\"}}]}}",
            WriteRequest(Hello with { Turns = [User(result)] }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_result_is_an_error_and_an_empty_one_an_empty_output()
    {
        var json = WriteRequest(Hello with { Turns = [User(Result("f", "bad") with { IsError = true }, new ToolResultPart("c9", "", [], false))] });

        Assert.Contains("{\"name\":\"f\",\"response\":{\"error\":\"bad\"}}", json, StringComparison.Ordinal);
        Assert.Contains("{\"name\":\"c9\",\"response\":{\"output\":\"\"}}", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_097_addresses_become_file_data_and_stored_files_are_refused()
    {
        var losses = new LossLedger();
        var json = WriteRequest(
            Hello with
            {
                Turns =
                [
                    User(
                        new ImagePart(new MediaSource.Url(Slice("gs://b/a.png"), "image/png")) { Detail = ImageDetail.High },
                        new VideoPart(new MediaSource.Url(Slice("https://youtu.be/x"))),
                        new DocumentPart(new MediaSource.PlainText(Slice("h\u00e9\n"))),
                        new ImagePart(new MediaSource.Stored(Slice("file-1")))) with { Path = "messages[0]" },
                ],
            },
            losses: losses);

        Assert.Contains("{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"gs://b/a.png\"}},{\"fileData\":{\"fileUri\":\"https://youtu.be/x\"}}", json, StringComparison.Ordinal);
        Assert.Contains($"{{\"mimeType\":\"text/plain\",\"data\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes("h\u00e9\n"))}\"}}", json, StringComparison.Ordinal);
        Assert.Contains("\"mediaResolution\":\"MEDIA_RESOLUTION_HIGH\"", json, StringComparison.Ordinal);
        Assert.Equal(("messages[0]", LossRule.Refused), (losses.Losses[0].Path, losses.Losses[0].Rule));
    }

    [Fact]
    public void Arguments_of_history_are_objects_again()
    {
        var losses = new LossLedger();
        var json = WriteRequest(
            Hello with
            {
                Turns =
                [
                    Model(
                        new ToolCallPart("a", "f", ToolArguments.FromText(EscapedSlice.FromContent("{\\\"n\\\":1.0,\\\"t\\\":\\\"\\\\n\\\"}"u8.ToArray()))),
                        new ToolCallPart("b", "g", ToolArguments.FromText(Slice("not json")))),
                ],
            },
            Old,
            losses);

        Assert.Contains("{\"functionCall\":{\"name\":\"f\",\"args\":{\"n\":1.0,\"t\":\"\\n\"}}},{\"functionCall\":{\"name\":\"g\",\"args\":{}}}", json, StringComparison.Ordinal);
        Assert.Equal(LossRule.Reported, Assert.Single(losses.Losses).Rule);
    }

    [Theory]
    [InlineData(ToolChoiceMode.Default, "", "", "")]
    [InlineData(ToolChoiceMode.Auto, "", "", "{\"mode\":\"AUTO\"}")]
    [InlineData(ToolChoiceMode.None, "", "", "{\"mode\":\"NONE\"}")]
    [InlineData(ToolChoiceMode.Required, "", "", "{\"mode\":\"ANY\"}")]
    [InlineData(ToolChoiceMode.Required, "", "f g", "{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\",\"g\"]}")]
    [InlineData(ToolChoiceMode.Tool, "f", "", "{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}")]
    [InlineData(ToolChoiceMode.Auto, "", "f", "{\"mode\":\"VALIDATED\",\"allowedFunctionNames\":[\"f\"]}")]
    public void The_tool_choice(ToolChoiceMode mode, string name, string allowed, string config)
    {
        var json = WriteRequest(Hello with
        {
            Tools = [new ToolDefinition("f"), new ToolDefinition("g") { Description = Slice("does g") }],
            ToolChoice = new ToolChoice(mode, name, allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        });

        Assert.Contains("\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"description\":\"f\"},{\"name\":\"g\",\"description\":\"does g\"}]}]", json, StringComparison.Ordinal);
        Assert.Equal(config.Length > 0, json.Contains("toolConfig", StringComparison.Ordinal));
        Assert.Contains(config, json, StringComparison.Ordinal);
    }

    [Fact]
    public void Strict_functions_are_validated_and_a_choice_without_functions_is_not_written()
    {
        Assert.Contains("{\"mode\":\"VALIDATED\"}", WriteRequest(Hello with { Tools = [new ToolDefinition("f") { Strict = true }] }), StringComparison.Ordinal);
        Assert.DoesNotContain("toolConfig", WriteRequest(Hello with { ToolChoice = ToolChoice.Of(ToolChoiceMode.Required) }), StringComparison.Ordinal);
    }

    [Fact]
    public void Pitfall_090_091_hosted_tools_are_mapped_and_stand_beside_functions_on_generation_3_only()
    {
        var search = new ToolDefinition("web_search")
        {
            Hosted = JsonSlice.FromString("{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}"),
            HostedKind = HostedToolKind.WebSearch,
            HostedRule = LossRule.Reported,
            Path = "tools[0]",
        };
        var other = search with { Name = "computer", HostedKind = HostedToolKind.Other, HostedRule = LossRule.Refused, Path = "tools[2]" };
        var tools = new[] { search, new ToolDefinition("f"), other };

        var losses = new LossLedger();
        var json = WriteRequest(Hello with { Tools = tools }, losses: losses);
        Assert.Contains("{\"googleSearch\":{}}", json, StringComparison.Ordinal);
        Assert.Contains("\"includeServerSideToolInvocations\":true", json, StringComparison.Ordinal);
        Assert.DoesNotContain("web_search_20250305", json, StringComparison.Ordinal);
        Assert.Equal([("tools[2]", LossRule.Refused)], losses.Losses.Select(static loss => (loss.Path, loss.Rule)));

        losses = new LossLedger();
        Assert.DoesNotContain("googleSearch", WriteRequest(Hello with { Tools = tools }, Old, losses), StringComparison.Ordinal);
        Assert.Contains(("tools[0]", LossRule.Reported), losses.Losses.Select(static loss => (loss.Path, loss.Rule)));

        Assert.Contains("\"tools\":[{\"googleSearch\":{}}]", WriteRequest(Hello with { Tools = [search] }, Old), StringComparison.Ordinal);
    }

    [Fact]
    public void Opaque_parts_are_raw_when_they_are_Geminis_and_their_substitute_otherwise()
    {
        var losses = new LossLedger();
        var json = WriteRequest(
            Hello with
            {
                Turns =
                [
                    Model(
                        new OpaquePart("a", JsonSlice.FromString("{\"executableCode\":{\"code\":\"1\"}}"), LossRule.Emulated, Slice("x")),
                        new OpaquePart("b", JsonSlice.FromString("{\"type\":\"server_tool_use\"}"), LossRule.Emulated, Slice("[searched: q]"))),
                ],
            },
            losses: losses);

        Assert.Contains("[{\"executableCode\":{\"code\":\"1\"}},{\"text\":\"[searched: q]\"}]", json, StringComparison.Ordinal);
        Assert.Equal("b", Assert.Single(losses.Losses).Path);
    }

    [Fact]
    public void Large_leaves_are_linked_and_not_copied()
    {
        var data = new byte[100_000];
        Array.Fill(data, (byte)'A');
        var image = new ImagePart(new MediaSource.Inline("image/png", EscapedSlice.FromContent(data)));
        using var written = GeminiDialect.Instance.WriteRequest(Hello with { Turns = [User(image)] }, New, Operation.Generate, new LossLedger());

        Assert.Contains(written.Body.Segments, segment => segment.Equals(data.AsMemory()));
    }

    [Fact]
    public void A_request_reads_back_as_it_was_written()
    {
        const string Json = """
            {"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"q"},{"inlineData":{"mimeType":"image/png","data":"iVBO"}},{"fileData":{"mimeType":"application/pdf","fileUri":"gs://b/x"}}]},{"role":"model","parts":[{"text":"a","thoughtSignature":"T"},{"functionCall":{"name":"f","args":{"a": [1, 2.0]}},"thoughtSignature":"S"},{"functionCall":{"name":"g","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"1"}}},{"functionResponse":{"name":"g","response":{"error":"2"}}}]},{"role":"user","parts":[{"text":"go on"}]}],"tools":[{"functionDeclarations":[{"name":"f","description":"F","parametersJsonSchema":{"type":"object","properties":{"a":{"type":"array"}}}},{"name":"g","description":"G"}]},{"googleSearch":{}}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f","g"]},"includeServerSideToolInvocations":true},"generationConfig":{"maxOutputTokens":100,"temperature":0.5,"topP":0.9,"topK":40,"seed":7,"candidateCount":2,"stopSequences":["x"],"responseMimeType":"application/json","responseJsonSchema":{"type":"object"},"thinkingConfig":{"thinkingLevel":"high","includeThoughts":true},"mediaResolution":"MEDIA_RESOLUTION_LOW","imageConfig":{"aspectRatio":"1:1"}},"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}]}
            """;

        Assert.Equal(Json.Trim(), WriteRequest(ReadRequest(Json)));
    }

    private static Turn User(params Part[] parts) => new(TurnRole.User, parts);

    private static Turn Model(params Part[] parts) => new(TurnRole.Assistant, parts);

    private static ToolCallPart Call(string name) => new($"id-{name}", name, default);

    private static ToolResultPart Result(string name, string text) => new($"id-{name}", name, [new TextPart(Slice(text))], false);

    private static JsonElement[] Contents(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.Clone().GetProperty("contents").EnumerateArray()];
    }

    private static string[] Signatures(JsonElement content) =>
        [.. content.GetProperty("parts").EnumerateArray().Select(static part => part.TryGetProperty("thoughtSignature", out var signature) ? signature.GetString()! : "none")];
}
