using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Signatures as this dialect's clients hold them: native blobs byte for byte, all others in a carrier (wire/mapping.md §3.5).
/// </summary>
internal static class AnthropicSignatures
{
    /// <summary>What stands in <c>signature</c> or <c>redacted_thinking.data</c>, escaped. Allocates.</summary>
    public static byte[] Encode(SignatureFamily family, string upstreamModel, EscapedText blob) =>
        family == SignatureFamily.Claude ? blob.Content.ToArray() : SignatureCarrier.Encode(family, upstreamModel, blob);

    /// <summary>
    /// The signature of reasoning that came without one: a carrier of nothing, so that the block is known as foreign when it
    /// comes back.
    /// </summary>
    public static byte[] Unsigned(string upstreamModel) => SignatureCarrier.Encode(SignatureFamily.Plain, upstreamModel, default);
}
