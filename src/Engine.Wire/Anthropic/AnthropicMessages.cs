using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>The parts of a message that streamed and whole answers have in common (wire/anthropic-messages.md §6).</summary>
internal static class AnthropicMessages
{
    private const string IdPrefix = "msg_";

    /// <summary>The upstream's id when it is one of this dialect's, else one of ours; escaped.</summary>
    public static byte[] IdOf(ReadOnlySpan<byte> upstreamId, AnswerContext context) =>
        upstreamId.StartsWith("msg_"u8) ? upstreamId.ToArray() : JsonStrings.Escape(context.Ids.Mint(IdPrefix, 0));

    /// <summary>The properties before <c>content</c>; the object is open already.</summary>
    public static void WriteHead(JsonEmitter emitter, byte[] id, AnswerContext context)
    {
        emitter.Text("id"u8, EscapedText.FromContent(id));
        emitter.Literal("type"u8, "message"u8);
        emitter.Literal("role"u8, "assistant"u8);
        emitter.Text("model"u8, context.Model);
    }

    /// <summary><c>stop_reason</c>, <c>stop_sequence</c> and, when the provider explained itself, <c>stop_details</c>.</summary>
    public static void WriteStop(JsonEmitter emitter, FinishReason reason, byte[] stopSequence, byte[] explanation)
    {
        emitter.Literal("stop_reason"u8, AnthropicFinishReasons.Write(reason));
        if (reason == FinishReason.StopSequence && stopSequence.Length > 0)
        {
            emitter.Text("stop_sequence"u8, EscapedText.FromContent(stopSequence));
        }
        else
        {
            emitter.Null("stop_sequence"u8);
        }

        if (reason == FinishReason.ContentFilter && explanation.Length > 0)
        {
            emitter.ObjectStart("stop_details"u8);
            emitter.Literal("type"u8, "refusal"u8);
            emitter.Null("category"u8);
            emitter.Text("explanation"u8, EscapedText.FromContent(explanation));
            emitter.ObjectEnd();
        }
    }
}
