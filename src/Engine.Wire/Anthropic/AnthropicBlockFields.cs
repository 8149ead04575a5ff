using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>What an answer's content block holds, as far as other dialects are concerned.</summary>
internal enum AnthropicBlockType
{
    /// <summary>
    /// A hosted tool's call or result, a compaction, a fallback marker, or a type of tomorrow: invisible to other dialects.
    /// </summary>
    Hosted,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Reasoning.</summary>
    Thinking,

    /// <summary>Reasoning only Claude can read.</summary>
    RedactedThinking,

    /// <summary>A call of the client's tool.</summary>
    ToolUse,
}

/// <summary>A content block of an answer: whole, or as <c>content_block_start</c> carries it. Valid as long as the event.</summary>
internal ref struct AnthropicBlockFields
{
    public AnthropicBlockType Type;
    public EscapedText Id;
    public EscapedText Name;
    public EscapedText Text;
    public EscapedText Thinking;
    public EscapedText Signature;
    public EscapedText Data;
    public RawJson Input;
    public RawJson Citations;

    /// <summary>True when the call's arguments stand in the block itself and are more than <c>{}</c>.</summary>
    public readonly bool HasInput
    {
        get
        {
            var cursor = new JsonCursor(Input.Utf8);
            return !Input.IsEmpty && (!cursor.EnterObject() || cursor.NextProperty());
        }
    }

    /// <summary>Reads a block.</summary>
    /// <exception cref="System.Text.Json.JsonException">The bytes are not JSON.</exception>
    public static AnthropicBlockFields Read(RawJson block)
    {
        var fields = default(AnthropicBlockFields);
        if (block.IsEmpty)
        {
            return fields;
        }

        var cursor = new JsonCursor(block.Utf8);
        if (!cursor.EnterObject())
        {
            return fields;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("type"u8))
            {
                fields.Type = TypeOf(cursor.ReadText());
            }
            else if (cursor.NameIs("id"u8))
            {
                fields.Id = cursor.ReadText();
            }
            else if (cursor.NameIs("name"u8))
            {
                fields.Name = cursor.ReadText();
            }
            else if (cursor.NameIs("text"u8))
            {
                fields.Text = cursor.ReadText();
            }
            else if (cursor.NameIs("thinking"u8))
            {
                fields.Thinking = cursor.ReadText();
            }
            else if (cursor.NameIs("signature"u8))
            {
                fields.Signature = cursor.ReadText();
            }
            else if (cursor.NameIs("data"u8))
            {
                fields.Data = cursor.ReadText();
            }
            else if (cursor.NameIs("input"u8))
            {
                fields.Input = cursor.ReadRaw();
            }
            else if (cursor.NameIs("citations"u8))
            {
                fields.Citations = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return fields;
    }

    private static AnthropicBlockType TypeOf(EscapedText type) => type switch
    {
        _ when type.TextEquals("text"u8) => AnthropicBlockType.Text,
        _ when type.TextEquals("thinking"u8) => AnthropicBlockType.Thinking,
        _ when type.TextEquals("redacted_thinking"u8) => AnthropicBlockType.RedactedThinking,
        _ when type.TextEquals("tool_use"u8) => AnthropicBlockType.ToolUse,
        _ => AnthropicBlockType.Hosted,
    };
}
