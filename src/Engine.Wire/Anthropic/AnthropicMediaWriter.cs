using System.Buffers;
using System.Buffers.Text;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Writes images and documents (wire/anthropic-messages.md §3, wire/mapping.md §1.4, §1.5).</summary>
internal static class AnthropicMediaWriter
{
    private const string Pdf = "application/pdf";

    /// <summary>Writes a medium, or answers false and writes nothing when the dialect has no form for it.</summary>
    /// <param name="emitter">Where to.</param>
    /// <param name="part">An image or a document; anything else is refused.</param>
    /// <param name="marks">Cache breakpoints.</param>
    /// <param name="open">Called before the first byte.</param>
    public static bool TryWrite(JsonEmitter emitter, Part part, AnthropicCacheMarks marks, Action open)
    {
        var source = part switch
        {
            ImagePart image => image.Source,
            DocumentPart document => document.Source,
            _ => null,
        };
        if (source is null || !HasForm(part, source))
        {
            return false;
        }

        open();
        emitter.ObjectStart();
        emitter.Literal("type"u8, part is ImagePart ? "image"u8 : "document"u8);
        emitter.ObjectStart("source"u8);
        WriteSource(emitter, source);
        emitter.ObjectEnd();
        if (part is DocumentPart described)
        {
            Describe(emitter, described);
        }

        marks.Write(emitter, part.CacheControl);
        emitter.ObjectEnd();
        return true;
    }

    private static bool HasForm(Part part, MediaSource source) => source switch
    {
        MediaSource.Inline when part is ImagePart => true,
        MediaSource.Inline inline => inline.MimeType == Pdf || IsText(inline.MimeType),
        MediaSource.Url => true,

        // Files are the provider's own; another vendor's id means nothing here.
        MediaSource.Stored stored => stored.FileId.Text.Content.StartsWith("file_"u8),
        MediaSource.PlainText => part is DocumentPart,
        _ => false,
    };

    private static bool IsText(string mimeType) =>
        mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType is "application/json" or "application/xml";

    private static void WriteSource(JsonEmitter emitter, MediaSource source)
    {
        switch (source)
        {
            case MediaSource.Inline inline when IsText(inline.MimeType):
                WriteTextSource(emitter, Decode(inline.Data));
                break;
            case MediaSource.Inline inline:
                emitter.Literal("type"u8, "base64"u8);
                emitter.Text("media_type"u8, inline.MimeType);
                emitter.Text("data"u8, inline.Data);
                break;
            case MediaSource.Url url:
                emitter.Literal("type"u8, "url"u8);
                emitter.Text("url"u8, url.Address);
                break;
            case MediaSource.Stored stored:
                emitter.Literal("type"u8, "file"u8);
                emitter.Text("file_id"u8, stored.FileId);
                break;
            case MediaSource.PlainText plain:
                WriteTextSource(emitter, plain.Text);
                break;
        }
    }

    private static void WriteTextSource(JsonEmitter emitter, EscapedSlice text)
    {
        emitter.Literal("type"u8, "text"u8);
        emitter.Literal("media_type"u8, "text/plain"u8);
        emitter.Text("data"u8, text);
    }

    // Text is a string here, so this is the one medium that must be decoded. Bytes that are not UTF-8 become U+FFFD.
    private static EscapedSlice Decode(EscapedSlice base64)
    {
        var encoded = System.Text.Encoding.ASCII.GetBytes(base64.Decode());
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        return Base64.DecodeFromUtf8(encoded, bytes, out _, out var written) == OperationStatus.Done
            ? EscapedSlice.FromString(System.Text.Encoding.UTF8.GetString(bytes, 0, written))
            : base64;
    }

    private static void Describe(JsonEmitter emitter, DocumentPart document)
    {
        if (!document.Name.IsEmpty)
        {
            emitter.Text("title"u8, document.Name);
        }

        if (!document.Context.IsEmpty)
        {
            emitter.Text("context"u8, document.Context);
        }

        if (document.Citations.IsPresent)
        {
            emitter.Raw("citations"u8, document.Citations);
        }
    }
}
