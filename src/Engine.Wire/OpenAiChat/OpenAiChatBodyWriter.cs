using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Writes a whole answer from the fold of its events (wire/openai-chat.md §5).</summary>
public static class OpenAiChatBodyWriter
{
    /// <summary>What stands in for a call that could not be parsed: never an empty answer (wire/mapping.md §5.2).</summary>
    internal static ReadOnlySpan<byte> MalformedCallText => "[upstream produced an invalid tool call, please retry]"u8;

    /// <summary>Writes the body. The fold has ended without a failure.</summary>
    public static void Write(CompletionFold fold, AnswerContext context, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        OpenAiChatFrames.WriteHead(emitter, EscapedText.FromContent(fold.Id), context, "chat.completion"u8);
        emitter.ArrayStart("choices"u8);
        foreach (var candidate in CandidatesOf(fold))
        {
            WriteChoice(emitter, fold, context, candidate);
        }

        emitter.ArrayEnd();
        emitter.Name("usage"u8);
        OpenAiChatUsage.Write(emitter, fold.TokenUsage);
        emitter.ObjectEnd();
    }

    private static SortedSet<int> CandidatesOf(CompletionFold fold)
    {
        var candidates = new SortedSet<int> { 0 };
        candidates.UnionWith(fold.Blocks.Select(static block => block.Key.Candidate));
        candidates.UnionWith(fold.Finishes.Select(static finish => finish.Candidate));
        return candidates;
    }

    private static void WriteChoice(JsonEmitter emitter, CompletionFold fold, AnswerContext context, int candidate)
    {
        var blocks = fold.Blocks.Where(block => block.Key.Candidate == candidate).ToList();
        var reason = fold.ResolvedFinish(candidate);
        var explanation = reason == FinishReason.ContentFilter
            ? fold.Finishes.FirstOrDefault(finish => finish.Candidate == candidate)?.Explanation ?? []
            : [];

        emitter.ObjectStart();
        emitter.Number("index"u8, candidate);
        emitter.ObjectStart("message"u8);
        emitter.Literal("role"u8, "assistant"u8);
        WriteContent(emitter, blocks, reason);
        WriteRefusal(emitter, blocks, explanation);
        WriteReasoning(emitter, blocks, context.Reasoning);
        WriteToolCalls(emitter, blocks, context);
        WriteImages(emitter, blocks);
        WriteAnnotations(emitter, blocks);
        WriteTextSignature(emitter, blocks);
        emitter.ObjectEnd();
        emitter.Null("logprobs"u8);
        emitter.Literal("finish_reason"u8, OpenAiChatFinishReasons.Write(reason));
        emitter.ObjectEnd();
    }

    // null only beside calls or a refusal; an answer that was cut before its first word is the empty string.
    private static void WriteContent(JsonEmitter emitter, List<FoldedBlock> blocks, FinishReason reason)
    {
        var malformed = reason == FinishReason.MalformedCall;
        if (!malformed && !Has(blocks, BlockKind.Text) && (Has(blocks, BlockKind.ToolCall) || Has(blocks, BlockKind.Refusal)))
        {
            emitter.Null("content"u8);
            return;
        }

        emitter.Name("content"u8);
        emitter.TextStart();
        WritePieces(emitter, blocks, BlockKind.Text);
        if (malformed)
        {
            emitter.TextPiece(EscapedText.FromContent(MalformedCallText));
        }

        emitter.TextEnd();
    }

    private static void WriteRefusal(JsonEmitter emitter, List<FoldedBlock> blocks, byte[] explanation)
    {
        if (!Has(blocks, BlockKind.Refusal) && explanation.Length == 0)
        {
            emitter.Null("refusal"u8);
            return;
        }

        emitter.Name("refusal"u8);
        emitter.TextStart();
        WritePieces(emitter, blocks, BlockKind.Refusal);
        emitter.TextPiece(EscapedText.FromContent(explanation));
        emitter.TextEnd();
    }

    private static void WriteReasoning(JsonEmitter emitter, List<FoldedBlock> blocks, ReasoningShow show)
    {
        var showsText = show is ReasoningShow.Default or ReasoningShow.Shown;
        if (showsText && blocks.Exists(static block => block.Kind == BlockKind.Reasoning && !block.Content.IsEmpty))
        {
            emitter.Name("reasoning_content"u8);
            emitter.TextStart();
            WritePieces(emitter, blocks, BlockKind.Reasoning);
            emitter.TextEnd();
        }

        // With one signature every block gets an entry: a reader that finds text in the details looks for it nowhere else.
        var reasoning = blocks.FindAll(static block => block.Kind is BlockKind.Reasoning or BlockKind.RedactedReasoning);
        if (show == ReasoningShow.Hidden || reasoning.TrueForAll(static block => block.Signature.IsEmpty))
        {
            return;
        }

        emitter.ArrayStart("reasoning_details"u8);
        for (var i = 0; i < reasoning.Count; i++)
        {
            var block = reasoning[i];
            if (block.Kind == BlockKind.RedactedReasoning)
            {
                OpenAiChatReasoningDetails.WriteEncrypted(emitter, block.SignatureFamily, block.Signature, i);
            }
            else if (showsText || !block.Signature.IsEmpty)
            {
                var text = showsText ? block.Content : default;
                OpenAiChatReasoningDetails.WriteSigned(emitter, block.SignatureFamily, text, block.Signature, i);
            }
        }

        emitter.ArrayEnd();
    }

    private static void WriteToolCalls(JsonEmitter emitter, List<FoldedBlock> blocks, AnswerContext context)
    {
        if (!Has(blocks, BlockKind.ToolCall))
        {
            return;
        }

        emitter.ArrayStart("tool_calls"u8);
        foreach (var block in blocks)
        {
            if (block.Kind != BlockKind.ToolCall)
            {
                continue;
            }

            emitter.ObjectStart();
            emitter.Text("id"u8, EscapedText.FromContent(block.ToolId));
            var name = EscapedText.FromContent(block.ToolName);
            var isFreeform = OpenAiChatFreeform.Holds(context, name);
            emitter.Literal("type"u8, isFreeform ? "custom"u8 : "function"u8);
            emitter.ObjectStart(isFreeform ? "custom"u8 : "function"u8);
            emitter.Text("name"u8, name);
            if (isFreeform)
            {
                OpenAiChatFreeform.WriteInput(emitter, block.Arguments);
            }
            else
            {
                emitter.Name("arguments"u8);
                block.Arguments.WriteAsText(emitter);
            }

            emitter.ObjectEnd();
            if (block.SignatureFamily == SignatureFamily.Gemini && !block.Signature.IsEmpty)
            {
                WriteThoughtSignature(emitter, block.Signature);
            }

            emitter.ObjectEnd();
        }

        emitter.ArrayEnd();
    }

    private static void WriteImages(JsonEmitter emitter, List<FoldedBlock> blocks)
    {
        if (!Has(blocks, BlockKind.Media))
        {
            return;
        }

        emitter.ArrayStart("images"u8);
        foreach (var block in blocks)
        {
            if (block.Kind == BlockKind.Media)
            {
                OpenAiChatMedia.Write(emitter, EscapedText.FromContent(block.MimeType), block.Content);
            }
        }

        emitter.ArrayEnd();
    }

    private static void WriteAnnotations(JsonEmitter emitter, List<FoldedBlock> blocks)
    {
        var citations = blocks.SelectMany(static block => block.Citations).Where(static citation => citation.Url.Length > 0).ToList();
        if (citations.Count == 0)
        {
            return;
        }

        emitter.ArrayStart("annotations"u8);
        foreach (var citation in citations)
        {
            OpenAiChatCitations.Write(emitter, new Citation
            {
                Url = EscapedText.FromContent(citation.Url),
                Title = EscapedText.FromContent(citation.Title),
                CitedText = EscapedText.FromContent(citation.CitedText),
                Start = citation.Start,
                End = citation.End,
            });
        }

        emitter.ArrayEnd();
    }

    // With calls in the message a reader would give the signature to the first of them.
    private static void WriteTextSignature(JsonEmitter emitter, List<FoldedBlock> blocks)
    {
        var signed = blocks.FindLast(static block =>
            block is { Kind: BlockKind.Text, SignatureFamily: SignatureFamily.Gemini } && !block.Signature.IsEmpty);
        if (signed is not null && !Has(blocks, BlockKind.ToolCall))
        {
            WriteThoughtSignature(emitter, signed.Signature);
        }
    }

    internal static void WriteThoughtSignature(JsonEmitter emitter, EscapedText blob)
    {
        emitter.ObjectStart("extra_content"u8);
        emitter.ObjectStart("google"u8);
        emitter.Text("thought_signature"u8, blob);
        emitter.ObjectEnd();
        emitter.ObjectEnd();
    }

    private static void WritePieces(JsonEmitter emitter, List<FoldedBlock> blocks, BlockKind kind)
    {
        foreach (var block in blocks)
        {
            if (block.Kind == kind)
            {
                emitter.TextPiece(block.Content);
            }
        }
    }

    private static bool Has(List<FoldedBlock> blocks, BlockKind kind) => blocks.Exists(block => block.Kind == kind);
}
