using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Finds <c>thoughtSignature</c>s in <c>contents</c> (wire/gemini.md §4). Sentinels are no signatures.</summary>
internal static class GeminiSignatureScanner
{
    // How a carrier begins in base64, plain and behind the word of redacted reasoning.
    private static ReadOnlySpan<byte> Carrier => "cHgxL"u8;

    private static ReadOnlySpan<byte> RedactedCarrier => "cmVkYWN0ZWQucHgxL"u8;

    /// <summary>Scans a request body, or the request inside one that counts tokens. Fields of arguments and results do not count.</summary>
    /// <exception cref="System.Text.Json.JsonException">The body is not JSON.</exception>
    public static HeldSignatures Find(ReadOnlySpan<byte> body)
    {
        var cursor = new JsonCursor(body);
        return FindInRequest(ref cursor, isNested: false);
    }

    private static HeldSignatures FindInRequest(ref JsonCursor cursor, bool isNested)
    {
        var found = HeldSignatures.None;
        if (!cursor.EnterObject())
        {
            return found;
        }

        while (cursor.NextProperty())
        {
            if (!isNested && (cursor.NameIs("generateContentRequest"u8) || cursor.NameIs("generate_content_request"u8)))
            {
                found |= FindInRequest(ref cursor, isNested: true);
            }
            else if (!cursor.NameIs("contents"u8))
            {
                cursor.SkipValue();
            }
            else if (cursor.EnterArray())
            {
                while (cursor.NextElement())
                {
                    found |= FindInContent(ref cursor);
                }
            }
        }

        return found;
    }

    private static HeldSignatures FindInContent(ref JsonCursor cursor)
    {
        var found = HeldSignatures.None;
        if (!cursor.EnterObject())
        {
            return found;
        }

        while (cursor.NextProperty())
        {
            if (!cursor.NameIs("parts"u8))
            {
                cursor.SkipValue();
            }
            else if (cursor.EnterArray())
            {
                while (cursor.NextElement())
                {
                    found |= FindInPart(ref cursor);
                }
            }
        }

        return found;
    }

    private static HeldSignatures FindInPart(ref JsonCursor cursor)
    {
        var found = HeldSignatures.None;
        if (!cursor.EnterObject())
        {
            return found;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("thoughtSignature"u8) || cursor.NameIs("thought_signature"u8))
            {
                found |= Of(cursor.ReadText());
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return found;
    }

    private static HeldSignatures Of(EscapedText blob)
    {
        if (blob.IsEmpty || GeminiSignatures.IsSentinel(blob))
        {
            return HeldSignatures.None;
        }

        var isCarrier = blob.Content.StartsWith(Carrier) || blob.Content.StartsWith(RedactedCarrier);
        return isCarrier ? HeldSignatures.Carried : HeldSignatures.Own;
    }
}
