using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// A message's fields, noted in one pass whatever their order (wire/anthropic-messages.md §6). Valid as long as the bytes.
/// </summary>
internal ref struct AnthropicMessageFields
{
    public EscapedText Id;
    public EscapedText Model;
    public RawJson Content;
    public EscapedText StopReason;
    public EscapedText StopSequence;
    public RawJson StopDetails;
    public RawJson Usage;
    public RawJson Error;

    /// <summary>Reads a message, whole or as <c>message_start</c> carries it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The bytes are not JSON.</exception>
    public static AnthropicMessageFields Read(ReadOnlySpan<byte> json)
    {
        var fields = default(AnthropicMessageFields);
        if (json.IsEmpty)
        {
            return fields;
        }

        var cursor = new JsonCursor(json);
        if (!cursor.EnterObject())
        {
            return fields;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("id"u8))
            {
                fields.Id = cursor.ReadText();
            }
            else if (cursor.NameIs("model"u8))
            {
                fields.Model = cursor.ReadText();
            }
            else if (cursor.NameIs("content"u8))
            {
                fields.Content = cursor.ReadRaw();
            }
            else if (cursor.NameIs("stop_reason"u8))
            {
                fields.StopReason = cursor.ReadText();
            }
            else if (cursor.NameIs("stop_sequence"u8))
            {
                fields.StopSequence = cursor.ReadText();
            }
            else if (cursor.NameIs("stop_details"u8))
            {
                fields.StopDetails = cursor.ReadRaw();
            }
            else if (cursor.NameIs("usage"u8))
            {
                fields.Usage = cursor.ReadRaw();
            }
            else if (cursor.NameIs("error"u8))
            {
                fields.Error = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return fields;
    }

    /// <summary>The provider's words in <c>stop_details</c>.</summary>
    public static EscapedText ExplanationOf(RawJson details)
    {
        if (!details.IsEmpty)
        {
            var cursor = new JsonCursor(details.Utf8);
            if (cursor.EnterObject())
            {
                while (cursor.NextProperty())
                {
                    if (cursor.NameIs("explanation"u8))
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
