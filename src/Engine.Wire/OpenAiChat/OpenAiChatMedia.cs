using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Images of an answer as <c>image_url</c> parts with data URLs, OpenRouter's convention (wire/mapping.md §1.6).</summary>
internal static class OpenAiChatMedia
{
    /// <summary>Reads the value of <c>image_url</c> (an object, or a bare string) and pushes what it holds.</summary>
    public static void PushImage(ref JsonCursor cursor, OpenAiChatCandidate candidate, ICompletionSink sink)
    {
        var raw = cursor.ReadRaw();
        if (raw.IsEmpty)
        {
            return;
        }

        if (raw.Utf8[0] == (byte)'"')
        {
            Push(EscapedText.FromContent(raw.Utf8[1..^1]), candidate, sink);
            return;
        }

        var inner = new JsonCursor(raw.Utf8);
        if (!inner.EnterObject())
        {
            return;
        }

        while (inner.NextProperty())
        {
            if (inner.NameIs("url"u8))
            {
                Push(inner.ReadText(), candidate, sink);
            }
            else
            {
                inner.SkipValue();
            }
        }
    }

    /// <summary>Writes an <c>image_url</c> part.</summary>
    public static void Write(JsonEmitter emitter, EscapedText mimeType, EscapedText base64)
    {
        emitter.ObjectStart();
        emitter.Literal("type"u8, "image_url"u8);
        emitter.ObjectStart("image_url"u8);
        emitter.Name("url"u8);
        emitter.TextStart();
        emitter.TextPiece("data:");
        emitter.TextPiece(mimeType);
        emitter.TextPiece(";base64,");
        emitter.TextPiece(base64);
        emitter.TextEnd();
        emitter.ObjectEnd();
        emitter.ObjectEnd();
    }

    private static void Push(EscapedText url, OpenAiChatCandidate candidate, ICompletionSink sink)
    {
        if (OpenAiChatDataUrl.TrySplit(url.Content, out var mimeType, out var dataStart))
        {
            sink.Media(
                candidate.NewKey(),
                EscapedText.FromContent(Encoding.UTF8.GetBytes(mimeType)),
                EscapedText.FromContent(url.Content[dataStart..]));
        }
        else if (!url.IsEmpty)
        {
            // An address is not media we hold: shown the way text shows an image.
            candidate.Text(EscapedText.FromContent("![image]("u8), sink);
            candidate.Text(url, sink);
            candidate.Text(EscapedText.FromContent(")"u8), sink);
        }
    }
}
