using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// <c>usageMetadata</c> in both directions (wire/gemini.md §5, wire/mapping.md §5.3). Counts are cumulative and the last one of
/// each field wins; a field that is missing keeps its value, because early events leave out what is still zero.
/// </summary>
internal struct GeminiUsage
{
    private long? _prompt;
    private long? _toolUsePrompt;
    private long? _cached;
    private long? _candidates;
    private long? _thoughts;

    /// <summary>Takes one <c>usageMetadata</c> object.</summary>
    public void Read(scoped ref JsonCursor cursor)
    {
        if (!cursor.EnterObject())
        {
            return;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("promptTokenCount"u8) || cursor.NameIs("prompt_token_count"u8))
            {
                Take(ref cursor, ref _prompt);
            }
            else if (cursor.NameIs("candidatesTokenCount"u8) || cursor.NameIs("candidates_token_count"u8))
            {
                Take(ref cursor, ref _candidates);
            }
            else if (cursor.NameIs("thoughtsTokenCount"u8) || cursor.NameIs("thoughts_token_count"u8))
            {
                Take(ref cursor, ref _thoughts);
            }
            else if (cursor.NameIs("cachedContentTokenCount"u8) || cursor.NameIs("cached_content_token_count"u8))
            {
                Take(ref cursor, ref _cached);
            }
            else if (cursor.NameIs("toolUsePromptTokenCount"u8) || cursor.NameIs("tool_use_prompt_token_count"u8))
            {
                Take(ref cursor, ref _toolUsePrompt);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    /// <summary>The counts in inclusive terms.</summary>
    public readonly TokenUsage Total => new()
    {
        Input = Sum(_prompt, _toolUsePrompt),
        CachedInput = _cached ?? -1,
        Output = Sum(_candidates, _thoughts),
        Reasoning = _thoughts ?? -1,
    };

    /// <summary>Writes <c>usageMetadata</c>, or nothing when no count is known.</summary>
    public static void Write(JsonEmitter emitter, in TokenUsage usage)
    {
        if (!usage.IsKnown)
        {
            return;
        }

        var known = usage.OrZero();
        emitter.ObjectStart("usageMetadata"u8);
        emitter.Number("promptTokenCount"u8, known.Input);
        if (known.CachedInput > 0)
        {
            emitter.Number("cachedContentTokenCount"u8, known.CachedInput);
        }

        emitter.Number("candidatesTokenCount"u8, Math.Max(known.Output - known.Reasoning, 0));
        if (known.Reasoning > 0)
        {
            emitter.Number("thoughtsTokenCount"u8, known.Reasoning);
        }

        emitter.Number("totalTokenCount"u8, known.Input + known.Output);
        emitter.ObjectEnd();
    }

    private static long Sum(long? first, long? second) => first is null && second is null ? -1 : (first ?? 0) + (second ?? 0);

    private static void Take(scoped ref JsonCursor cursor, ref long? field)
    {
        if (cursor.TryReadInteger(out var value) && value >= 0)
        {
            field = value;
        }
    }
}
