using System.Buffers.Text;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Tells the real type of a medium from its first bytes; clients declare wrong ones and some providers refuse those (wire/mapping.md
/// §1.4).
/// </summary>
internal static class MediaSniffer
{
    // Enough for "RIFF….WEBP" and "….ftypheic".
    private const int HeadDigits = 24;

    /// <summary>The type in lower case, or null when the bytes say nothing.</summary>
    public static string? Sniff(EscapedSlice base64)
    {
        Span<byte> digits = stackalloc byte[HeadDigits];
        var count = 0;
        foreach (var each in base64.Content.Span)
        {
            if (count == HeadDigits || each == (byte)'=')
            {
                break;
            }

            // The only escape in clean base64 is \/.
            if (each != (byte)'\\')
            {
                digits[count++] = each;
            }
        }

        // A tail of two or three digits holds one or two more bytes.
        while (count % 4 != 0)
        {
            digits[count++] = (byte)'A';
        }

        Span<byte> head = stackalloc byte[HeadDigits / 4 * 3];
        Base64.DecodeFromUtf8(digits[..count], head, out _, out var written);
        return Of(head[..written]);
    }

    private static string? Of(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) => "image/png",
        _ when head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => "image/jpeg",
        _ when head.StartsWith("GIF8"u8) => "image/gif",
        _ when head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("WEBP"u8) => "image/webp",
        _ when head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("WAVE"u8) => "audio/wav",
        _ when head.Length >= 12 && head[4..].StartsWith("ftyp"u8) => OfBrand(head[8..12]),
        _ when head.StartsWith("%PDF"u8) => "application/pdf",
        _ when head.StartsWith("ID3"u8) => "audio/mpeg",
        _ when head.StartsWith("OggS"u8) => "audio/ogg",
        _ when head.StartsWith("fLaC"u8) => "audio/flac",
        _ => null,
    };

    private static string? OfBrand(ReadOnlySpan<byte> brand) => brand switch
    {
        _ when brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("hevc"u8) => "image/heic",
        _ when brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) => "image/heif",
        _ when brand.SequenceEqual("avif"u8) => "image/avif",
        _ => null,
    };
}
