using System.Collections.Frozen;
using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>What a writer must know of the client's request to answer it. One per exchange, shared by all its attempts.</summary>
public sealed record AnswerContext
{
    /// <summary>The model's name as the client asked for it; answers echo this, never the upstream's.</summary>
    public required string Model { get; init; }

    /// <summary>Makes ids where the upstream has none.</summary>
    public required IdMint Ids { get; init; }

    /// <summary>When the answer began, in seconds since 1970-01-01 UTC.</summary>
    public required long CreatedUnixSeconds { get; init; }

    /// <summary>True when an OpenAI Chat client asked for <c>stream_options.include_usage</c>.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>What of the model's reasoning the client wants to see.</summary>
    public Request.ReasoningShow Reasoning { get; init; } = Request.ReasoningShow.Default;

    /// <summary>True when a Gemini client streams without <c>alt=sse</c>: the stream is one JSON array.</summary>
    public bool StreamAsJsonArray { get; init; }

    /// <summary>The family of the upstream's signatures and its model family, for carriers: for example <c>claude-opus-4-6</c>.</summary>
    public string UpstreamModel { get; init; } = "";

    /// <summary>
    /// The client's names of its freeform tools (wire/mapping.md §2.8). Their calls arrive with the arguments <c>{"input":"…"}</c>; a
    /// writer whose dialect has such calls (OpenAI <c>custom</c>) takes the input out again.
    /// </summary>
    public IReadOnlySet<string> FreeformTools { get; init; } = FrozenSet<string>.Empty;
}
