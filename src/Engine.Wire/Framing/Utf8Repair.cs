using System.Buffers;
using System.Text;

namespace Engine.Wire.Framing;

/// <summary>
/// Makes text that is copied from dialect to dialect as bytes valid UTF-8: each ill-formed sequence becomes one U+FFFD
/// (wire/pitfalls.md 2). Only for bytes that <see cref="System.Text.Unicode.Utf8.IsValid"/> refused: it looks at every character.
/// </summary>
internal static class Utf8Repair
{
    private static ReadOnlySpan<byte> Replacement => [0xEF, 0xBF, 0xBD];

    /// <summary>How many bytes <see cref="Write"/> needs.</summary>
    public static int Measure(ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        while (!bytes.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out _, out int consumed) == OperationStatus.Done;
            length += valid ? consumed : Replacement.Length;
            bytes = bytes[consumed..];
        }

        return length;
    }

    /// <summary>Writes the repaired text and returns its length.</summary>
    public static int Write(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        int length = 0;
        while (!bytes.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out _, out int consumed) == OperationStatus.Done;
            var sequence = valid ? bytes[..consumed] : Replacement;
            sequence.CopyTo(destination[length..]);
            length += sequence.Length;
            bytes = bytes[consumed..];
        }

        return length;
    }
}
