using System.Text.Json;
using Engine.Wire.Json;

namespace Engine.Wire.Completion.Request;

/// <summary>Arguments of a call in history: a JSON object (Anthropic, Gemini) or JSON text in a JSON string (OpenAI). Opaque; never re-serialised.</summary>
public readonly record struct ToolArguments
{
    private ToolArguments(JsonSlice json, EscapedSlice text)
    {
        Object = json;
        Text = text;
    }

    /// <summary>The arguments as a JSON value, when they came so.</summary>
    public JsonSlice Object { get; }

    /// <summary>The arguments as escaped JSON text, when they came so.</summary>
    public EscapedSlice Text { get; }

    /// <summary>Arguments that came as a JSON value.</summary>
    public static ToolArguments FromObject(JsonSlice json) => new(json, default);

    /// <summary>Arguments that came as JSON text in a string.</summary>
    public static ToolArguments FromText(EscapedSlice text) => new(default, text);

    /// <summary>Writes the value of a JSON string field, <c>"{}"</c> when there are no arguments.</summary>
    public void WriteAsText(JsonEmitter emitter)
    {
        if (Object.IsPresent)
        {
            emitter.TextStart();
            emitter.TextPiece(Object.Json);
            emitter.TextEnd();
        }
        else if (Text.IsEmpty)
        {
            emitter.Literal("{}"u8);
        }
        else
        {
            emitter.Text(Text);
        }
    }

    /// <summary>Writes a JSON object. Text that is not a JSON object is written as <c>{}</c> and answers false.</summary>
    public bool WriteAsObject(JsonEmitter emitter)
    {
        if (Object.IsPresent)
        {
            emitter.Raw(Object);
            return true;
        }

        if (!Text.IsEmpty && IsObject(Text))
        {
            emitter.Unescaped(Text.Text);
            return true;
        }

        emitter.ObjectStart();
        emitter.ObjectEnd();
        return Text.IsEmpty;
    }

    private static bool IsObject(EscapedSlice text)
    {
        using var unescaped = new PooledBytes();
        try
        {
            unescaped.Advance(JsonStrings.Unescape(text.Content.Span, unescaped.GetSpan(text.Content.Length)));
            return JsonValidity.IsObject(unescaped.Span);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
