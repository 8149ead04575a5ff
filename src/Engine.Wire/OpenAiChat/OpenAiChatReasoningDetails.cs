using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// <c>reasoning_details</c>, OpenRouter's carrier of signed and encrypted reasoning (wire/openai-chat.md §3, wire/mapping.md §3.5).
/// </summary>
internal static class OpenAiChatReasoningDetails
{
    /// <summary>Whose blob a detail of this <c>format</c> holds.</summary>
    public static SignatureFamily FamilyOf(EscapedText format)
    {
        if (format.Content.StartsWith("anthropic-claude"u8))
        {
            return SignatureFamily.Claude;
        }

        if (format.Content.StartsWith("google-gemini"u8))
        {
            return SignatureFamily.Gemini;
        }

        return format.Content.IndexOf("openai-responses"u8) >= 0 ? SignatureFamily.Gpt : SignatureFamily.Unknown;
    }

    /// <summary>The <c>format</c> of a family's blobs; empty when it has none.</summary>
    public static ReadOnlySpan<byte> FormatOf(SignatureFamily family) => family switch
    {
        SignatureFamily.Claude => "anthropic-claude-v1"u8,
        SignatureFamily.Gemini => "google-gemini-v1"u8,
        SignatureFamily.Gpt => "openai-responses-v1"u8,
        _ => default,
    };

    /// <summary>True when any detail carries reasoning text.</summary>
    public static bool HoldText(RawJson details)
    {
        var cursor = new JsonCursor(details.Utf8);
        if (!cursor.EnterArray())
        {
            return false;
        }

        var found = false;
        while (cursor.NextElement())
        {
            var detail = default(Detail);
            found |= Detail.TryRead(ref cursor, ref detail) && !detail.Text.IsEmpty;
        }

        return found;
    }

    /// <summary>Pushes text, signatures and encrypted reasoning in order.</summary>
    public static void Read(RawJson details, OpenAiChatCandidate candidate, ICompletionSink sink)
    {
        var cursor = new JsonCursor(details.Utf8);
        if (!cursor.EnterArray())
        {
            return;
        }

        while (cursor.NextElement())
        {
            var detail = default(Detail);
            if (!Detail.TryRead(ref cursor, ref detail))
            {
                continue;
            }

            var family = FamilyOf(detail.Format);
            candidate.Reasoning(detail.Text, sink);
            if (!detail.Signature.IsEmpty)
            {
                candidate.SignReasoning(family, detail.Signature, sink);
            }

            // OpenRouter ties a Gemini signature to its call by the call's id.
            if (!detail.Data.IsEmpty && !(family == SignatureFamily.Gemini && candidate.TryHoldForTool(detail.Id, detail.Data)))
            {
                candidate.Redacted(family, detail.Data, sink);
            }
        }
    }

    /// <summary>
    /// Writes a reasoning block; the text is left out when it was already shown, the signature when there is none. OpenAI's blobs are
    /// encrypted reasoning with a summary beside it.
    /// </summary>
    public static void WriteSigned(JsonEmitter emitter, SignatureFamily family, EscapedText text, EscapedText signature, int index)
    {
        if (family == SignatureFamily.Gpt && !signature.IsEmpty)
        {
            if (!text.IsEmpty)
            {
                emitter.ObjectStart();
                emitter.Literal("type"u8, "reasoning.summary"u8);
                emitter.Text("summary"u8, text);
                WriteTail(emitter, family, index);
            }

            WriteEncrypted(emitter, family, signature, index);
            return;
        }

        emitter.ObjectStart();
        emitter.Literal("type"u8, "reasoning.text"u8);
        if (!text.IsEmpty)
        {
            emitter.Text("text"u8, text);
        }

        if (!signature.IsEmpty)
        {
            emitter.Text("signature"u8, signature);
        }

        WriteTail(emitter, family, index);
    }

    /// <summary>Writes a detail that holds reasoning only its family can read.</summary>
    public static void WriteEncrypted(JsonEmitter emitter, SignatureFamily family, EscapedText data, int index, string toolId = "")
    {
        emitter.ObjectStart();
        emitter.Literal("type"u8, "reasoning.encrypted"u8);
        emitter.Text("data"u8, data);
        if (toolId.Length > 0)
        {
            emitter.Text("id"u8, toolId);
        }

        WriteTail(emitter, family, index);
    }

    private static void WriteTail(JsonEmitter emitter, SignatureFamily family, int index)
    {
        var format = FormatOf(family);
        if (!format.IsEmpty)
        {
            emitter.Literal("format"u8, format);
        }

        emitter.Number("index"u8, index);
        emitter.ObjectEnd();
    }

    private ref struct Detail
    {
        public EscapedText Text;
        public EscapedText Signature;
        public EscapedText Data;
        public EscapedText Format;
        public EscapedText Id;

        public static bool TryRead(ref JsonCursor cursor, ref Detail detail)
        {
            if (!cursor.EnterObject())
            {
                return false;
            }

            while (cursor.NextProperty())
            {
                if (cursor.NameIs("text"u8) || cursor.NameIs("summary"u8))
                {
                    detail.Text = cursor.ReadText();
                }
                else if (cursor.NameIs("signature"u8))
                {
                    detail.Signature = cursor.ReadText();
                }
                else if (cursor.NameIs("data"u8))
                {
                    detail.Data = cursor.ReadText();
                }
                else if (cursor.NameIs("format"u8))
                {
                    detail.Format = cursor.ReadText();
                }
                else if (cursor.NameIs("id"u8))
                {
                    detail.Id = cursor.ReadText();
                }
                else
                {
                    cursor.SkipValue();
                }
            }

            return true;
        }
    }
}
