using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// One part of an answer as slices of its event (wire/gemini.md §2, §5). The order of its properties means nothing, so it is
/// read to its end before anything is said about it. Valid as long as the event.
/// </summary>
internal readonly ref struct GeminiPart
{
    /// <summary>True when <see cref="Text"/> was there, empty or not.</summary>
    public bool HasText { get; private init; }

    /// <summary>Answer or thought.</summary>
    public EscapedText Text { get; private init; }

    /// <summary>True for a thought.</summary>
    public bool IsThought { get; private init; }

    /// <summary>Base64; empty when absent.</summary>
    public EscapedText Signature { get; private init; }

    /// <summary>True for a function call, an empty one too.</summary>
    public bool HasCall { get; private init; }

    /// <summary>What is called.</summary>
    public GeminiCall Call { get; private init; }

    /// <summary>Type of inline data.</summary>
    public EscapedText MimeType { get; private init; }

    /// <summary>Inline data in base64; empty when the part has none.</summary>
    public EscapedText Data { get; private init; }

    /// <summary>True for what the provider runs itself (code, server-side tools) or keeps itself (<c>fileData</c>): it has no event.</summary>
    public bool IsHosted { get; private init; }

    /// <summary>Consumes one part.</summary>
    public static GeminiPart Read(scoped ref JsonCursor cursor)
    {
        EscapedText text = default, signature = default, mimeType = default, data = default;
        bool hasText = false, thought = false, hasCall = false, hosted = false;
        GeminiCall call = default;
        if (cursor.EnterObject())
        {
            while (cursor.NextProperty())
            {
                if (cursor.NameIs("text"u8))
                {
                    hasText = cursor.TryReadText(out text);
                }
                else if (cursor.NameIs("thought"u8))
                {
                    thought = cursor.ReadTrue();
                }
                else if (cursor.NameIs("thoughtSignature"u8) || cursor.NameIs("thought_signature"u8))
                {
                    signature = cursor.ReadText();
                }
                else if (cursor.NameIs("functionCall"u8) || cursor.NameIs("function_call"u8))
                {
                    hasCall = GeminiCall.TryRead(ref cursor, out call);
                }
                else if (cursor.NameIs("inlineData"u8) || cursor.NameIs("inline_data"u8))
                {
                    ReadInlineData(ref cursor, out mimeType, out data);
                }
                else
                {
                    hosted |= IsHostedName(in cursor);
                    cursor.SkipValue();
                }
            }
        }

        return new GeminiPart
        {
            HasText = hasText,
            Text = text,
            IsThought = thought,
            Signature = signature,
            HasCall = hasCall,
            Call = call,
            MimeType = mimeType,
            Data = data,
            IsHosted = hosted,
        };
    }

    private static void ReadInlineData(scoped ref JsonCursor cursor, out EscapedText mimeType, out EscapedText data)
    {
        mimeType = data = default;
        if (!cursor.EnterObject())
        {
            return;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("mimeType"u8) || cursor.NameIs("mime_type"u8))
            {
                mimeType = cursor.ReadText();
            }
            else if (cursor.NameIs("data"u8))
            {
                data = cursor.ReadText();
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    private static bool IsHostedName(scoped in JsonCursor cursor) =>
        cursor.NameIs("executableCode"u8) || cursor.NameIs("executable_code"u8)
        || cursor.NameIs("codeExecutionResult"u8) || cursor.NameIs("code_execution_result"u8)
        || cursor.NameIs("toolCall"u8) || cursor.NameIs("tool_call"u8)
        || cursor.NameIs("toolResponse"u8) || cursor.NameIs("tool_response"u8)
        || cursor.NameIs("fileData"u8) || cursor.NameIs("file_data"u8);
}

/// <summary>The inside of a <c>functionCall</c> as slices of its event.</summary>
internal readonly ref struct GeminiCall
{
    /// <summary>Empty when the upstream gives none.</summary>
    public EscapedText Id { get; private init; }

    /// <summary>The function; empty on the continuations of a call that Vertex streams in pieces.</summary>
    public EscapedText Name { get; private init; }

    /// <summary>The arguments; empty when there are none.</summary>
    public RawJson Arguments { get; private init; }

    /// <summary>Vertex: pieces of the arguments; empty when absent.</summary>
    public RawJson PartialArguments { get; private init; }

    /// <summary>Vertex: more pieces follow.</summary>
    public bool WillContinue { get; private init; }

    /// <summary>Consumes one value; false when it is not an object.</summary>
    public static bool TryRead(scoped ref JsonCursor cursor, out GeminiCall call)
    {
        EscapedText id = default, name = default;
        RawJson arguments = default, partial = default;
        var willContinue = false;
        call = default;
        if (!cursor.EnterObject())
        {
            return false;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("name"u8))
            {
                name = cursor.ReadText();
            }
            else if (cursor.NameIs("args"u8))
            {
                arguments = cursor.ReadRaw();
            }
            else if (cursor.NameIs("id"u8))
            {
                id = cursor.ReadText();
            }
            else if (cursor.NameIs("partialArgs"u8) || cursor.NameIs("partial_args"u8))
            {
                partial = cursor.ReadRaw();
            }
            else if (cursor.NameIs("willContinue"u8) || cursor.NameIs("will_continue"u8))
            {
                willContinue = cursor.ReadTrue();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        call = new GeminiCall { Id = id, Name = name, Arguments = arguments, PartialArguments = partial, WillContinue = willContinue };
        return true;
    }
}
