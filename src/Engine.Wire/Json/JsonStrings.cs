using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Engine.Wire.Json;

/// <summary>
/// The only place where JSON strings are escaped and unescaped: text we add, text we look into, and values that change between
/// JSON object and JSON string (tool arguments Gemini/Ollama ↔ OpenAI/Anthropic).
/// </summary>
public static class JsonStrings
{
    // Quote, backslash and the C0 controls; everything else, non-ASCII included, stays as it is.
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, (byte)'"', (byte)'\\']);

    /// <summary>Escapes UTF-8 text into the inside of a JSON string.</summary>
    public static void Escape(ReadOnlySpan<byte> utf8, IBufferWriter<byte> output)
    {
        while (!utf8.IsEmpty)
        {
            var run = utf8.IndexOfAny(MustEscape);
            if (run != 0)
            {
                var plain = run < 0 ? utf8 : utf8[..run];
                output.Write(plain);
                utf8 = utf8[plain.Length..];
                continue;
            }

            EscapeByte(utf8[0], output);
            utf8 = utf8[1..];
        }
    }

    /// <summary>Escapes a string into newly allocated bytes, without quotes.</summary>
    public static byte[] Escape(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.AsSpan().IndexOfAny(MustEscape) < 0)
        {
            return utf8;
        }

        var output = new ArrayBufferWriter<byte>(utf8.Length + 16);
        Escape(utf8, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Decodes the inside of a JSON string.</summary>
    /// <exception cref="JsonException">An escape is malformed.</exception>
    public static string Decode(ReadOnlySpan<byte> escaped)
    {
        if (!escaped.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(escaped);
        }

        var rented = ArrayPool<byte>.Shared.Rent(escaped.Length);
        try
        {
            return Encoding.UTF8.GetString(rented, 0, Unescape(escaped, rented));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>
    /// Decodes a JSON string. Unlike <see cref="JsonElement.GetString"/> it takes unpaired surrogates, which clients do send; they
    /// become U+FFFD.
    /// </summary>
    public static string Decode(JsonElement text) => Decode(JsonMarshal.GetRawUtf8Value(text)[1..^1]);

    /// <summary>
    /// Unescapes the inside of a JSON string. <paramref name="destination"/> must be at least as long as the input; unescaping
    /// never grows. An unpaired surrogate escape becomes U+FFFD.
    /// </summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="JsonException">An escape is malformed.</exception>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var run = escaped.IndexOf((byte)'\\');
            var plain = run < 0 ? escaped : escaped[..run];
            plain.CopyTo(destination[written..]);
            written += plain.Length;
            if (run < 0)
            {
                return written;
            }

            escaped = escaped[run..];
            var used = UnescapeOne(escaped, destination[written..], out var produced);
            escaped = escaped[used..];
            written += produced;
        }
    }

    /// <summary>
    /// Length of the longest prefix that ends on a whole escape sequence; the rest (at most 11 bytes, an escape cut by a
    /// delta border or a high surrogate waiting for its partner) must be carried over to the next fragment.
    /// </summary>
    public static int CompletePrefix(ReadOnlySpan<byte> escaped)
    {
        var position = 0;
        while (true)
        {
            var run = escaped[position..].IndexOf((byte)'\\');
            if (run < 0)
            {
                return escaped.Length;
            }

            var start = position + run;
            var length = EscapeLength(escaped[start..]);
            if (length < 0)
            {
                return start;
            }

            position = start + length;
        }
    }

    private static int EscapeLength(ReadOnlySpan<byte> at)
    {
        if (at.Length < 2)
        {
            return -1;
        }

        if (at[1] != (byte)'u')
        {
            return 2;
        }

        if (at.Length < 6)
        {
            return -1;
        }

        if (!TryReadHex(at[2..6], out var unit) || !char.IsHighSurrogate((char)unit))
        {
            return 6;
        }

        // A high surrogate: its low half may still be under way.
        var rest = at[6..];
        if (rest.Length < 6 && "\\u"u8[..Math.Min(2, rest.Length)].SequenceEqual(rest[..Math.Min(2, rest.Length)]))
        {
            return -1;
        }

        return rest.Length >= 6 && rest[0] == (byte)'\\' && rest[1] == (byte)'u' ? 12 : 6;
    }

    private static int UnescapeOne(ReadOnlySpan<byte> at, Span<byte> destination, out int produced)
    {
        produced = 1;
        if (at.Length < 2)
        {
            throw new JsonException("A JSON string ends inside an escape sequence.");
        }

        switch (at[1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/':
                destination[0] = at[1];
                return 2;
            case (byte)'b':
                destination[0] = (byte)'\b';
                return 2;
            case (byte)'f':
                destination[0] = (byte)'\f';
                return 2;
            case (byte)'n':
                destination[0] = (byte)'\n';
                return 2;
            case (byte)'r':
                destination[0] = (byte)'\r';
                return 2;
            case (byte)'t':
                destination[0] = (byte)'\t';
                return 2;
            case (byte)'u' when at.Length >= 6 && TryReadHex(at[2..6], out var first):
                return UnescapeUnicode(at, (char)first, destination, out produced);
            default:
                throw new JsonException("A JSON string holds a malformed escape sequence.");
        }
    }

    private static int UnescapeUnicode(ReadOnlySpan<byte> at, char first, Span<byte> destination, out int produced)
    {
        if (char.IsHighSurrogate(first) && at.Length >= 12 && at[6] == (byte)'\\' && at[7] == (byte)'u'
            && TryReadHex(at[8..12], out var second) && char.IsLowSurrogate((char)second))
        {
            produced = new Rune(first, (char)second).EncodeToUtf8(destination);
            return 12;
        }

        produced = (char.IsSurrogate(first) ? Rune.ReplacementChar : new Rune(first)).EncodeToUtf8(destination);
        return 6;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> digits, out int value) =>
        Utf8Parser.TryParse(digits, out value, out var used, 'x') && used == digits.Length;

    private static void EscapeByte(byte value, IBufferWriter<byte> output)
    {
        var shorthand = value switch
        {
            (byte)'"' => "\\\""u8,
            (byte)'\\' => "\\\\"u8,
            (byte)'\n' => "\\n"u8,
            (byte)'\r' => "\\r"u8,
            (byte)'\t' => "\\t"u8,
            (byte)'\b' => "\\b"u8,
            (byte)'\f' => "\\f"u8,
            _ => default,
        };
        if (!shorthand.IsEmpty)
        {
            output.Write(shorthand);
            return;
        }

        var span = output.GetSpan(6);
        "\\u00"u8.CopyTo(span);
        span[4] = (byte)(value < 16 ? '0' : '1');
        span[5] = "0123456789abcdef"u8[value & 15];
        output.Advance(6);
    }
}
