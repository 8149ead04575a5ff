using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Writes a whole answer: its fold goes through the same decisions as a stream, block by block.</summary>
internal static class AnthropicBodyWriter
{
    /// <summary>Writes one <c>message</c> object.</summary>
    public static void Write(CompletionFold fold, AnswerContext context, IBufferWriter<byte> output)
    {
        var finish = fold.Finishes.FirstOrDefault(static each => each.Candidate == 0);
        var reason = finish?.Reason ?? FinishReason.Other;
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        AnthropicMessages.WriteHead(emitter, AnthropicMessages.IdOf(fold.Id, context), context);
        emitter.ArrayStart("content"u8);
        using var blocks = new AnthropicBlockArray(emitter, context, isCutOff: reason is FinishReason.Length or FinishReason.ContextFull);
        using var content = new AnthropicContentSink(blocks, context);
        foreach (var block in fold.Blocks)
        {
            Play(block, content);
        }

        content.CloseAll();
        if (reason == FinishReason.MalformedCall)
        {
            content.Remark(AnthropicFinishReasons.MalformedCallText);
        }

        emitter.ArrayEnd();
        AnthropicMessages.WriteStop(
            emitter, FinishPrecedence.Resolve(reason, blocks.Calls > 0), finish?.StopSequence ?? [], finish?.Explanation ?? []);
        emitter.Name("usage"u8);
        AnthropicUsage.Write(emitter, fold.TokenUsage);
        emitter.ObjectEnd();
    }

    private static void Play(FoldedBlock block, AnthropicContentSink content)
    {
        switch (block.Kind)
        {
            case BlockKind.Text or BlockKind.Refusal:
                content.Text(block.Key, block.Content);
                foreach (var each in block.Citations)
                {
                    content.Cite(block.Key, each.AsCitation());
                }

                break;
            case BlockKind.Reasoning:
                if (!block.Content.IsEmpty)
                {
                    content.Reasoning(block.Key, block.Content);
                }

                Sign(block, content);
                break;
            case BlockKind.RedactedReasoning:
                content.RedactedReasoning(block.Key, block.SignatureFamily, block.Signature);
                break;
            case BlockKind.Media:
                content.Media(block.Key, EscapedText.FromContent(block.MimeType), block.Content);
                break;
            case BlockKind.ToolCall:
                Sign(block, content);
                content.ToolStart(block.Key, EscapedText.FromContent(block.ToolId), EscapedText.FromContent(block.ToolName));
                if (block.ArgumentsAreWhole)
                {
                    content.ToolArguments(block.Key, RawJson.FromUtf8(block.Content.Content));
                }
                else
                {
                    content.ToolArguments(block.Key, block.Content);
                }

                content.ToolEnd(block.Key);
                break;
        }
    }

    private static void Sign(FoldedBlock block, AnthropicContentSink content)
    {
        if (!block.Signature.IsEmpty)
        {
            content.Signature(block.Key, block.SignatureFamily, block.Signature);
        }
    }
}
