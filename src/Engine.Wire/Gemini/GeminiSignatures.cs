using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Signatures as Gemini clients see them (wire/mapping.md §3.5). Gemini's own travel as they are; a blob of another family is a
/// carrier in base64, because the SDKs decode the field into bytes. Redacted reasoning differs from a signature by a word before
/// its carrier, since both stand on an empty thought part.
/// </summary>
internal static class GeminiSignatures
{
    /// <summary>Stands in for a signature that history cannot have (wire/gemini.md §4).</summary>
    public static ReadOnlySpan<byte> Sentinel => "skip_thought_signature_validator"u8;

    private static ReadOnlySpan<byte> RedactedPrefix => "redacted."u8;

    /// <summary>True for a word that stands where a signature would (wire/gemini.md §4).</summary>
    public static bool IsSentinel(EscapedText blob) => blob.TextEquals(Sentinel) || blob.TextEquals("context_engineering_is_the_way_to_go"u8);

    /// <summary>The inside of the <c>thoughtSignature</c> string for a blob.</summary>
    public static byte[] Write(SignatureFamily family, EscapedText blob, string upstreamModel, bool redacted = false)
    {
        if (family is SignatureFamily.Gemini && !redacted)
        {
            return blob.Content.ToArray();
        }

        var carrier = SignatureCarrier.Encode(family, upstreamModel, blob);
        byte[] text = redacted ? [.. RedactedPrefix, .. carrier] : carrier;
        var encoded = new byte[Base64.GetMaxEncodedToUtf8Length(text.Length)];
        Base64.EncodeToUtf8(text, encoded, out _, out var written);
        return encoded[..written];
    }

    /// <summary>
    /// What a client sent back; null for nothing and for the sentinel. <paramref name="redacted"/> tells that the blob is
    /// redacted reasoning.
    /// </summary>
    public static ReasoningSignature? Read(EscapedSlice value, out bool redacted)
    {
        redacted = false;
        if (value.IsEmpty || IsSentinel(value.Text))
        {
            return null;
        }

        if (Decode(value.Content.Span) is not { } text)
        {
            return new ReasoningSignature(SignatureFamily.Gemini, value);
        }

        redacted = text.AsSpan().StartsWith(RedactedPrefix);
        var carrier = EscapedSlice.FromContent(text.AsMemory(redacted ? RedactedPrefix.Length : 0));
        var signature = SignatureCarrier.Decode(carrier, SignatureFamily.Gemini);
        if (signature.Family != SignatureFamily.Gemini)
        {
            return signature;
        }

        redacted = false;
        return new ReasoningSignature(SignatureFamily.Gemini, value);
    }

    // Null when it is not a carrier. SDKs re-encode bytes in either alphabet, with or without padding.
    private static byte[]? Decode(ReadOnlySpan<byte> escaped)
    {
        var base64 = new byte[escaped.Length];
        try
        {
            base64 = base64[..JsonStrings.Unescape(escaped, base64)];
        }
        catch (JsonException)
        {
            return null;
        }

        base64.AsSpan().Replace((byte)'+', (byte)'-');
        base64.AsSpan().Replace((byte)'/', (byte)'_');
        var text = new byte[Base64Url.GetMaxDecodedLength(base64.Length)];
        if (Base64Url.DecodeFromUtf8(base64, text, out _, out var written) != OperationStatus.Done)
        {
            return null;
        }

        var decoded = text.AsSpan(0, written);
        return decoded.StartsWith("px1."u8) || decoded.StartsWith("redacted.px1."u8) ? decoded.ToArray() : null;
    }
}
