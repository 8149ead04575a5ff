using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Token counts as the dialect has them: <c>input_tokens</c> without what the cache served or took (wire/anthropic-messages.md §6).
/// Cumulative; the three input figures may arrive in different events, so they are kept apart until they are asked for.
/// </summary>
internal struct AnthropicUsage
{
    private long _input;
    private long _cacheRead;
    private long _cacheCreation;
    private long _output;
    private long _thinking;

    public AnthropicUsage() => _input = _cacheRead = _cacheCreation = _output = _thinking = -1;

    /// <summary>The counts in inclusive terms.</summary>
    public readonly TokenUsage Inclusive => new()
    {
        Input = _input < 0 ? -1 : _input + Math.Max(_cacheRead, 0) + Math.Max(_cacheCreation, 0),
        CachedInput = _cacheRead,
        CacheWrite = _cacheCreation,
        Output = _output,
        Reasoning = _thinking,
    };

    /// <summary>Takes over what a <c>usage</c> object knows; absent and <c>null</c> fields keep their value.</summary>
    public void Merge(RawJson usage)
    {
        if (usage.IsEmpty)
        {
            return;
        }

        var cursor = new JsonCursor(usage.Utf8);
        if (!cursor.EnterObject())
        {
            return;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("input_tokens"u8))
            {
                _input = cursor.ReadInteger(_input);
            }
            else if (cursor.NameIs("cache_read_input_tokens"u8))
            {
                _cacheRead = cursor.ReadInteger(_cacheRead);
            }
            else if (cursor.NameIs("cache_creation_input_tokens"u8))
            {
                _cacheCreation = cursor.ReadInteger(_cacheCreation);
            }
            else if (cursor.NameIs("output_tokens"u8))
            {
                _output = cursor.ReadInteger(_output);
            }
            else if (cursor.NameIs("output_tokens_details"u8))
            {
                MergeDetails(ref cursor);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    /// <summary>Writes the value of a <c>usage</c> field. Required numbers are zero when unknown.</summary>
    public static void Write(JsonEmitter emitter, in TokenUsage usage)
    {
        var known = usage.OrZero();
        emitter.ObjectStart();
        emitter.Number("input_tokens"u8, Math.Max(known.Input - known.CachedInput - known.CacheWrite, 0));
        emitter.Number("cache_read_input_tokens"u8, known.CachedInput);
        emitter.Number("cache_creation_input_tokens"u8, known.CacheWrite);
        emitter.Number("output_tokens"u8, known.Output);
        if (usage.Reasoning >= 0)
        {
            emitter.ObjectStart("output_tokens_details"u8);
            emitter.Number("thinking_tokens"u8, usage.Reasoning);
            emitter.ObjectEnd();
        }

        emitter.ObjectEnd();
    }

    private void MergeDetails(ref JsonCursor cursor)
    {
        if (!cursor.EnterObject())
        {
            return;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("thinking_tokens"u8))
            {
                _thinking = cursor.ReadInteger(_thinking);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }
}
