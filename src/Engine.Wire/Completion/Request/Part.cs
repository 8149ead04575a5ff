using Engine.Wire.Json;

namespace Engine.Wire.Completion.Request;

/// <summary>One part of a turn.</summary>
public abstract record Part
{
    /// <summary>Anthropic <c>cache_control</c>, kept for dialects that know it.</summary>
    public JsonSlice CacheControl { get; init; }
}

/// <summary>Text.</summary>
/// <param name="Text">The text, still escaped.</param>
public sealed record TextPart(EscapedSlice Text) : Part
{
    /// <summary>A Gemini signature that arrived on a text part; sent back to Gemini only.</summary>
    public ReasoningSignature? Signature { get; init; }
}

/// <summary>An image.</summary>
/// <param name="Source">Where its bytes are.</param>
public sealed record ImagePart(MediaSource Source) : Part
{
    /// <summary>Wanted resolution.</summary>
    public ImageDetail Detail { get; init; }

    /// <summary>A Gemini signature that arrived on an image of the model's.</summary>
    public ReasoningSignature? Signature { get; init; }
}

/// <summary>Wanted resolution of an image (OpenAI <c>detail</c>, Gemini <c>mediaResolution</c>).</summary>
public enum ImageDetail
{
    /// <summary>Not said.</summary>
    Default,

    /// <summary>The model chooses.</summary>
    Auto,

    /// <summary>Few tokens.</summary>
    Low,

    /// <summary>Many tokens.</summary>
    High,
}

/// <summary>A document: PDF, plain text, or an office format.</summary>
/// <param name="Source">Where its bytes are.</param>
public sealed record DocumentPart(MediaSource Source) : Part
{
    /// <summary>File name or title.</summary>
    public EscapedSlice Name { get; init; }

    /// <summary>Anthropic <c>context</c>.</summary>
    public EscapedSlice Context { get; init; }

    /// <summary>Anthropic <c>citations</c>.</summary>
    public JsonSlice Citations { get; init; }
}

/// <summary>Sound.</summary>
/// <param name="Source">Its bytes, with the MIME type.</param>
public sealed record AudioPart(MediaSource Source) : Part;

/// <summary>Video.</summary>
/// <param name="Source">Where its bytes are.</param>
public sealed record VideoPart(MediaSource Source) : Part;

/// <summary>A tool call the model made earlier.</summary>
/// <param name="Id">The id that its result names; empty where the source dialect has none until <c>ToolIds</c> gives it one.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record ToolCallPart(string Id, string Name, ToolArguments Arguments) : Part
{
    /// <summary>The signature that arrived with the call (Gemini).</summary>
    public ReasoningSignature? Signature { get; init; }
}

/// <summary>What a tool answered.</summary>
/// <param name="CallId">The call's id; empty where the source dialect has none until <c>ToolIds</c> pairs it.</param>
/// <param name="Name">The tool; empty where the source dialect does not say.</param>
/// <param name="Content">Text, images and documents.</param>
/// <param name="IsError">True when the tool failed.</param>
public sealed record ToolResultPart(string CallId, string Name, IReadOnlyList<Part> Content, bool IsError) : Part;

/// <summary>Reasoning of an earlier answer.</summary>
/// <param name="Text">Its text; empty when it was withheld.</param>
/// <param name="Signature">What proves it, when there is anything.</param>
public sealed record ReasoningPart(EscapedSlice Text, ReasoningSignature? Signature) : Part;

/// <summary>Reasoning of an earlier answer that only its own family can read.</summary>
/// <param name="Signature">The blob.</param>
public sealed record RedactedReasoningPart(ReasoningSignature Signature) : Part;

/// <summary>Text in which the model declined earlier.</summary>
/// <param name="Text">The text.</param>
public sealed record RefusalPart(EscapedSlice Text) : Part;

/// <summary>A part only its own dialect understands (hosted tools and their results), with what other dialects get instead.</summary>
/// <param name="Path">Where it stood in the client's body.</param>
/// <param name="Raw">The part as it came.</param>
/// <param name="Rule">What becomes of it in another dialect.</param>
/// <param name="Substitute">Text that stands in for it, for <see cref="LossRule.Emulated"/>.</param>
public sealed record OpaquePart(string Path, JsonSlice Raw, LossRule Rule, EscapedSlice Substitute) : Part;

/// <summary>A blob that proves reasoning to its own family.</summary>
/// <param name="Family">Who can verify it.</param>
/// <param name="Blob">The blob as that family wrote it, carrier removed.</param>
public sealed record ReasoningSignature(SignatureFamily Family, EscapedSlice Blob)
{
    /// <summary>The model it came from, when a carrier said so.</summary>
    public string Model { get; init; } = "";
}
