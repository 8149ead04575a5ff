using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Brings base64 of clients into the one form that every provider takes: standard alphabet, no white space, padded. Clean data,
/// <c>\/</c> included, stays the slice it is (wire/mapping.md §1.4).
/// </summary>
internal static class Base64Text
{
    private static readonly SearchValues<byte> Digits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    /// <summary>The data in standard form, or false when it is not base64.</summary>
    public static bool TryNormalise(EscapedSlice data, out EscapedSlice normal)
    {
        normal = data;
        return !data.IsEmpty && (IsClean(data.Content.Span) || TryRepair(data, out normal));
    }

    /// <summary>The UTF-8 text that the data encodes, escaped; false when it is not base64 or not UTF-8.</summary>
    public static bool TryDecodeText(EscapedSlice data, out EscapedSlice text)
    {
        text = default;
        if (!TryNormalise(data, out var normal))
        {
            return data.IsEmpty;
        }

        var bytes = new byte[normal.Content.Length];
        var length = JsonStrings.Unescape(normal.Content.Span, bytes);
        var status = Base64.DecodeFromUtf8InPlace(bytes.AsSpan(0, length), out var written);
        if (status != OperationStatus.Done || !Utf8.IsValid(bytes.AsSpan(0, written)))
        {
            return false;
        }

        var output = new ArrayBufferWriter<byte>(Math.Max(written, 1));
        JsonStrings.Escape(bytes.AsSpan(0, written), output);
        text = EscapedSlice.FromContent(output.WrittenMemory);
        return true;
    }

    private static bool IsClean(ReadOnlySpan<byte> data)
    {
        var escapes = 0;
        var rest = data;
        while (true)
        {
            var odd = rest.IndexOfAnyExcept(Digits);
            if (odd < 0)
            {
                return (data.Length - escapes) % 4 == 0;
            }

            if (rest[odd] == (byte)'\\' && odd + 1 < rest.Length && rest[odd + 1] == (byte)'/')
            {
                escapes++;
                rest = rest[(odd + 2)..];
                continue;
            }

            return IsPadding(rest[odd..]) && (data.Length - escapes) % 4 == 0;
        }
    }

    private static bool IsPadding(ReadOnlySpan<byte> tail) => tail.SequenceEqual("="u8) || tail.SequenceEqual("=="u8);

    private static bool TryRepair(EscapedSlice data, out EscapedSlice normal)
    {
        normal = data;
        var plain = new byte[data.Content.Length + 3];
        var length = JsonStrings.Unescape(data.Content.Span, plain);
        var kept = 0;
        foreach (var each in plain.AsSpan(0, length))
        {
            switch (each)
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'=':
                    break;
                case (byte)'-':
                    plain[kept++] = (byte)'+';
                    break;
                case (byte)'_':
                    plain[kept++] = (byte)'/';
                    break;
                default:
                    if (!Digits.Contains(each))
                    {
                        return false;
                    }

                    plain[kept++] = each;
                    break;
            }
        }

        if (kept == 0 || kept % 4 == 1)
        {
            return false;
        }

        while (kept % 4 != 0)
        {
            plain[kept++] = (byte)'=';
        }

        normal = EscapedSlice.FromContent(plain.AsMemory(0, kept));
        return true;
    }
}
