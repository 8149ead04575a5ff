namespace Engine.Wire.Completion;

/// <summary>Who can verify a reasoning signature (wire/mapping.md §3.5). A blob is only ever sent back to its own family.</summary>
public enum SignatureFamily
{
    /// <summary>Not known; treated as native only by the dialect it arrived in.</summary>
    Unknown,

    /// <summary>Anthropic <c>signature</c> and <c>redacted_thinking.data</c>.</summary>
    Claude,

    /// <summary>Gemini <c>thoughtSignature</c>.</summary>
    Gemini,

    /// <summary>OpenAI Responses <c>encrypted_content</c>.</summary>
    Gpt,

    /// <summary>Reasoning text without any signature (<c>reasoning_content</c>).</summary>
    Plain,
}
