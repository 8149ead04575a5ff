using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Finds <c>thinking</c> and <c>redacted_thinking</c> blocks with a blob in them (wire/anthropic-messages.md §5).</summary>
internal static class AnthropicSignatureScanner
{
    /// <summary>Scans a request body. Fields of tool inputs and results do not count, whatever they are called.</summary>
    /// <exception cref="System.Text.Json.JsonException">The body is not JSON.</exception>
    public static HeldSignatures Find(ReadOnlySpan<byte> body)
    {
        var found = HeldSignatures.None;
        var cursor = new JsonCursor(body);
        if (!cursor.EnterObject())
        {
            return found;
        }

        while (cursor.NextProperty())
        {
            if (!cursor.NameIs("messages"u8))
            {
                cursor.SkipValue();
            }
            else if (cursor.EnterArray())
            {
                while (cursor.NextElement())
                {
                    found |= FindInMessage(ref cursor);
                }
            }
        }

        return found;
    }

    private static HeldSignatures FindInMessage(ref JsonCursor cursor)
    {
        var found = HeldSignatures.None;
        if (!cursor.EnterObject())
        {
            return found;
        }

        while (cursor.NextProperty())
        {
            if (!cursor.NameIs("content"u8))
            {
                cursor.SkipValue();
            }
            else if (cursor.EnterArray())
            {
                while (cursor.NextElement())
                {
                    found |= FindInBlock(ref cursor);
                }
            }
        }

        return found;
    }

    private static HeldSignatures FindInBlock(ref JsonCursor cursor)
    {
        EscapedText type = default, signature = default, data = default;
        if (!cursor.EnterObject())
        {
            return HeldSignatures.None;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("type"u8))
            {
                type = cursor.ReadText();
            }
            else if (cursor.NameIs("signature"u8))
            {
                signature = cursor.ReadText();
            }
            else if (cursor.NameIs("data"u8))
            {
                data = cursor.ReadText();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return type switch
        {
            _ when type.TextEquals("thinking"u8) => RequestSignatures.Of(signature),
            _ when type.TextEquals("redacted_thinking"u8) => RequestSignatures.Of(data),
            _ => HeldSignatures.None,
        };
    }
}
