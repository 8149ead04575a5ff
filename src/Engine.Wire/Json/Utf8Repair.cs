using System.Buffers;
using System.Text;

namespace Engine.Wire.Json;

/// <summary>
/// Makes bytes valid UTF-8: each ill-formed sequence becomes one U+FFFD (wire/pitfalls.md 2). A cold path, for bytes that
/// <see cref="System.Text.Unicode.Utf8.IsValid"/> refused.
/// </summary>
public static class Utf8Repair
{
    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>Bytes that <see cref="Write"/> needs.</summary>
    public static int Measure(ReadOnlySpan<byte> bytes)
    {
        var length = 0;
        while (!bytes.IsEmpty)
        {
            length += Next(bytes, out var used).Length;
            bytes = bytes[used..];
        }

        return length;
    }

    /// <summary>Writes the repaired bytes and returns how many there are.</summary>
    public static int Write(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        var length = 0;
        while (!bytes.IsEmpty)
        {
            var sequence = Next(bytes, out var used);
            sequence.CopyTo(destination[length..]);
            length += sequence.Length;
            bytes = bytes[used..];
        }

        return length;
    }

    private static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> bytes, out int used) =>
        Rune.DecodeFromUtf8(bytes, out _, out used) == OperationStatus.Done ? bytes[..used] : Replacement;
}
