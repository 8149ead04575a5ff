using System.Text.Json;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>What an error answer says, whatever shape it has (wire/anthropic-messages.md §8).</summary>
/// <param name="Type">Its type, or the status word of a cloud host's own shape; empty when it has none.</param>
/// <param name="Message">Its message; empty when it has none.</param>
/// <param name="Code">The finer <c>details.error_code</c>; empty when it has none.</param>
internal sealed record AnthropicFault(string Type, string Message, string Code)
{
    private static readonly AnthropicFault Unreadable = new("", "", "");

    /// <summary>Reads a body: the dialect's envelope, the bare error object, a cloud host's shape, or something else altogether.</summary>
    public static AnthropicFault Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return ParseJson(body);
        }
        catch (JsonException)
        {
            return Unreadable;
        }
    }

    private static AnthropicFault ParseJson(ReadOnlySpan<byte> body)
    {
        var cursor = new JsonCursor(body);
        if (body.IsEmpty || !cursor.EnterObject())
        {
            return Unreadable;
        }

        EscapedText type = default, status = default, message = default, code = default;
        RawJson inner = default;
        while (cursor.NextProperty())
        {
            if (cursor.NameIs("error"u8))
            {
                inner = cursor.ReadRaw();
            }
            else if (cursor.NameIs("type"u8))
            {
                type = cursor.ReadText();
            }
            else if (cursor.NameIs("status"u8))
            {
                status = cursor.ReadText();
            }
            else if (cursor.NameIs("message"u8))
            {
                message = cursor.ReadText();
            }
            else if (cursor.NameIs("details"u8))
            {
                code = CodeOf(cursor.ReadRaw());
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (inner.IsEmpty)
        {
            return new AnthropicFault((type.IsEmpty ? status : type).Decode(), message.Decode(), code.Decode());
        }

        var text = new JsonCursor(inner.Utf8);
        return text.TryReadText(out var words) ? new AnthropicFault("", words.Decode(), "") : ParseJson(inner.Utf8);
    }

    private static EscapedText CodeOf(RawJson details)
    {
        if (!details.IsEmpty)
        {
            var cursor = new JsonCursor(details.Utf8);
            if (cursor.EnterObject())
            {
                while (cursor.NextProperty())
                {
                    if (cursor.NameIs("error_code"u8))
                    {
                        return cursor.ReadText();
                    }

                    cursor.SkipValue();
                }
            }
        }

        return default;
    }
}
