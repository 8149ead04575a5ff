using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// One stream event's fields, noted in one pass over its JSON whatever their order, and acted upon after the closing brace
/// (wire/anthropic-messages.md §7). The fields of all delta types have different names, so one set holds them. Valid as long as
/// the event.
/// </summary>
internal ref struct AnthropicEventFields
{
    public EscapedText Type;
    public int Index;
    public RawJson Message;
    public RawJson ContentBlock;
    public RawJson Usage;
    public RawJson Error;
    public EscapedText DeltaType;
    public EscapedText Text;
    public EscapedText Thinking;
    public EscapedText PartialJson;
    public EscapedText Signature;
    public RawJson Citation;
    public EscapedText StopReason;
    public EscapedText StopSequence;
    public RawJson StopDetails;

    /// <summary>Reads an event.</summary>
    /// <exception cref="System.Text.Json.JsonException">The bytes are not JSON.</exception>
    public static AnthropicEventFields Read(ReadOnlySpan<byte> data)
    {
        var fields = default(AnthropicEventFields);
        var cursor = new JsonCursor(data);
        if (!cursor.EnterObject())
        {
            return fields;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("type"u8))
            {
                fields.Type = cursor.ReadText();
            }
            else if (cursor.NameIs("index"u8))
            {
                fields.Index = (int)Math.Clamp(cursor.ReadInteger(), 0, int.MaxValue - 1);
            }
            else if (cursor.NameIs("delta"u8))
            {
                fields.ReadDelta(ref cursor);
            }
            else if (cursor.NameIs("content_block"u8))
            {
                fields.ContentBlock = cursor.ReadRaw();
            }
            else if (cursor.NameIs("message"u8))
            {
                fields.Message = cursor.ReadRaw();
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

    private void ReadDelta(ref JsonCursor cursor)
    {
        if (!cursor.EnterObject())
        {
            return;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("type"u8))
            {
                DeltaType = cursor.ReadText();
            }
            else if (cursor.NameIs("text"u8))
            {
                Text = cursor.ReadText();
            }
            else if (cursor.NameIs("thinking"u8))
            {
                Thinking = cursor.ReadText();
            }
            else if (cursor.NameIs("partial_json"u8))
            {
                PartialJson = cursor.ReadText();
            }
            else if (cursor.NameIs("signature"u8))
            {
                Signature = cursor.ReadText();
            }
            else if (cursor.NameIs("citation"u8))
            {
                Citation = cursor.ReadRaw();
            }
            else if (cursor.NameIs("stop_reason"u8))
            {
                StopReason = cursor.ReadText();
            }
            else if (cursor.NameIs("stop_sequence"u8))
            {
                StopSequence = cursor.ReadText();
            }
            else if (cursor.NameIs("stop_details"u8))
            {
                StopDetails = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }
}
