using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>One element of <c>tool_calls</c>, noted (wire/openai-chat.md §4, §6). Spans are valid as long as the event.</summary>
internal ref struct OpenAiChatToolDelta
{
    public const int NoIndex = -1;

    public int Index;
    public EscapedText Id;
    public EscapedText Name;
    public RawJson Arguments;
    public bool IsFreeform;
    public EscapedText Signature;

    /// <summary>True when there is something to pass on: a string that is not empty, or a value sent whole.</summary>
    public readonly bool HasArguments =>
        !Arguments.IsEmpty && Arguments.Utf8[0] is (byte)'{' or (byte)'[' or (byte)'"' && !Arguments.Utf8.SequenceEqual("\"\""u8);

    /// <summary>Reads the object the cursor stands before; false when it is something else.</summary>
    public static bool TryRead(ref JsonCursor cursor, ref OpenAiChatToolDelta delta)
    {
        delta.Index = NoIndex;
        if (!cursor.EnterObject())
        {
            return false;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("index"u8))
            {
                delta.Index = (int)Math.Clamp(cursor.ReadInteger(NoIndex), NoIndex, int.MaxValue);
            }
            else if (cursor.NameIs("function"u8))
            {
                delta.TryReadFunction(ref cursor);
            }
            else if (cursor.NameIs("id"u8))
            {
                delta.Id = cursor.ReadText();
            }
            else if (cursor.NameIs("custom"u8))
            {
                delta.IsFreeform = delta.TryReadFunction(ref cursor) || delta.IsFreeform;
            }
            else if (cursor.NameIs("extra_content"u8))
            {
                delta.Signature = OpenAiChatChoice.ReadThoughtSignature(ref cursor);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return true;
    }

    /// <summary>Reads a <c>function</c>, <c>custom</c> or <c>function_call</c> object.</summary>
    public bool TryReadFunction(ref JsonCursor cursor)
    {
        if (!cursor.EnterObject())
        {
            return false;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("name"u8))
            {
                Name = cursor.ReadText();
            }
            else if (cursor.NameIs("arguments"u8) || cursor.NameIs("input"u8))
            {
                Arguments = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return true;
    }
}
