using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>The parts of an answer, shared by stream and whole body (wire/gemini.md §5).</summary>
internal static class GeminiPartWriter
{
    /// <summary>Text or a thought; <paramref name="signature"/> is empty when there is none.</summary>
    public static void Text(JsonEmitter emitter, EscapedText text, bool isThought, ReadOnlySpan<byte> signature)
    {
        emitter.ObjectStart();
        emitter.Text("text"u8, text);
        if (isThought)
        {
            emitter.Boolean("thought"u8, true);
        }

        End(emitter, signature);
    }

    /// <summary>A call.</summary>
    public static void Call(JsonEmitter emitter, EscapedText id, EscapedText name, RawJson arguments, ReadOnlySpan<byte> signature)
    {
        emitter.ObjectStart();
        emitter.ObjectStart("functionCall"u8);
        if (!id.IsEmpty)
        {
            emitter.Text("id"u8, id);
        }

        emitter.Text("name"u8, name);
        emitter.Raw("args"u8, arguments);
        emitter.ObjectEnd();
        End(emitter, signature);
    }

    /// <summary>Inline data.</summary>
    public static void Media(JsonEmitter emitter, EscapedText mimeType, EscapedText data, ReadOnlySpan<byte> signature)
    {
        emitter.ObjectStart();
        emitter.ObjectStart("inlineData"u8);
        emitter.Text("mimeType"u8, mimeType);
        emitter.Text("data"u8, data);
        emitter.ObjectEnd();
        End(emitter, signature);
    }

    /// <summary>
    /// True when the signature of a reasoning block is written: always when its text is shown or was withheld by the upstream,
    /// and otherwise only where it does not vouch for the text that is hidden here. Clients send it back either way.
    /// </summary>
    public static bool ShowsSignature(ReasoningShow show, SignatureFamily family, bool hasText) =>
        show == ReasoningShow.Shown || !hasText || family is SignatureFamily.Gemini or SignatureFamily.Gpt;

    /// <summary>True when the part that holds only a signature is marked as a thought; Gemini's own stand on plain parts.</summary>
    public static bool MarksSignature(SignatureFamily family) => family != SignatureFamily.Gemini;

    /// <summary>Reason and message of a candidate's end.</summary>
    public static void Finish(JsonEmitter emitter, GeminiEnding ending)
    {
        emitter.Literal("finishReason"u8, GeminiFinishReasons.Write(ending.Reason));
        if (ending.Message is { Length: > 0 } message)
        {
            emitter.Text("finishMessage"u8, EscapedText.FromContent(message));
        }
    }

    private static void End(JsonEmitter emitter, ReadOnlySpan<byte> signature)
    {
        if (!signature.IsEmpty)
        {
            emitter.Text("thoughtSignature"u8, EscapedText.FromContent(signature));
        }

        emitter.ObjectEnd();
    }
}
