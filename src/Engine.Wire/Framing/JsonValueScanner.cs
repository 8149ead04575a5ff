using System.Buffers;

namespace Engine.Wire.Framing;

/// <summary>
/// Finds where one JSON object or array ends, by counting brackets outside strings; what stands between them is the reader's
/// business. Resumable at any byte: the three fields are all that one piece of the value has to tell the next.
/// </summary>
internal struct JsonValueScanner
{
    private static readonly SearchValues<byte> Structural = SearchValues.Create("\"{}[]"u8);

    private int _depth;
    private bool _inString;
    private bool _afterBackslash;

    /// <summary>Whether <paramref name="bytes"/> is one whole object or array and nothing else.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        var scanner = default(JsonValueScanner);
        return StartsValue(bytes) && scanner.TryFindEnd(bytes, out int length) && length == bytes.Length;
    }

    /// <summary>Whether the first byte opens an object or array.</summary>
    public static bool StartsValue(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && bytes[0] is (byte)'{' or (byte)'[';

    /// <summary>
    /// Goes on with the next bytes of a value (the first ones begin with its bracket). True when the value ends in them, and
    /// <paramref name="length"/> bytes of them belong to it.
    /// </summary>
    public bool TryFindEnd(ReadOnlySpan<byte> bytes, out int length)
    {
        int i = 0;
        while (i < bytes.Length)
        {
            if (_afterBackslash)
            {
                _afterBackslash = false;
                i++;
                continue;
            }

            int found = _inString ? bytes[i..].IndexOfAny((byte)'"', (byte)'\\') : bytes[i..].IndexOfAny(Structural);
            if (found < 0)
            {
                break;
            }

            i += found + 1;
            switch (bytes[i - 1])
            {
                case (byte)'"':
                    _inString = !_inString;
                    break;
                case (byte)'\\':
                    _afterBackslash = true;
                    break;
                case (byte)'{' or (byte)'[':
                    _depth++;
                    break;
                default:
                    if (--_depth == 0)
                    {
                        length = i;
                        return true;
                    }

                    break;
            }
        }

        length = bytes.Length;
        return false;
    }
}
