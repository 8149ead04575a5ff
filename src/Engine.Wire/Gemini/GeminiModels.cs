using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Gemini;

/// <summary>A family of models and what it can express.</summary>
/// <param name="Prefix">How its names begin.</param>
/// <param name="Generation">1 to 4; Gemma counts as 2.</param>
/// <param name="Capabilities">What it can express.</param>
internal sealed record GeminiModel(string Prefix, int Generation, TargetCapabilities Capabilities)
{
    /// <summary>True when the first call of every model step must carry a signature (wire/gemini.md §4).</summary>
    public bool RequiresSignatures => Generation >= 3;
}

/// <summary>The models of wire/gemini.md §3, §4 and §8 as data. The first row whose prefix fits counts; unknown names get the newest.</summary>
internal static class GeminiModels
{
    private static readonly ReasoningLevel[] LowHigh = [ReasoningLevel.Low, ReasoningLevel.High];
    private static readonly ReasoningLevel[] LowToHigh = [ReasoningLevel.Low, ReasoningLevel.Medium, ReasoningLevel.High];
    private static readonly ReasoningLevel[] MinimalToHigh = [ReasoningLevel.Minimal, .. LowToHigh];
    private static readonly ReasoningLevel[] LowToXHigh = [.. LowToHigh, ReasoningLevel.XHigh];

    private static readonly GeminiModel Newest = new("", 4, Modern(4, Levels(LowToHigh)));

    private static readonly GeminiModel[] Rows =
    [
        new("gemma", 2, Gemma()),
        new("gemini-1.", 1, Older()),
        new("gemini-2.0", 2, Older()),
        new("gemini-2.5-flash-image", 2, Modern(2, NoReasoning())),
        new("gemini-2.5-flash-preview-tts", 2, Modern(2, NoReasoning())),
        new("gemini-2.5-pro-preview-tts", 2, Modern(2, NoReasoning())),
        new("gemini-2.5-flash-lite", 2, Modern(2, Budget(512, 24576, canTurnOff: true))),
        new("gemini-2.5-pro", 2, Modern(2, Budget(128, 32768, canTurnOff: false))),
        new("gemini-2.5", 2, Modern(2, Budget(1, 24576, canTurnOff: true))),
        new("gemini-3.1-flash-lite", 3, Modern(3, Levels(MinimalToHigh))),
        new("gemini-3.5-flash-lite", 3, Modern(3, Levels(MinimalToHigh))),
        new("gemini-3.1-pro", 3, Modern(3, Levels(LowToHigh))),
        new("gemini-3-pro", 3, Modern(3, Levels(LowHigh))),
        new("gemini-3.7-flash", 3, Modern(3, Levels(LowToHigh))),
        new("gemini-3.8-flash", 3, Modern(3, Levels(LowToHigh))),
        new("gemini-3", 3, Modern(3, Levels(MinimalToHigh))),
        new("gemini-4-hydrogen", 4, Modern(4, Levels(LowToXHigh))),
        new("gemini-4", 4, Modern(4, Levels(LowToHigh))),
    ];

    /// <summary>The row of a model, whatever resource path stands before its name.</summary>
    public static GeminiModel Of(string model)
    {
        var name = model.AsSpan(model.LastIndexOf('/') + 1);
        foreach (var row in Rows)
        {
            if (name.StartsWith(row.Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return row;
            }
        }

        return Newest;
    }

    private static TargetCapabilities Modern(int generation, ReasoningRules reasoning)
    {
        var third = generation >= 3;
        var json = third ? JsonOutput.Native : JsonOutput.NativeWithoutTools;
        return new TargetCapabilities
        {
            Conversation = Conversation() with { Prefill = third ? AssistantPrefill.AppendUserTurn : AssistantPrefill.Keep },
            Tools = Tools(SchemaFlavour.GeminiJsonSchema) with
            {
                ExtraNameCharacters = third ? "-.:" : "-.",
                AllowedSet = true,
                MediaInResults = third,
                HostedBesideFunctions = third,
            },
            Media = Media(),
            Reasoning = reasoning,
            Sampling = Sampling() with { MaxCandidates = third ? 1 : 8, MaxOutputTokens = 65536 },
            Output = new OutputRules { JsonObject = json, JsonSchema = json },
        };
    }

    private static TargetCapabilities Older() => new()
    {
        Conversation = Conversation(),
        Tools = Tools(SchemaFlavour.GeminiOpenApi),
        Media = Media(),
        Reasoning = NoReasoning(),
        Sampling = Sampling() with { Penalties = true, MaxCandidates = 8, MaxOutputTokens = 8192 },
        Output = new OutputRules { JsonObject = JsonOutput.NativeWithoutTools, JsonSchema = JsonOutput.NativeWithoutTools },
    };

    private static TargetCapabilities Gemma() => new()
    {
        Conversation = Conversation() with { SystemPrompt = false },
        Tools = Tools(SchemaFlavour.GeminiOpenApi) with { HostedKinds = [] },
        Media = Media() with { Pdf = false, TextDocuments = false, AudioTypes = [], Video = false },
        Reasoning = NoReasoning(),
        Sampling = Sampling() with { MaxOutputTokens = 32768 },
        Output = new OutputRules { JsonObject = JsonOutput.Instructed, JsonSchema = JsonOutput.Instructed },
    };

    private static ConversationRules Conversation() => new()
    {
        MidSystem = MidConversationSystem.WrapAsUserText,
        Prefill = AssistantPrefill.Keep,
        FirstTurnIsUser = true,
        MergeNeighbours = true,
        ResultsStandAlone = true,
        DropEmptyText = true,
    };

    // Ids are never sent: Vertex refuses them, and the results of a batch stand in the order of its calls (wire/mapping.md §2.6).
    private static ToolRules Tools(SchemaFlavour schema) => new()
    {
        MaxNameLength = 64,
        ExtraNameCharacters = "-.",
        NameStartsWithLetter = true,
        MaxIdLength = 0,
        ResultsNeedName = true,
        Schema = schema,
        HostedKinds = [HostedToolKind.WebSearch, HostedToolKind.FetchUrl, HostedToolKind.CodeExecution],
        HostedBesideFunctions = false,
    };

    private static MediaRules Media() => new()
    {
        ImageTypes = ["image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"],
        Pdf = true,
        TextDocuments = true,
        AudioTypes = ["audio/wav", "audio/mpeg", "audio/mp3", "audio/aiff", "audio/aac", "audio/ogg", "audio/flac"],
        Video = true,
        AssistantImages = true,
    };

    private static SamplingRules Sampling() => new() { TopK = true, Seed = true, MaxStopSequences = 5 };

    private static ReasoningRules NoReasoning() => new() { Control = ReasoningControl.None, Family = SignatureFamily.Gemini };

    private static ReasoningRules Budget(long minimum, long maximum, bool canTurnOff) => new()
    {
        Control = ReasoningControl.Budget,
        MinBudget = minimum,
        MaxBudget = maximum,
        CanTurnOff = canTurnOff,
        OnByDefault = true,
        Family = SignatureFamily.Gemini,
    };

    private static ReasoningRules Levels(IReadOnlyList<ReasoningLevel> levels) => new()
    {
        Control = ReasoningControl.Level,
        Levels = levels,
        CanTurnOff = false,
        OnByDefault = true,
        Family = SignatureFamily.Gemini,
    };
}
