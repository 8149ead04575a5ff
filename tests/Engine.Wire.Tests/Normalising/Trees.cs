using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using Engine.Wire.Normalising;

namespace Engine.Wire.Tests.Normalising;

/// <summary>Short ways to write requests and targets.</summary>
internal static class Trees
{
    /// <summary>A one-pixel PNG.</summary>
    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    /// <summary>The head of a JPEG.</summary>
    public const string Jpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/";

    /// <summary>The head of a PDF.</summary>
    public const string Pdf = "JVBERi0xLjQKJeLjz9MKMSAw";

    /// <summary>Like Anthropic's budget models.</summary>
    public static TargetCapabilities Claude => new()
    {
        Conversation = new ConversationRules
        {
            MidSystem = MidConversationSystem.WrapAsUserText,
            Prefill = AssistantPrefill.KeepTrimmed,
            FirstTurnIsUser = true,
            MergeNeighbours = true,
            DropEmptyText = true,
        },
        Tools = new ToolRules
        {
            MaxNameLength = 128,
            MaxIdLength = int.MaxValue,
            UniqueIds = true,
            Schema = SchemaFlavour.Anthropic,
            ForcedChoiceWithReasoning = false,
            ParallelSwitch = true,
            HistoryNeedsTools = true,
            MediaInResults = true,
        },
        Media = new MediaRules { ImageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"], ImageUrls = true, Pdf = true, PdfUrls = true, TextDocuments = true },
        Reasoning = new ReasoningRules
        {
            Control = ReasoningControl.Budget,
            MinBudget = 1024,
            BudgetBelowMaxOutput = true,
            Family = SignatureFamily.Claude,
            OpenLoopNeedsReasoning = true,
        },
        Sampling = new SamplingRules
        {
            MaxTemperature = 1,
            TemperatureExcludesTopP = true,
            ReasoningRestricts = true,
            TopK = true,
            DefaultMaxOutputTokens = 32_000,
            MaxOutputTokens = 64_000,
        },
        Output = new OutputRules { JsonObject = JsonOutput.Instructed },
    };

    /// <summary>Like Gemini 2.5.</summary>
    public static TargetCapabilities Gemini25 => new()
    {
        Conversation = new ConversationRules
        {
            MidSystem = MidConversationSystem.WrapAsUserText,
            FirstTurnIsUser = true,
            MergeNeighbours = true,
            ResultsStandAlone = true,
            DropEmptyText = true,
        },
        Tools = new ToolRules
        {
            ExtraNameCharacters = "-.",
            NameStartsWithLetter = true,
            MaxIdLength = 0,
            ResultsNeedName = true,
            Schema = SchemaFlavour.GeminiOpenApi,
            AllowedSet = true,
            HostedKinds = [HostedToolKind.WebSearch],
            HostedBesideFunctions = false,
        },
        Media = new MediaRules { ImageTypes = ["image/png", "image/jpeg", "image/webp"], Pdf = true, AudioTypes = ["audio/wav", "audio/mpeg"], Video = true, AssistantImages = true },
        Reasoning = new ReasoningRules { Control = ReasoningControl.Budget, MinBudget = 128, MaxBudget = 24_576, OnByDefault = true, Family = SignatureFamily.Gemini },
        Sampling = new SamplingRules { TopK = true, Seed = true, MaxStopSequences = 5, MaxCandidates = 8, BlankStopSequences = true },
        Output = new OutputRules { JsonObject = JsonOutput.NativeWithoutTools, JsonSchema = JsonOutput.NativeWithoutTools },
    };

    /// <summary>Like a compatible server with a Kimi or DeepSeek behind it.</summary>
    public static TargetCapabilities Kimi => new()
    {
        Conversation = new ConversationRules { MidSystem = MidConversationSystem.WrapAsUserText },
        Tools = new ToolRules { MaxIdLength = 40, ParallelSwitch = true, ForcedChoiceWithReasoning = false },
        Media = new MediaRules(),
        Reasoning = new ReasoningRules { Control = ReasoningControl.Level, Levels = [ReasoningLevel.Low, ReasoningLevel.High], OnByDefault = true, ReplaysPlainText = true },
        Sampling = new SamplingRules { TopK = true, Penalties = true, Seed = true, MaxStopSequences = 4, MaxCandidates = 128 },
        Output = new OutputRules { JsonSchema = JsonOutput.Instructed },
    };

    /// <summary>Like OpenAI's reasoning models on Chat Completions.</summary>
    public static TargetCapabilities Gpt => new()
    {
        Conversation = new ConversationRules(),
        Tools = new ToolRules { MaxIdLength = 40, AllowedSet = true, ParallelSwitch = true, Freeform = true },
        Media = new MediaRules { ImageTypes = ["image/png", "image/jpeg"], ImageUrls = true, Pdf = true, AudioTypes = ["audio/wav"] },
        Reasoning = new ReasoningRules { Control = ReasoningControl.Level, Levels = [ReasoningLevel.Low, ReasoningLevel.Medium, ReasoningLevel.High], OnByDefault = true },
        Sampling = new SamplingRules { OnlyWithoutReasoning = true, Penalties = false, Seed = true, MaxStopSequences = 0, MaxCandidates = 128 },
        Output = new OutputRules(),
    };

    public static CompletionRequest Request(params Turn[] turns) => new()
    {
        Model = "client-model",
        Turns = [.. turns.Select((turn, index) => turn with { Path = $"messages[{index}]" })],
    };

    public static CompletionRequest Asking() => Request(User("hi"));

    public static Turn User(params Part[] parts) => new(TurnRole.User, parts);

    public static Turn User(string text) => User(Text(text));

    public static Turn Assistant(params Part[] parts) => new(TurnRole.Assistant, parts);

    public static Turn Assistant(string text) => Assistant(Text(text));

    public static Turn SystemTurn(string text) => new(TurnRole.System, [Text(text)]);

    public static TextPart Text(string text) => new(EscapedSlice.FromString(text));

    public static ToolCallPart Call(string id, string name = "f", string arguments = "{}") => new(id, name, ToolArguments.FromObject(JsonSlice.FromString(arguments)));

    public static ToolResultPart Result(string id, string text = "ok", string name = "") => new(id, name, [Text(text)], IsError: false);

    public static ToolResultPart Result(string id, params Part[] content) => new(id, "", content, IsError: false);

    public static ReasoningPart Thought(string text, SignatureFamily? family = null) =>
        new(EscapedSlice.FromString(text), family is { } known ? new ReasoningSignature(known, EscapedSlice.FromString("blob")) : null);

    public static ImagePart Image(string base64 = Png, string type = "image/png") => new(new MediaSource.Inline(type, EscapedSlice.FromString(base64)));

    public static ImagePart ImageAt(string address) => new(new MediaSource.Url(EscapedSlice.FromString(address)));

    public static ToolDefinition Tool(string name, string schema = """{"type":"object","properties":{"x":{"type":"string"}}}""") =>
        new(name) { Schema = JsonSlice.FromString(schema), Description = EscapedSlice.FromString("does " + name), Path = "tools[" + name + "]" };

    public static CompletionRequest Apply(this CompletionRequest request, TargetCapabilities target, LossLedger? losses = null) =>
        request.Normalise(target, losses).Request;

    public static Normalised Normalise(this CompletionRequest request, TargetCapabilities target, LossLedger? losses = null) =>
        Normaliser.Apply(request, target, "target-model", losses ?? new LossLedger());

    public static IReadOnlyList<Loss> LossesOf(this CompletionRequest request, TargetCapabilities target)
    {
        var losses = new LossLedger();
        request.Normalise(target, losses);
        return losses.Losses;
    }

    /// <summary>The losses as <c>path:rule</c>, without those of limits that every target sets.</summary>
    public static string[] LossNames(this CompletionRequest request, TargetCapabilities target) =>
        [.. request.LossesOf(target).Select(loss => $"{loss.Path}:{loss.Rule}")];
}
