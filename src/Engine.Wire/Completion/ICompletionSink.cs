using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>
/// Receives an answer as events (wire/mapping.md §0). Readers push, writers are sinks. Every span is valid until the call
/// returns. Order: <see cref="Start"/>, then content and <see cref="Usage"/> in any order, one <see cref="Finish"/> per
/// candidate, further usage, <see cref="End"/>; or <see cref="Error"/> at any point, after which nothing follows.
/// </summary>
public interface ICompletionSink
{
    /// <summary>The answer begins. Always first, exactly once.</summary>
    /// <param name="id">The upstream's id of the answer; empty when it has none.</param>
    /// <param name="model">The upstream's name of the model; empty when it says none.</param>
    void Start(EscapedText id, EscapedText model);

    /// <summary>Answer text. Never empty.</summary>
    void Text(BlockKey key, EscapedText delta);

    /// <summary>Reasoning text. Never empty.</summary>
    void Reasoning(BlockKey key, EscapedText delta);

    /// <summary>
    /// The signature of a block. For a reasoning block it comes after its text (or alone, when the text is withheld); for a tool
    /// call it comes directly before <see cref="ToolStart"/> of the same key; for a text block after its text. A second one
    /// for the same key replaces the first.
    /// </summary>
    void Signature(BlockKey key, SignatureFamily family, EscapedText blob);

    /// <summary>Reasoning that only its own family can read (Anthropic <c>redacted_thinking</c>).</summary>
    void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data);

    /// <summary>A tool call begins. Id and name are complete and never empty.</summary>
    void ToolStart(BlockKey key, EscapedText id, EscapedText name);

    /// <summary>A fragment of a call's arguments: part of a JSON text inside a JSON string, so escaped once more. May be cut anywhere, inside an escape too.</summary>
    void ToolArguments(BlockKey key, EscapedText fragment);

    /// <summary>A call's arguments whole, as a JSON value. Either this once or fragments, never both. No call at all means <c>{}</c>.</summary>
    void ToolArguments(BlockKey key, RawJson whole);

    /// <summary>A call's arguments are complete.</summary>
    void ToolEnd(BlockKey key);

    /// <summary>A source of a text block.</summary>
    void Cite(BlockKey key, in Citation citation);

    /// <summary>Text in which the model declines. Never empty.</summary>
    void Refusal(BlockKey key, EscapedText delta);

    /// <summary>An image or other media, whole, as base64.</summary>
    void Media(BlockKey key, EscapedText mimeType, EscapedText base64);

    /// <summary>Token counts so far, cumulative; unknown fields keep their earlier value.</summary>
    void Usage(in TokenUsage usage);

    /// <summary>One candidate stopped. Usage may still follow.</summary>
    void Finish(in FinishEvent finish);

    /// <summary>The dialect's own terminator was seen: the answer is whole.</summary>
    void End();

    /// <summary>The answer failed; nothing follows.</summary>
    void Error(UpstreamError error);
}
