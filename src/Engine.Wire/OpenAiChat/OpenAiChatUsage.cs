using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>The <c>usage</c> object, read with its vendor variants and written (wire/openai-chat.md §5, wire/mapping.md §5.3).</summary>
internal static class OpenAiChatUsage
{
    public static TokenUsage Read(RawJson json)
    {
        long input = -1, output = -1, total = -1, cached = -1, written = -1, reasoning = -1;
        var cursor = new JsonCursor(json.Utf8);
        if (!cursor.EnterObject())
        {
            return TokenUsage.Unknown;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("prompt_tokens"u8))
            {
                input = cursor.ReadInteger(-1);
            }
            else if (cursor.NameIs("completion_tokens"u8))
            {
                output = cursor.ReadInteger(-1);
            }
            else if (cursor.NameIs("total_tokens"u8))
            {
                total = cursor.ReadInteger(-1);
            }
            else if (cursor.NameIs("prompt_tokens_details"u8))
            {
                ReadInputDetails(ref cursor, ref cached, ref written);
            }
            else if (cursor.NameIs("completion_tokens_details"u8))
            {
                ReadOutputDetails(ref cursor, ref reasoning);
            }
            else if (cursor.NameIs("cached_tokens"u8)
                || cursor.NameIs("prompt_cache_hit_tokens"u8)
                || cursor.NameIs("cache_read_input_tokens"u8))
            {
                cached = Later(cached, cursor.ReadInteger(-1));
            }
            else if (cursor.NameIs("cache_creation_input_tokens"u8))
            {
                written = Later(written, cursor.ReadInteger(-1));
            }
            else if (cursor.NameIs("reasoning_tokens"u8))
            {
                reasoning = Later(reasoning, cursor.ReadInteger(-1));
            }
            else
            {
                cursor.SkipValue();
            }
        }

        // xAI and older servers leave reasoning out of completion_tokens; only the total tells.
        if (reasoning > 0 && input >= 0 && output >= 0 && total == input + output + reasoning)
        {
            output += reasoning;
        }

        return new TokenUsage { Input = input, CachedInput = cached, CacheWrite = written, Output = output, Reasoning = reasoning };
    }

    /// <summary>Writes the object; unknown counts are zero, never null.</summary>
    public static void Write(JsonEmitter emitter, TokenUsage usage)
    {
        var known = usage.OrZero();
        emitter.ObjectStart();
        emitter.Number("prompt_tokens"u8, known.Input);
        emitter.Number("completion_tokens"u8, known.Output);
        emitter.Number("total_tokens"u8, known.Input + known.Output);
        emitter.ObjectStart("prompt_tokens_details"u8);
        emitter.Number("cached_tokens"u8, known.CachedInput);
        if (known.CacheWrite > 0)
        {
            emitter.Number("cache_write_tokens"u8, known.CacheWrite);
        }

        emitter.ObjectEnd();
        emitter.ObjectStart("completion_tokens_details"u8);
        emitter.Number("reasoning_tokens"u8, known.Reasoning);
        emitter.ObjectEnd();
        emitter.ObjectEnd();
    }

    private static void ReadInputDetails(ref JsonCursor cursor, ref long cached, ref long written)
    {
        if (!cursor.EnterObject())
        {
            return;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("cached_tokens"u8))
            {
                cached = Later(cached, cursor.ReadInteger(-1));
            }
            else if (cursor.NameIs("cache_write_tokens"u8))
            {
                written = Later(written, cursor.ReadInteger(-1));
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    private static void ReadOutputDetails(ref JsonCursor cursor, ref long reasoning)
    {
        if (!cursor.EnterObject())
        {
            return;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("reasoning_tokens"u8))
            {
                reasoning = Later(reasoning, cursor.ReadInteger(-1));
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    // Vendors repeat one count under several names; a name that says more wins over one that says zero.
    private static long Later(long known, long value) => Math.Max(known, value);
}
