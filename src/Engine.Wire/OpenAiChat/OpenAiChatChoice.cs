using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// One element of <c>choices</c>, noted but not yet acted upon: properties come in any order, so the reader acts at the closing
/// brace. Spans are valid as long as the event.
/// </summary>
internal ref struct OpenAiChatChoice
{
    public int Index;
    public bool HasDelta;
    public bool IsWholeMessage;
    public RawJson Content;
    public EscapedText ReasoningContent;
    public EscapedText Reasoning;
    public EscapedText ReasoningText;
    public RawJson ReasoningDetails;
    public EscapedText Refusal;
    public RawJson ToolCalls;
    public RawJson FunctionCall;
    public RawJson Images;
    public RawJson Annotations;
    public EscapedText Transcript;
    public EscapedText Signature;
    public EscapedText FinishReason;
    public EscapedText StopSequence;
    public RawJson Usage;
    public RawJson Error;

    /// <summary>Reads the object the cursor stands before; false when it is something else.</summary>
    public static bool TryRead(ref JsonCursor cursor, ref OpenAiChatChoice choice)
    {
        if (!cursor.EnterObject())
        {
            return false;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("delta"u8))
            {
                choice.HasDelta = choice.ReadMessage(ref cursor) || choice.HasDelta;
            }
            else if (cursor.NameIs("index"u8))
            {
                choice.Index = (int)Math.Clamp(cursor.ReadInteger(), -1, int.MaxValue);
            }
            else if (cursor.NameIs("finish_reason"u8))
            {
                choice.FinishReason = cursor.ReadText();
            }
            else if (cursor.NameIs("message"u8))
            {
                choice.IsWholeMessage = choice.ReadMessage(ref cursor) || choice.IsWholeMessage;
            }
            else if (cursor.NameIs("stop_reason"u8) || cursor.NameIs("matched_stop"u8))
            {
                // vLLM and SGLang: the stop sequence that was hit, as a string; a number is a token id.
                choice.StopSequence = cursor.TryReadText(out var stop) ? stop : choice.StopSequence;
            }
            else if (cursor.NameIs("usage"u8))
            {
                choice.Usage = cursor.ReadRaw();
            }
            else if (cursor.NameIs("error"u8))
            {
                choice.Error = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return true;
    }

    // A `message` beside a `delta` repeats what was streamed; what the delta said is kept.
    private bool ReadMessage(ref JsonCursor cursor)
    {
        if (!cursor.EnterObject())
        {
            return false;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("content"u8))
            {
                Content = Keep(Content, cursor.ReadRaw());
            }
            else if (cursor.NameIs("reasoning_content"u8))
            {
                ReasoningContent = Keep(ReasoningContent, cursor.ReadText());
            }
            else if (cursor.NameIs("tool_calls"u8))
            {
                ToolCalls = Keep(ToolCalls, cursor.ReadRaw());
            }
            else if (cursor.NameIs("reasoning"u8))
            {
                Reasoning = Keep(Reasoning, cursor.ReadText());
            }
            else if (cursor.NameIs("reasoning_details"u8))
            {
                ReasoningDetails = Keep(ReasoningDetails, cursor.ReadRaw());
            }
            else if (cursor.NameIs("refusal"u8))
            {
                Refusal = Keep(Refusal, cursor.ReadText());
            }
            else
            {
                ReadRareField(ref cursor);
            }
        }

        return true;
    }

    private void ReadRareField(ref JsonCursor cursor)
    {
        if (cursor.NameIs("reasoning_text"u8))
        {
            ReasoningText = Keep(ReasoningText, cursor.ReadText());
        }
        else if (cursor.NameIs("function_call"u8))
        {
            FunctionCall = Keep(FunctionCall, cursor.ReadRaw());
        }
        else if (cursor.NameIs("images"u8))
        {
            Images = Keep(Images, cursor.ReadRaw());
        }
        else if (cursor.NameIs("annotations"u8))
        {
            Annotations = Keep(Annotations, cursor.ReadRaw());
        }
        else if (cursor.NameIs("audio"u8))
        {
            Transcript = Keep(Transcript, ReadTranscript(ref cursor));
        }
        else if (cursor.NameIs("extra_content"u8))
        {
            Signature = Keep(Signature, ReadThoughtSignature(ref cursor));
        }
        else
        {
            cursor.SkipValue();
        }
    }

    /// <summary><c>extra_content.google.thought_signature</c>, read from the value of <c>extra_content</c>; empty when absent.</summary>
    public static EscapedText ReadThoughtSignature(scoped ref JsonCursor cursor)
    {
        EscapedText signature = default;
        if (!cursor.EnterObject())
        {
            return signature;
        }

        while (cursor.NextProperty())
        {
            if (!cursor.NameIs("google"u8))
            {
                cursor.SkipValue();
            }
            else if (cursor.EnterObject())
            {
                while (cursor.NextProperty())
                {
                    if (cursor.NameIs("thought_signature"u8))
                    {
                        signature = cursor.ReadText();
                    }
                    else
                    {
                        cursor.SkipValue();
                    }
                }
            }
        }

        return signature;
    }

    private static EscapedText ReadTranscript(scoped ref JsonCursor cursor)
    {
        EscapedText transcript = default;
        if (!cursor.EnterObject())
        {
            return transcript;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("transcript"u8))
            {
                transcript = cursor.ReadText();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return transcript;
    }

    private static RawJson Keep(RawJson known, RawJson value) => known.IsEmpty ? value : known;

    private static EscapedText Keep(EscapedText known, EscapedText value) => known.IsEmpty ? value : known;
}
