using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;

namespace Engine.Wire.Dialects;

/// <summary>
/// What one model of one dialect can express. Data only: the passes of <c>Normalising/</c> read it and never ask which dialect
/// it is. Each dialect folder holds its table of models.
/// </summary>
public sealed record TargetCapabilities
{
    /// <summary>Rules of the conversation's shape.</summary>
    public required ConversationRules Conversation { get; init; }

    /// <summary>Rules of tools.</summary>
    public required ToolRules Tools { get; init; }

    /// <summary>Media it takes.</summary>
    public required MediaRules Media { get; init; }

    /// <summary>How reasoning is controlled and replayed.</summary>
    public required ReasoningRules Reasoning { get; init; }

    /// <summary>Sampling parameters it takes.</summary>
    public required SamplingRules Sampling { get; init; }

    /// <summary>Forms of output it guarantees.</summary>
    public required OutputRules Output { get; init; }

    /// <summary>
    /// The same target for a request whose signatures come from another account family: all of them are dropped, and what
    /// depends on them is made valid without (wire/mapping.md §3.5 "Restore rules").
    /// </summary>
    public TargetCapabilities WithoutSignatures() => this with { Reasoning = Reasoning with { AcceptsForeignAccountSignatures = false } };
}

/// <summary>What becomes of a system text in the middle of a conversation (wire/mapping.md §1.1).</summary>
public enum MidConversationSystem
{
    /// <summary>Stays where it is.</summary>
    Keep,

    /// <summary>Stays, but only directly after a user turn.</summary>
    KeepAfterUser,

    /// <summary>Becomes wrapped user text in place.</summary>
    WrapAsUserText,
}

/// <summary>What becomes of a final assistant turn (wire/mapping.md §1.2 step 7).</summary>
public enum AssistantPrefill
{
    /// <summary>Plain history.</summary>
    Keep,

    /// <summary>Kept, trailing white space trimmed.</summary>
    KeepTrimmed,

    /// <summary>A user turn is appended.</summary>
    AppendUserTurn,
}

/// <summary>Rules of the conversation's shape.</summary>
public sealed record ConversationRules
{
    /// <summary>System texts in the middle.</summary>
    public MidConversationSystem MidSystem { get; init; }

    /// <summary>The final assistant turn.</summary>
    public AssistantPrefill Prefill { get; init; }

    /// <summary>False when system texts must become user text (Gemma).</summary>
    public bool SystemPrompt { get; init; } = true;

    /// <summary>True when the first turn must be the user's.</summary>
    public bool FirstTurnIsUser { get; init; }

    /// <summary>True when neighbours of the same role are merged.</summary>
    public bool MergeNeighbours { get; init; }

    /// <summary>True when results and attachments of one batch must not share a turn (Gemini).</summary>
    public bool ResultsStandAlone { get; init; }

    /// <summary>True when empty texts are refused.</summary>
    public bool DropEmptyText { get; init; }
}

/// <summary>How schemas must be cleaned (wire/mapping.md §2.3).</summary>
public enum SchemaFlavour
{
    /// <summary>Root object with properties; the rest passes.</summary>
    OpenAi,

    /// <summary>Root object without root combinators.</summary>
    Anthropic,

    /// <summary>Gemini <c>parametersJsonSchema</c>.</summary>
    GeminiJsonSchema,

    /// <summary>Gemini <c>parameters</c>: the OpenAPI subset.</summary>
    GeminiOpenApi,
}

/// <summary>Rules of tools.</summary>
public sealed record ToolRules
{
    /// <summary>Longest name.</summary>
    public int MaxNameLength { get; init; } = 64;

    /// <summary>Characters a name may have beside letters, digits and <c>_</c>.</summary>
    public string ExtraNameCharacters { get; init; } = "-";

    /// <summary>True when a name must start with a letter or <c>_</c>.</summary>
    public bool NameStartsWithLetter { get; init; }

    /// <summary>Longest call id; 0 when ids are not sent at all.</summary>
    public int MaxIdLength { get; init; } = 64;

    /// <summary>True when a call's id must be unique in the conversation.</summary>
    public bool UniqueIds { get; init; }

    /// <summary>True when results must name their tool.</summary>
    public bool ResultsNeedName { get; init; }

    /// <summary>How schemas are cleaned.</summary>
    public SchemaFlavour Schema { get; init; }

    /// <summary>True when a call can be forced.</summary>
    public bool ForcedChoice { get; init; } = true;

    /// <summary>True when a call can be forced while the model reasons.</summary>
    public bool ForcedChoiceWithReasoning { get; init; } = true;

    /// <summary>True when a set of allowed tools can be named.</summary>
    public bool AllowedSet { get; init; }

    /// <summary>True when parallel calls can be switched off.</summary>
    public bool ParallelSwitch { get; init; }

    /// <summary>True when history with calls needs tools declared.</summary>
    public bool HistoryNeedsTools { get; init; }

    /// <summary>True when results may hold images and documents.</summary>
    public bool MediaInResults { get; init; }

    /// <summary>True for freeform tools.</summary>
    public bool Freeform { get; init; }

    /// <summary>Hosted tools that the dialect's writer can render from another dialect's; the others are dropped or refused.</summary>
    public IReadOnlyList<HostedToolKind> HostedKinds { get; init; } = [];

    /// <summary>False when hosted tools and functions exclude each other (Gemini 2.x); the functions are kept.</summary>
    public bool HostedBesideFunctions { get; init; } = true;
}

/// <summary>Media a model takes; MIME types in lower case.</summary>
public sealed record MediaRules
{
    /// <summary>Image types; empty when it sees none.</summary>
    public IReadOnlyList<string> ImageTypes { get; init; } = [];

    /// <summary>True when images may be addresses.</summary>
    public bool ImageUrls { get; init; }

    /// <summary>True when PDFs may be sent.</summary>
    public bool Pdf { get; init; }

    /// <summary>True when PDFs may be addresses.</summary>
    public bool PdfUrls { get; init; }

    /// <summary>True when plain-text documents may be sent as documents.</summary>
    public bool TextDocuments { get; init; }

    /// <summary>Audio types.</summary>
    public IReadOnlyList<string> AudioTypes { get; init; } = [];

    /// <summary>True for video.</summary>
    public bool Video { get; init; }

    /// <summary>True when assistant turns may hold images.</summary>
    public bool AssistantImages { get; init; }
}

/// <summary>How a model's reasoning is controlled (wire/mapping.md §3.3).</summary>
public enum ReasoningControl
{
    /// <summary>It does not reason: nothing may be sent.</summary>
    None,

    /// <summary>A named level.</summary>
    Level,

    /// <summary>A number of tokens.</summary>
    Budget,

    /// <summary>Adaptive, with a named level beside it (Anthropic from 4.6 on).</summary>
    AdaptiveLevel,
}

/// <summary>How reasoning is controlled and replayed.</summary>
public sealed record ReasoningRules
{
    /// <summary>How it is controlled.</summary>
    public ReasoningControl Control { get; init; }

    /// <summary>Levels it takes, rising, without <see cref="ReasoningLevel.None"/>.</summary>
    public IReadOnlyList<ReasoningLevel> Levels { get; init; } = [];

    /// <summary>Smallest budget.</summary>
    public long MinBudget { get; init; }

    /// <summary>Largest budget.</summary>
    public long MaxBudget { get; init; } = long.MaxValue;

    /// <summary>True when the budget must stay below the output limit (Anthropic).</summary>
    public bool BudgetBelowMaxOutput { get; init; }

    /// <summary>True when reasoning can be switched off.</summary>
    public bool CanTurnOff { get; init; } = true;

    /// <summary>True when the model reasons unless told otherwise.</summary>
    public bool OnByDefault { get; init; }

    /// <summary>Whose signatures it takes back.</summary>
    public SignatureFamily Family { get; init; }

    /// <summary>
    /// False when the signatures in the request were made under an account family that this target's account is not of: none is
    /// sent, not even of <see cref="Family"/>.
    /// </summary>
    public bool AcceptsForeignAccountSignatures { get; init; } = true;

    /// <summary>
    /// True when an open tool loop without its signed reasoning is refused while reasoning is on (Anthropic budget models).
    /// </summary>
    public bool OpenLoopNeedsReasoning { get; init; }

    /// <summary>True when reasoning text must be replayed as plain text (DeepSeek, Kimi).</summary>
    public bool ReplaysPlainText { get; init; }

    /// <summary>
    /// True when the upstream is configured to put reasoning into the text, between tags at its start (wire/mapping.md §3.4).
    /// </summary>
    public bool TagsInText { get; init; }
}

/// <summary>Sampling parameters a model takes. What it does not take is a hint and dropped.</summary>
public sealed record SamplingRules
{
    /// <summary>True when any of temperature and top_p may be sent.</summary>
    public bool TemperatureAndTopP { get; init; } = true;

    /// <summary>True when they may be sent only while reasoning is off (GPT 5.1 and later).</summary>
    public bool OnlyWithoutReasoning { get; init; }

    /// <summary>Largest temperature; larger values are clamped.</summary>
    public double MaxTemperature { get; init; } = 2;

    /// <summary>True when temperature and top_p exclude each other.</summary>
    public bool TemperatureExcludesTopP { get; init; }

    /// <summary>True when reasoning forbids temperature ≠ 1, top_k, and top_p below 0.95 (Anthropic).</summary>
    public bool ReasoningRestricts { get; init; }

    /// <summary>True for top_k.</summary>
    public bool TopK { get; init; }

    /// <summary>True for penalties.</summary>
    public bool Penalties { get; init; }

    /// <summary>True for a seed.</summary>
    public bool Seed { get; init; }

    /// <summary>True when a stop sequence may be white space only.</summary>
    public bool BlankStopSequences { get; init; }

    /// <summary>Largest number of stop sequences; 0 when none are taken.</summary>
    public int MaxStopSequences { get; init; } = int.MaxValue;

    /// <summary>Largest number of candidates.</summary>
    public int MaxCandidates { get; init; } = 1;

    /// <summary>Output limit sent when the client gives none; null when the target has its own.</summary>
    public long? DefaultMaxOutputTokens { get; init; }

    /// <summary>The model's output limit; larger wishes are lowered to it.</summary>
    public long? MaxOutputTokens { get; init; }
}

/// <summary>How JSON output is had.</summary>
public enum JsonOutput
{
    /// <summary>The dialect guarantees it.</summary>
    Native,

    /// <summary>The dialect guarantees it unless functions are declared (Gemini 2.x).</summary>
    NativeWithoutTools,

    /// <summary>By instruction in the system text.</summary>
    Instructed,
}

/// <summary>Forms of output a model guarantees.</summary>
public sealed record OutputRules
{
    /// <summary>Any JSON object.</summary>
    public JsonOutput JsonObject { get; init; }

    /// <summary>JSON of a schema.</summary>
    public JsonOutput JsonSchema { get; init; }
}
