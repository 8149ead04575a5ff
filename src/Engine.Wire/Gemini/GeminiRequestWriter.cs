using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Writes a normalised request (wire/gemini.md §1 to §4). Large leaves are linked into the rope, never copied.</summary>
internal static class GeminiRequestWriter
{
    // Fields that only Gemini knows: they come from a Gemini client whose request had to be rewritten, and go on as they were.
    private static readonly string[] OwnFields = ["safetySettings", "cachedContent", "labels", "modelArmorConfig", "continuationToken"];
    private const string OwnConfig = "generationConfig.";

    /// <summary>Writes the request.</summary>
    public static WrittenRequest Write(CompletionRequest request, string model, Operation operation, LossLedger losses)
    {
        var family = GeminiModels.Of(model);
        var rope = new BodyRope();
        var emitter = new JsonEmitter(rope);
        emitter.ObjectStart();
        if (operation == Operation.CountTokens)
        {
            emitter.ObjectStart("generateContentRequest"u8);
            emitter.Text("model"u8, GeminiPaths.ResourceOf(model));
        }

        WriteSystem(request, emitter);
        new GeminiContentWriter(emitter, family, losses).WriteContents(request.Turns);
        GeminiToolWriter.Write(request, family, emitter, losses);
        WriteConfig(request, family, emitter);
        foreach (var field in request.Foreign)
        {
            if (Array.IndexOf(OwnFields, field.Path) >= 0)
            {
                emitter.Name(EscapedText.FromContent(JsonStrings.Escape(field.Path)));
                emitter.Raw(field.Value);
            }
        }

        if (operation == Operation.CountTokens)
        {
            emitter.ObjectEnd();
        }

        emitter.ObjectEnd();
        return new WrittenRequest(GeminiPaths.Of(operation, model, request.Stream, streamAsJsonArray: false), rope);
    }

    private static void WriteSystem(CompletionRequest request, JsonEmitter emitter)
    {
        if (request.System.Count == 0)
        {
            return;
        }

        emitter.ObjectStart("systemInstruction"u8);
        emitter.ArrayStart("parts"u8);
        foreach (var text in request.System)
        {
            emitter.ObjectStart();
            emitter.Text("text"u8, text.Text);
            emitter.ObjectEnd();
        }

        emitter.ArrayEnd();
        emitter.ObjectEnd();
    }

    private static void WriteConfig(CompletionRequest request, GeminiModel family, JsonEmitter emitter)
    {
        var sampling = request.Sampling;
        emitter.ObjectStart("generationConfig"u8);
        Number("maxOutputTokens"u8, request.MaxOutputTokens);
        Real("temperature"u8, sampling.Temperature);
        Real("topP"u8, sampling.TopP);
        Number("topK"u8, sampling.TopK);
        Real("presencePenalty"u8, sampling.PresencePenalty);
        Real("frequencyPenalty"u8, sampling.FrequencyPenalty);
        Number("seed"u8, sampling.Seed & int.MaxValue);
        if (request.Candidates != 1)
        {
            emitter.Number("candidateCount"u8, request.Candidates);
        }

        WriteStops(request, emitter);
        WriteFormat(request.Format, family, emitter);
        WriteReasoning(request.Reasoning, family, emitter);
        WriteResolution(request, emitter);
        foreach (var field in request.Foreign)
        {
            if (field.Path.StartsWith(OwnConfig, StringComparison.Ordinal))
            {
                emitter.Name(EscapedText.FromContent(JsonStrings.Escape(field.Path[OwnConfig.Length..])));
                emitter.Raw(field.Value);
            }
        }

        emitter.ObjectEnd();

        void Number(ReadOnlySpan<byte> name, long? value)
        {
            if (value is { } number)
            {
                emitter.Number(name, number);
            }
        }

        void Real(ReadOnlySpan<byte> name, double? value)
        {
            if (value is { } number)
            {
                emitter.Number(name, number);
            }
        }
    }

    private static void WriteStops(CompletionRequest request, JsonEmitter emitter)
    {
        if (request.StopSequences.Count == 0)
        {
            return;
        }

        emitter.ArrayStart("stopSequences"u8);
        foreach (var stop in request.StopSequences)
        {
            emitter.Text(stop);
        }

        emitter.ArrayEnd();
    }

    private static void WriteFormat(OutputFormat format, GeminiModel family, JsonEmitter emitter)
    {
        if (format.Kind == OutputFormatKind.Text)
        {
            return;
        }

        emitter.Literal("responseMimeType"u8, "application/json"u8);
        if (format.Kind == OutputFormatKind.JsonSchema && format.Schema.IsPresent)
        {
            var asJsonSchema = family.Capabilities.Tools.Schema == SchemaFlavour.GeminiJsonSchema;
            emitter.Raw(asJsonSchema ? "responseJsonSchema"u8 : "responseSchema"u8, format.Schema);
        }
    }

    // One of budget and level, never both (wire/pitfalls.md 84).
    private static void WriteReasoning(ReasoningAsk ask, GeminiModel family, JsonEmitter emitter)
    {
        var rules = family.Capabilities.Reasoning;
        var shows = ask.Show == ReasoningShow.Shown;
        long? budget = (rules.Control, ask.Mode) switch
        {
            (ReasoningControl.Budget, ReasoningMode.Off) => rules.CanTurnOff ? 0 : rules.MinBudget,
            (ReasoningControl.Budget, ReasoningMode.Dynamic) => -1,
            (ReasoningControl.Budget, ReasoningMode.Budget) => ask.BudgetTokens,
            _ => null,
        };
        ReasoningLevel? level = (rules.Control, ask.Mode) switch
        {
            (ReasoningControl.Level, ReasoningMode.Off) => rules.Levels[0],
            (ReasoningControl.Level, ReasoningMode.Level) => ask.Level,
            _ => null,
        };
        if (rules.Control == ReasoningControl.None || (budget is null && level is null && !shows))
        {
            return;
        }

        emitter.ObjectStart("thinkingConfig"u8);
        if (budget is { } tokens)
        {
            emitter.Number("thinkingBudget"u8, tokens);
        }

        if (level is { } named)
        {
            emitter.Text("thinkingLevel"u8, named.ToString().ToLowerInvariant());
        }

        if (shows)
        {
            emitter.Boolean("includeThoughts"u8, true);
        }

        emitter.ObjectEnd();
    }

    // Gemini has one resolution for all images: the highest that any of them asks for.
    private static void WriteResolution(CompletionRequest request, JsonEmitter emitter)
    {
        var details = request.Turns.SelectMany(static turn => turn.Parts)
            .SelectMany(static part => part is ToolResultPart result ? result.Content : [part])
            .OfType<ImagePart>()
            .Select(static image => image.Detail)
            .ToHashSet();
        if (details.Contains(ImageDetail.High))
        {
            emitter.Literal("mediaResolution"u8, "MEDIA_RESOLUTION_HIGH"u8);
        }
        else if (details.SetEquals([ImageDetail.Low]))
        {
            emitter.Literal("mediaResolution"u8, "MEDIA_RESOLUTION_LOW"u8);
        }
    }
}
