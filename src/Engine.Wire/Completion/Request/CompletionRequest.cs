using Engine.Wire.Json;

namespace Engine.Wire.Completion.Request;

/// <summary>
/// A request as a tree whose leaves are slices of the client's body (wire/mapping.md §0). Read by a dialect, changed only by the
/// passes of <c>Normalising/</c> (which return a new tree), written by another dialect. Valid as long as the body.
/// </summary>
public sealed record CompletionRequest
{
    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>True when the client wants a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Leading system or developer texts, one per source message.</summary>
    public IReadOnlyList<TextPart> System { get; init; } = [];

    /// <summary>The conversation.</summary>
    public IReadOnlyList<Turn> Turns { get; init; } = [];

    /// <summary>Declared tools.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether and which tool must be called.</summary>
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Default;

    /// <summary>False forbids several calls in one turn; null leaves it to the model.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>What the client asks of the model's reasoning.</summary>
    public ReasoningAsk Reasoning { get; init; } = ReasoningAsk.Default;

    /// <summary>Sampling parameters.</summary>
    public Sampling Sampling { get; init; } = Sampling.Default;

    /// <summary>Upper bound of output tokens, reasoning included; null leaves it to the target.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>True when the engine chose <see cref="MaxOutputTokens"/>, so that a thinking budget may raise it (wire/mapping.md §3.3).</summary>
    public bool MaxOutputTokensIsDefault { get; init; }

    /// <summary>How many answers are wanted.</summary>
    public int Candidates { get; init; } = 1;

    /// <summary>Texts that stop the model.</summary>
    public IReadOnlyList<EscapedSlice> StopSequences { get; init; } = [];

    /// <summary>The form the answer must have.</summary>
    public OutputFormat Format { get; init; } = OutputFormat.Text;

    /// <summary>An opaque name of the end user (OpenAI <c>user</c>/<c>safety_identifier</c>, Anthropic <c>metadata.user_id</c>).</summary>
    public EscapedSlice User { get; init; }

    /// <summary>Fields of the source dialect that have no place in this tree, with what happens to them elsewhere.</summary>
    public IReadOnlyList<ForeignField> Foreign { get; init; } = [];

    /// <summary>True when an OpenAI Chat client asked for usage in the stream.</summary>
    public bool IncludeUsage { get; init; }
}
