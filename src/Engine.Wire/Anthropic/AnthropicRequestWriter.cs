using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Writes a normalised request (wire/anthropic-messages.md §2). The order of its fields never changes, so that equal beginnings stay
/// equal for the provider's prompt cache; <c>messages</c> come last, as hosts of Claude want it.
/// </summary>
internal static class AnthropicRequestWriter
{
    private const int LongestUser = 256;

    /// <summary>Writes a body for an answer or a count; the latter holds only what costs tokens.</summary>
    public static BodyRope Write(CompletionRequest request, string model, Operation operation, LossLedger losses)
    {
        var row = AnthropicModels.Of(model);
        var rope = new BodyRope();
        var emitter = new JsonEmitter(rope);
        var marks = new AnthropicCacheMarks(losses);
        emitter.ObjectStart();
        emitter.Text("model"u8, model);
        if (operation == Operation.Generate)
        {
            emitter.Number("max_tokens"u8, MaxTokens(request, row));
            WriteOptions(emitter, request, losses);
        }

        var hasTools = AnthropicToolWriter.Write(emitter, request, marks, losses);
        if (hasTools)
        {
            AnthropicToolWriter.WriteChoice(emitter, request);
        }

        WriteSystem(emitter, request.System, marks);
        AnthropicReasoningWriter.Write(emitter, request, row);
        emitter.ArrayStart("messages"u8);
        var turns = new AnthropicTurnWriter(emitter, marks, losses);
        foreach (var turn in request.Turns)
        {
            turns.Write(turn);
        }

        emitter.ArrayEnd();
        emitter.ObjectEnd();
        return rope;
    }

    private static long MaxTokens(CompletionRequest request, AnthropicModel model) =>
        request.MaxOutputTokens ?? model.Capabilities.Sampling.DefaultMaxOutputTokens ?? model.MaxOutput;

    private static void WriteOptions(JsonEmitter emitter, CompletionRequest request, LossLedger losses)
    {
        if (request.Stream)
        {
            emitter.Boolean("stream"u8, value: true);
        }

        if (request.Sampling.Temperature is { } temperature)
        {
            emitter.Number("temperature"u8, temperature);
        }

        if (request.Sampling.TopP is { } topP)
        {
            emitter.Number("top_p"u8, topP);
        }

        if (request.Sampling.TopK is { } topK)
        {
            emitter.Number("top_k"u8, topK);
        }

        if (request.StopSequences.Count > 0)
        {
            emitter.ArrayStart("stop_sequences"u8);
            foreach (var stop in request.StopSequences)
            {
                emitter.Text(stop);
            }

            emitter.ArrayEnd();
        }

        WriteUser(emitter, request.User, losses);
    }

    private static void WriteUser(JsonEmitter emitter, EscapedSlice user, LossLedger losses)
    {
        if (user.IsEmpty)
        {
            return;
        }

        if (user.Decode().Length > LongestUser)
        {
            losses.Add("user", LossRule.Dropped);
            return;
        }

        emitter.ObjectStart("metadata"u8);
        emitter.Text("user_id"u8, user);
        emitter.ObjectEnd();
    }

    private static void WriteSystem(JsonEmitter emitter, IReadOnlyList<TextPart> system, AnthropicCacheMarks marks)
    {
        if (!system.Any(static part => !part.Text.IsEmpty))
        {
            return;
        }

        emitter.ArrayStart("system"u8);
        foreach (var part in system)
        {
            AnthropicTurnWriter.WriteText(emitter, part.Text, part.CacheControl, marks);
        }

        emitter.ArrayEnd();
    }
}
