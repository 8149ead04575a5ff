using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Writes a whole answer (wire/gemini.md §5) from the fold of the events that a stream consists of.</summary>
internal static class GeminiBodyWriter
{
    /// <summary>Writes the body.</summary>
    public static void Write(CompletionFold fold, AnswerContext context, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.ArrayStart("candidates"u8);
        foreach (var candidate in Candidates(fold))
        {
            WriteCandidate(fold, candidate, context, emitter);
        }

        emitter.ArrayEnd();
        GeminiUsage.Write(emitter, fold.TokenUsage);
        emitter.Text("modelVersion"u8, context.Model);
        emitter.Text("responseId"u8, GeminiFrames.ResponseId(context));
        emitter.ObjectEnd();
    }

    private static IEnumerable<int> Candidates(CompletionFold fold) =>
        fold.Blocks.Select(static block => block.Key.Candidate)
            .Concat(fold.Finishes.Select(static finish => finish.Candidate))
            .DefaultIfEmpty(0)
            .Distinct()
            .Order();

    private static void WriteCandidate(CompletionFold fold, int candidate, AnswerContext context, JsonEmitter emitter)
    {
        var ending = new GeminiEnding(candidate);
        if (fold.Finishes.FirstOrDefault(finish => finish.Candidate == candidate) is { } reported)
        {
            ending.Finish(reported.Reason, reported.Explanation);
        }

        emitter.ObjectStart();
        emitter.ObjectStart("content"u8);
        emitter.Literal("role"u8, "model"u8);
        emitter.ArrayStart("parts"u8);
        foreach (var block in fold.Blocks.Where(block => block.Key.Candidate == candidate))
        {
            WriteBlock(block, ending, context, emitter);
        }

        emitter.ArrayEnd();
        emitter.ObjectEnd();
        GeminiPartWriter.Finish(emitter, ending);
        ending.Sources.Write(emitter);
        emitter.Number("index"u8, candidate);
        emitter.ObjectEnd();
    }

    private static void WriteBlock(FoldedBlock block, GeminiEnding ending, AnswerContext context, JsonEmitter emitter)
    {
        switch (block.Kind)
        {
            case BlockKind.Text or BlockKind.Refusal:
                GeminiPartWriter.Text(emitter, block.Content, isThought: false, SignatureOf(block, context));
                NoteSources(block, ending);
                break;
            case BlockKind.Reasoning:
                WriteReasoning(block, context, emitter);
                break;
            case BlockKind.RedactedReasoning:
                var carrier = GeminiSignatures.Write(block.SignatureFamily, block.Signature, context.UpstreamModel, redacted: true);
                GeminiPartWriter.Text(emitter, default, isThought: true, carrier);
                break;
            case BlockKind.Media:
                GeminiPartWriter.Media(emitter, EscapedText.FromContent(block.MimeType), block.Content, SignatureOf(block, context));
                break;
            default:
                WriteCall(block, ending, context, emitter);
                break;
        }
    }

    private static void WriteReasoning(FoldedBlock block, AnswerContext context, JsonEmitter emitter)
    {
        var hasText = !block.Content.IsEmpty;
        var signature = !block.Signature.IsEmpty && GeminiPartWriter.ShowsSignature(context.Reasoning, block.SignatureFamily, hasText)
            ? SignatureOf(block, context)
            : [];
        var showsText = hasText && context.Reasoning == ReasoningShow.Shown;
        if (showsText || signature.Length > 0)
        {
            var isThought = hasText || GeminiPartWriter.MarksSignature(block.SignatureFamily);
            GeminiPartWriter.Text(emitter, showsText ? block.Content : default, isThought, signature);
        }
    }

    // A call that was cut off before its end is not told as one (wire/mapping.md §5.2).
    private static void WriteCall(FoldedBlock block, GeminiEnding ending, AnswerContext context, JsonEmitter emitter)
    {
        if (!block.ToolEnded)
        {
            return;
        }

        using var arguments = new PooledBytes();
        var content = block.Content;
        var name = EscapedText.FromContent(block.ToolName);
        if (!ToolCallAssembler.TryObject(content.Content, block.ArgumentsAreWhole, arguments))
        {
            ending.Malformed(name);
            return;
        }

        ending.CallsSeen = true;
        var id = EscapedText.FromContent(block.ToolId);
        GeminiPartWriter.Call(emitter, id, name, RawJson.FromUtf8(arguments.Span), SignatureOf(block, context));
    }

    private static void NoteSources(FoldedBlock block, GeminiEnding ending)
    {
        ending.Sources.SawText(block.Key, block.Content);
        foreach (var source in block.Citations)
        {
            ending.Sources.Add(new Citation
            {
                Url = EscapedText.FromContent(source.Url),
                Title = EscapedText.FromContent(source.Title),
                CitedText = EscapedText.FromContent(source.CitedText),
                Start = source.Start,
                End = source.End,
            });
        }
    }

    private static byte[] SignatureOf(FoldedBlock block, AnswerContext context) =>
        block.Signature.IsEmpty ? [] : GeminiSignatures.Write(block.SignatureFamily, block.Signature, context.UpstreamModel);
}
