using System.Buffers;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>Questions about escaped text, and text made of several.</summary>
internal static class SliceText
{
    /// <summary>True when the text is absent, empty or white space only.</summary>
    public static bool IsBlank(this EscapedSlice text)
    {
        foreach (var each in text.Content.Span)
        {
            if (each == (byte)'\\' || each >= 0x80)
            {
                return string.IsNullOrWhiteSpace(text.Decode());
            }

            if (each != (byte)' ')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text without trailing white space; the same slice when it has none.</summary>
    public static EscapedSlice TrimmedEnd(this EscapedSlice text)
    {
        var decoded = text.Decode();
        var trimmed = decoded.TrimEnd();
        return trimmed.Length == decoded.Length ? text : EscapedSlice.FromString(trimmed);
    }

    /// <summary>The texts one after the other.</summary>
    public static EscapedSlice Joined(IEnumerable<EscapedSlice> texts, string separator)
    {
        var between = JsonStrings.Escape(separator);
        var output = new ArrayBufferWriter<byte>();
        var isFirst = true;
        foreach (var text in texts)
        {
            if (!isFirst)
            {
                output.Write(between);
            }

            output.Write(text.Content.Span);
            isFirst = false;
        }

        return EscapedSlice.FromContent(output.WrittenMemory);
    }

    /// <summary>The text between two of ours.</summary>
    public static EscapedSlice Wrapped(string before, EscapedSlice text, string after) =>
        Joined([EscapedSlice.FromString(before), text, EscapedSlice.FromString(after)], "");
}
