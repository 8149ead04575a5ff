using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Anthropic;

/// <summary>How a model is told not to think.</summary>
internal enum AnthropicThinkingOff
{
    /// <summary>By sending nothing.</summary>
    Omitted,

    /// <summary><c>{"type":"disabled"}</c>.</summary>
    Disabled,

    /// <summary><c>{"type":"between_tools"}</c>, the least it does.</summary>
    BetweenTools,

    /// <summary>Not at all.</summary>
    Never,
}

/// <summary>When a model lets a call be forced.</summary>
internal enum AnthropicForcedChoice
{
    /// <summary>Always.</summary>
    Yes,

    /// <summary>While it does not think.</summary>
    WithoutThinking,

    /// <summary>Never.</summary>
    No,
}

/// <summary>One row of the table of models (wire/anthropic-messages.md §2, §5): holds from this version of the family on.</summary>
/// <param name="Family">The word in the model's name.</param>
/// <param name="Major">Version before the dot.</param>
/// <param name="Minor">Version after the dot.</param>
/// <param name="MaxOutput">Largest <c>max_tokens</c>.</param>
internal sealed record AnthropicModel(string Family, int Major, int Minor, long MaxOutput)
{
    private const long DefaultMaxOutput = 32_000;
    private const long SmallestBudget = 1024;

    private TargetCapabilities? _capabilities;

    /// <summary>How thinking is controlled.</summary>
    public ReasoningControl Thinking { get; init; } = ReasoningControl.AdaptiveLevel;

    /// <summary>How thinking is switched off.</summary>
    public AnthropicThinkingOff Off { get; init; } = AnthropicThinkingOff.Disabled;

    /// <summary>True when it thinks unless told otherwise.</summary>
    public bool ThinksByDefault { get; init; }

    /// <summary>Efforts it takes.</summary>
    public IReadOnlyList<ReasoningLevel> Efforts { get; init; } = [];

    /// <summary>True when sampling parameters may be sent.</summary>
    public bool Sampling { get; init; }

    /// <summary>When a call may be forced.</summary>
    public AnthropicForcedChoice ForcedChoice { get; init; }

    /// <summary>True when the last turn may be the assistant's.</summary>
    public bool Prefill { get; init; }

    /// <summary>True when system turns may stand in the conversation.</summary>
    public bool MidSystem { get; init; }

    /// <summary>True when it guarantees JSON of a schema.</summary>
    public bool JsonSchema { get; init; }

    /// <summary>Longest name of a tool.</summary>
    public int MaxToolName { get; init; } = 128;

    /// <summary>What a request for this model may contain.</summary>
    public TargetCapabilities Capabilities => _capabilities ??= new TargetCapabilities
    {
        Conversation = new ConversationRules
        {
            MidSystem = MidSystem ? MidConversationSystem.KeepAfterUser : MidConversationSystem.WrapAsUserText,
            Prefill = Prefill ? AssistantPrefill.KeepTrimmed : AssistantPrefill.AppendUserTurn,
            FirstTurnIsUser = true,
            MergeNeighbours = true,
            DropEmptyText = true,
        },
        Tools = new ToolRules
        {
            MaxNameLength = MaxToolName,
            MaxIdLength = int.MaxValue,
            UniqueIds = true,
            Schema = SchemaFlavour.Anthropic,
            ForcedChoice = ForcedChoice != AnthropicForcedChoice.No,
            ForcedChoiceWithReasoning = ForcedChoice == AnthropicForcedChoice.Yes,
            ParallelSwitch = true,
            HistoryNeedsTools = true,
            MediaInResults = true,
            HostedKinds = [HostedToolKind.WebSearch],
        },
        Media = new MediaRules
        {
            ImageTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"],
            ImageUrls = true,
            Pdf = true,
            PdfUrls = true,
            TextDocuments = true,
        },
        Reasoning = new ReasoningRules
        {
            Control = Thinking,
            Levels = Efforts,
            MinBudget = SmallestBudget,
            BudgetBelowMaxOutput = true,
            CanTurnOff = Off != AnthropicThinkingOff.Never,
            OnByDefault = ThinksByDefault,
            Family = SignatureFamily.Claude,
            OpenLoopNeedsReasoning = Thinking == ReasoningControl.Budget,
        },
        Sampling = new SamplingRules
        {
            TemperatureAndTopP = Sampling,
            TopK = Sampling,
            MaxTemperature = 1,
            TemperatureExcludesTopP = Major >= 4,
            ReasoningRestricts = true,
            DefaultMaxOutputTokens = Math.Min(DefaultMaxOutput, MaxOutput),
            MaxOutputTokens = MaxOutput,
        },
        Output = new OutputRules
        {
            JsonObject = JsonOutput.Instructed,
            JsonSchema = JsonSchema ? JsonOutput.Native : JsonOutput.Instructed,
        },
    };
}
