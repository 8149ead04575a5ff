using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Finds signatures and encrypted reasoning in messages: <c>reasoning_details</c> and Google's <c>extra_content</c>, on the message
/// and on its calls (wire/openai-chat.md §3, wire/mapping.md §3.5).
/// </summary>
internal static class OpenAiChatSignatureScanner
{
    /// <summary>Scans a request body. Arguments of calls are text and do not count.</summary>
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
            if (cursor.NameIs("extra_content"u8))
            {
                found |= RequestSignatures.Of(OpenAiChatChoice.ReadThoughtSignature(ref cursor));
            }
            else if (cursor.NameIs("tool_calls"u8))
            {
                found |= FindInCalls(ref cursor);
            }
            else if (cursor.NameIs("reasoning_details"u8))
            {
                found |= FindInDetails(ref cursor);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return found;
    }

    private static HeldSignatures FindInCalls(ref JsonCursor cursor)
    {
        var found = HeldSignatures.None;
        if (!cursor.EnterArray())
        {
            return found;
        }

        while (cursor.NextElement())
        {
            if (!cursor.EnterObject())
            {
                continue;
            }

            while (cursor.NextProperty())
            {
                if (cursor.NameIs("extra_content"u8))
                {
                    found |= RequestSignatures.Of(OpenAiChatChoice.ReadThoughtSignature(ref cursor));
                }
                else
                {
                    cursor.SkipValue();
                }
            }
        }

        return found;
    }

    private static HeldSignatures FindInDetails(ref JsonCursor cursor)
    {
        var found = HeldSignatures.None;
        if (!cursor.EnterArray())
        {
            return found;
        }

        while (cursor.NextElement())
        {
            if (!cursor.EnterObject())
            {
                continue;
            }

            while (cursor.NextProperty())
            {
                if (cursor.NameIs("signature"u8) || cursor.NameIs("data"u8))
                {
                    found |= RequestSignatures.Of(cursor.ReadText());
                }
                else
                {
                    cursor.SkipValue();
                }
            }
        }

        return found;
    }
}
