using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>The words of <c>finishReason</c> in both directions (wire/gemini.md §5, wire/mapping.md §5.2).</summary>
internal static class GeminiFinishReasons
{
    /// <summary>What a word, or the enum's number for it, means; null when it says that the candidate has not stopped.</summary>
    public static FinishReason? Read(EscapedText word) => word.Decode() switch
    {
        "" or "0" or "FINISH_REASON_UNSPECIFIED" => null,
        "STOP" or "1" => FinishReason.Stop,

        // CONTINUATION is the per-request cap of a long decode: the client of another dialect sees an output limit.
        "MAX_TOKENS" or "2" or "CONTINUATION" => FinishReason.Length,
        "SAFETY" or "3" or "RECITATION" or "4" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR"
            or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => FinishReason.ContentFilter,
        "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" or "MALFORMED_RESPONSE" => FinishReason.MalformedCall,
        _ => FinishReason.Other,
    };

    /// <summary>The word for a reason. Calls have none of their own: Gemini says STOP beside them.</summary>
    public static ReadOnlySpan<byte> Write(FinishReason reason) => reason switch
    {
        FinishReason.Stop or FinishReason.StopSequence or FinishReason.ToolCalls or FinishReason.Refusal or FinishReason.PauseTurn => "STOP"u8,
        FinishReason.Length or FinishReason.ContextFull => "MAX_TOKENS"u8,
        FinishReason.ContentFilter => "SAFETY"u8,
        FinishReason.MalformedCall => "MALFORMED_FUNCTION_CALL"u8,
        _ => "OTHER"u8,
    };
}
