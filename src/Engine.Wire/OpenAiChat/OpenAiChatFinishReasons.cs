using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary><c>finish_reason</c>, read and written (wire/openai-chat.md §5, wire/mapping.md §5.2).</summary>
public static class OpenAiChatFinishReasons
{
    // The first six are the dialect's own words; the rest are seen from compatible servers.
    private static readonly (byte[] Word, FinishReason Reason)[] Words =
    [
        ("stop"u8.ToArray(), FinishReason.Stop),
        ("length"u8.ToArray(), FinishReason.Length),
        ("tool_calls"u8.ToArray(), FinishReason.ToolCalls),
        ("function_call"u8.ToArray(), FinishReason.ToolCalls),
        ("content_filter"u8.ToArray(), FinishReason.ContentFilter),
        ("refusal"u8.ToArray(), FinishReason.ContentFilter),
        ("eos"u8.ToArray(), FinishReason.Stop),
        ("end_turn"u8.ToArray(), FinishReason.Stop),
        ("stop_sequence"u8.ToArray(), FinishReason.StopSequence),
        ("max_tokens"u8.ToArray(), FinishReason.Length),
        ("model_length"u8.ToArray(), FinishReason.ContextFull),
        ("tool_use"u8.ToArray(), FinishReason.ToolCalls),
        ("safety"u8.ToArray(), FinishReason.ContentFilter),
        ("malformed_function_call"u8.ToArray(), FinishReason.MalformedCall),
    ];

    /// <summary>What a word means; an unknown one is <see cref="FinishReason.Other"/>.</summary>
    public static FinishReason Read(EscapedText word)
    {
        foreach (var (known, reason) in Words)
        {
            if (Ascii.EqualsIgnoreCase(known, word.Content))
            {
                return reason;
            }
        }

        return FinishReason.Other;
    }

    /// <summary>The dialect's word for a reason: <c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>.</summary>
    public static ReadOnlySpan<byte> Write(FinishReason reason) => reason switch
    {
        FinishReason.ToolCalls => "tool_calls"u8,
        FinishReason.Length or FinishReason.ContextFull => "length"u8,
        FinishReason.ContentFilter => "content_filter"u8,
        _ => "stop"u8,
    };
}
