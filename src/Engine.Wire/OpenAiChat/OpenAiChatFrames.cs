using System.Buffers;
using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// The chunk around every delta of one stream, rendered once: id, created and model never change (wire/openai-chat.md §6). With
/// <c>include_usage</c> every chunk but the last says <c>"usage":null</c>.
/// </summary>
internal sealed class OpenAiChatFrames
{
    private readonly byte[] _head;
    private readonly byte[] _tail;

    public OpenAiChatFrames(EscapedText id, AnswerContext context)
    {
        using var head = new PooledBytes();
        head.Write("data: "u8);
        WriteHead(new JsonEmitter(head), id, context, "chat.completion.chunk"u8);
        _head = head.Span.ToArray();
        _tail = context.IncludeUsage ? ",\"usage\":null}\n\n"u8.ToArray() : "}\n\n"u8.ToArray();
    }

    /// <summary>Opens an answer's object and writes what is the same streamed and whole.</summary>
    public static void WriteHead(JsonEmitter emitter, EscapedText id, AnswerContext context, ReadOnlySpan<byte> kind)
    {
        emitter.ObjectStart();
        if (id.IsEmpty)
        {
            emitter.Text("id"u8, context.Ids.Mint("chatcmpl-", 0));
        }
        else
        {
            emitter.Text("id"u8, id);
        }

        emitter.Literal("object"u8, kind);
        emitter.Number("created"u8, context.CreatedUnixSeconds);
        emitter.Text("model"u8, context.Model);
    }

    /// <summary>Starts a chunk of one choice and leaves its <c>delta</c> open.</summary>
    public void BeginDelta(IBufferWriter<byte> output, JsonEmitter emitter, int candidate)
    {
        output.Write(_head);
        output.Write(",\"choices\":["u8);
        emitter.Reset(output);
        emitter.ObjectStart();
        emitter.Number("index"u8, candidate);
        emitter.ObjectStart("delta"u8);
    }

    /// <summary>Ends a chunk; an empty word means that the candidate goes on.</summary>
    public void EndDelta(IBufferWriter<byte> output, JsonEmitter emitter, ReadOnlySpan<byte> finishReason = default)
    {
        emitter.ObjectEnd();
        if (finishReason.IsEmpty)
        {
            emitter.Null("finish_reason"u8);
        }
        else
        {
            emitter.Literal("finish_reason"u8, finishReason);
        }

        emitter.ObjectEnd();
        output.Write("]"u8);
        output.Write(_tail);
    }

    /// <summary>The chunk without choices that carries the usage.</summary>
    public void WriteUsage(IBufferWriter<byte> output, JsonEmitter emitter, TokenUsage usage)
    {
        output.Write(_head);
        output.Write(",\"choices\":[],\"usage\":"u8);
        emitter.Reset(output);
        OpenAiChatUsage.Write(emitter, usage);
        output.Write("}\n\n"u8);
    }

    /// <summary>A hot frame whose delta is one string between <paramref name="before"/> and <paramref name="after"/>.</summary>
    public FrameTemplate Template(int candidate, string before, string after)
    {
        using var head = new PooledBytes();
        BeginDelta(head, new JsonEmitter(head), candidate);
        head.Write(Encoding.UTF8.GetBytes(before));
        using var tail = new PooledBytes();
        tail.Write(Encoding.UTF8.GetBytes(after));
        tail.Write("},\"finish_reason\":null}]"u8);
        tail.Write(_tail);
        return new FrameTemplate(head.Span, tail.Span);
    }
}
