using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary><c>stop_reason</c> in both directions (wire/mapping.md §5.2, column AN).</summary>
internal static class AnthropicFinishReasons
{
    /// <summary>What a client sees where the upstream produced a call that cannot be parsed.</summary>
    public static ReadOnlySpan<byte> MalformedCallText => "[upstream produced an invalid tool call, please retry]"u8;

    /// <summary>Reads a <c>stop_reason</c>; a word we do not know is <see cref="FinishReason.Other"/>.</summary>
    public static FinishReason Read(EscapedText word) => word switch
    {
        _ when word.TextEquals("end_turn"u8) => FinishReason.Stop,
        _ when word.TextEquals("tool_use"u8) => FinishReason.ToolCalls,
        _ when word.TextEquals("max_tokens"u8) => FinishReason.Length,
        _ when word.TextEquals("stop_sequence"u8) => FinishReason.StopSequence,
        _ when word.TextEquals("pause_turn"u8) => FinishReason.PauseTurn,
        _ when word.TextEquals("refusal"u8) => FinishReason.ContentFilter,
        _ when word.TextEquals("model_context_window_exceeded"u8) => FinishReason.ContextFull,
        _ => FinishReason.Other,
    };

    /// <summary>The word a client gets; every one is legal in the oldest version of the dialect.</summary>
    public static ReadOnlySpan<byte> Write(FinishReason reason) => reason switch
    {
        FinishReason.ToolCalls => "tool_use"u8,
        FinishReason.Length or FinishReason.ContextFull => "max_tokens"u8,
        FinishReason.StopSequence => "stop_sequence"u8,
        FinishReason.PauseTurn => "pause_turn"u8,
        FinishReason.ContentFilter => "refusal"u8,
        _ => "end_turn"u8,
    };
}
