using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Freeform input out of the object that carries it elsewhere: <c>{"input":"…"}</c> (wire/mapping.md §2.8).</summary>
internal static class OpenAiChatFreeform
{
    /// <summary>True and the input when the arguments are that object.</summary>
    public static bool TryReadInput(ToolArguments arguments, out EscapedSlice input)
    {
        input = default;
        try
        {
            var json = arguments.Object.IsPresent ? arguments.Object.Utf8 : Unescaped(arguments.Text);
            var cursor = new JsonCursor(json.Span);
            if (json.IsEmpty || !cursor.EnterObject())
            {
                return false;
            }

            while (cursor.NextProperty())
            {
                if (!cursor.NameIs("input"u8))
                {
                    cursor.SkipValue();
                }
                else if (cursor.TryReadText(out var text))
                {
                    var found = json.Span.Overlaps(text.Content, out var offset);
                    input = EscapedSlice.FromContent(found ? json.Slice(offset, text.Content.Length) : default);
                    return true;
                }
            }

            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>True when a call of this name is one of the client's freeform tools.</summary>
    public static bool Holds(AnswerContext context, EscapedText name) => context.FreeformTools.Count > 0 && context.FreeformTools.Contains(name.Decode());

    /// <summary>Writes <c>input</c>. Arguments that do not carry one are given as the model wrote them; none are the empty text.</summary>
    public static void WriteInput(JsonEmitter emitter, ToolArguments arguments)
    {
        if (TryReadInput(arguments, out var input))
        {
            emitter.Text("input"u8, input);
        }
        else if (arguments.Object.IsPresent || !arguments.Text.IsEmpty)
        {
            emitter.Name("input"u8);
            arguments.WriteAsText(emitter);
        }
        else
        {
            emitter.Literal("input"u8, default);
        }
    }

    private static ReadOnlyMemory<byte> Unescaped(EscapedSlice text)
    {
        var json = new byte[text.Content.Length];
        return json.AsMemory(0, JsonStrings.Unescape(text.Content.Span, json));
    }
}
