using System.Text.Json;

namespace Engine.Wire.Json;

/// <summary>Checks text that claims to be JSON before it is placed where only JSON may stand.</summary>
public static class JsonValidity
{
    /// <summary>True when the bytes are exactly one JSON object.</summary>
    public static bool IsObject(ReadOnlySpan<byte> utf8) => IsValue(utf8, JsonTokenType.StartObject);

    /// <summary>True when the bytes are exactly one JSON value.</summary>
    public static bool IsValue(ReadOnlySpan<byte> utf8) => IsValue(utf8, JsonTokenType.None);

    private static bool IsValue(ReadOnlySpan<byte> utf8, JsonTokenType first)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth });
            if (!reader.Read() || (first != JsonTokenType.None && reader.TokenType != first))
            {
                return false;
            }

            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
