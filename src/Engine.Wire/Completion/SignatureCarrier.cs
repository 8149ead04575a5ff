using System.Buffers.Text;
using System.Text;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>
/// Carries a signature of one family through a client of another dialect (wire/mapping.md §3.5):
/// <c>px1.FAMILY.MODEL.BASE64URL</c>. What we emit is tagged, so that on its way back nothing has to be guessed.
/// </summary>
public static class SignatureCarrier
{
    private const string Prefix = "px1.";

    /// <summary>The carrier's text; needs no JSON escape.</summary>
    /// <param name="family">Who can verify the blob.</param>
    /// <param name="model">The model that made it; characters outside <c>[A-Za-z0-9_-]</c> become <c>-</c>.</param>
    /// <param name="blob">The blob as its family wrote it.</param>
    public static byte[] Encode(SignatureFamily family, string model, EscapedText blob)
    {
        var head = Encoding.ASCII.GetBytes($"{Prefix}{NameOf(family)}.{Token(model)}.");
        var carrier = new byte[head.Length + Base64Url.GetEncodedLength(blob.Content.Length)];
        head.CopyTo(carrier, 0);
        Base64Url.EncodeToUtf8(blob.Content, carrier.AsSpan(head.Length));
        return carrier;
    }

    /// <summary>True for text that begins as a carrier does.</summary>
    public static bool IsCarrier(EscapedText text) => text.Content.StartsWith("px1."u8);

    /// <summary>Reads what a client sent back. Without our tag, or when it is damaged, the blob is taken to be native to <paramref name="native"/>.</summary>
    public static ReasoningSignature Decode(EscapedSlice text, SignatureFamily native)
    {
        var span = text.Content.Span;
        if (!IsCarrier(text.Text))
        {
            return new ReasoningSignature(native, text);
        }

        var rest = span[Prefix.Length..];
        var familyEnd = rest.IndexOf((byte)'.');
        var modelEnd = familyEnd < 0 ? -1 : rest[(familyEnd + 1)..].IndexOf((byte)'.');
        if (modelEnd < 0 || FamilyOf(rest[..familyEnd]) is not { } family)
        {
            return new ReasoningSignature(native, text);
        }

        var encoded = rest[(familyEnd + modelEnd + 2)..];
        var blob = new byte[Base64Url.GetMaxDecodedLength(encoded.Length)];
        if (Base64Url.DecodeFromUtf8(encoded, blob, out _, out var written) != System.Buffers.OperationStatus.Done)
        {
            return new ReasoningSignature(native, text);
        }

        return new ReasoningSignature(family, EscapedSlice.FromContent(blob.AsMemory(0, written)))
        {
            Model = Encoding.ASCII.GetString(rest.Slice(familyEnd + 1, modelEnd)),
        };
    }

    private static string NameOf(SignatureFamily family) => family switch
    {
        SignatureFamily.Claude => "claude",
        SignatureFamily.Gemini => "gemini",
        SignatureFamily.Gpt => "gpt",
        SignatureFamily.Plain => "plain",
        _ => "unknown",
    };

    private static SignatureFamily? FamilyOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("claude"u8) => SignatureFamily.Claude,
        _ when name.SequenceEqual("gemini"u8) => SignatureFamily.Gemini,
        _ when name.SequenceEqual("gpt"u8) => SignatureFamily.Gpt,
        _ when name.SequenceEqual("plain"u8) => SignatureFamily.Plain,
        _ => null,
    };

    private static string Token(string model) =>
        string.Create(model.Length, model, static (span, name) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(name[i]) || name[i] is '-' or '_' ? name[i] : '-';
            }
        });
}
