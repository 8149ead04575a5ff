using System.Text.Json;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Splits <c>data:MIME;base64,DATA</c> without copying the data, also where slashes came escaped.</summary>
internal static class OpenAiChatDataUrl
{
    private const int LongestHead = 256;

    /// <summary>True for a base64 data URL; the data starts at <paramref name="dataStart"/> of the escaped text.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> escaped, out string mimeType, out int dataStart)
    {
        mimeType = "";
        dataStart = 0;
        var comma = escaped[..Math.Min(escaped.Length, LongestHead)].IndexOf((byte)',');
        if (comma < 0)
        {
            return false;
        }

        string head;
        try
        {
            head = JsonStrings.Decode(escaped[..comma]);
        }
        catch (JsonException)
        {
            return false;
        }

        if (!head.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || !head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var type = head[5..head.IndexOf(';', StringComparison.Ordinal)].Trim();
        mimeType = type.Length == 0 ? "application/octet-stream" : type.ToLowerInvariant();
        dataStart = comma + 1;
        return true;
    }

    /// <summary>True for any data URL, base64 or not.</summary>
    public static bool IsDataUrl(ReadOnlySpan<byte> escaped) =>
        escaped.Length >= 5 && System.Text.Ascii.EqualsIgnoreCase(escaped[..5], "data:"u8);
}
