using System.Buffers.Text;
using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Writes message content: a string when there is one text, else parts (wire/openai-chat.md §3, wire/mapping.md §1.3 to §1.6).
/// </summary>
internal sealed class OpenAiChatPartWriter
{
    private readonly OpenAiChatModel _model;
    private readonly LossLedger _losses;
    private readonly JsonEmitter _emitter;

    public OpenAiChatPartWriter(OpenAiChatModel model, LossLedger losses, JsonEmitter emitter)
    {
        _model = model;
        _losses = losses;
        _emitter = emitter;
    }

    /// <summary>Writes texts as pieces of an open string.</summary>
    public static void WriteJoined(JsonEmitter emitter, IReadOnlyList<TextPart> texts, string separator)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0)
            {
                emitter.TextPiece(separator);
            }

            emitter.TextPiece(texts[i].Text);
        }
    }

    /// <summary>Writes the property <c>content</c>.</summary>
    public void WriteContent(IReadOnlyList<Part> parts, string path)
    {
        var texts = parts.OfType<TextPart>().ToList();
        var isText = texts.Count == parts.Count;
        var isMarked = _model.KeepsCacheControl && texts.Exists(static text => text.CacheControl.IsPresent);
        if (isText && !isMarked && (texts.Count <= 1 || !_model.IsOpenAi))
        {
            _emitter.Name("content"u8);
            _emitter.TextStart();
            WriteJoined(_emitter, texts, "\n");
            _emitter.TextEnd();
            return;
        }

        _emitter.ArrayStart("content"u8);
        foreach (var part in parts)
        {
            WritePart(part, path);
        }

        _emitter.ArrayEnd();
    }

    private void WritePart(Part part, string path)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(text.Text, part);
                break;
            case RefusalPart refusal:
                WriteText(refusal.Text, part);
                break;
            case ImagePart image:
                WriteImage(image, path);
                break;
            case DocumentPart document:
                WriteDocument(document, path);
                break;
            case AudioPart audio:
                WriteAudio(audio, path);
                break;
            case OpaquePart { Rule: LossRule.Emulated } opaque:
                WriteText(opaque.Substitute, part);
                break;
            case OpaquePart opaque:
                _losses.Add(opaque.Path, opaque.Rule);
                break;
            case VideoPart:
                Refuse(path, "Chat Completions takes no video.");
                break;
            default:
                // Reasoning of another family in a user turn: not pasted into the prompt, models imitate it.
                _losses.Add(path, LossRule.Dropped);
                break;
        }
    }

    private void WriteText(EscapedSlice text, Part part)
    {
        _emitter.ObjectStart();
        _emitter.Literal("type"u8, "text"u8);
        _emitter.Text("text"u8, text);
        End(part);
    }

    private void WriteImage(ImagePart image, string path)
    {
        if (image.Source is not (MediaSource.Inline or MediaSource.Url))
        {
            Refuse(path, "A file stored with another vendor cannot be sent.");
            return;
        }

        _emitter.ObjectStart();
        _emitter.Literal("type"u8, "image_url"u8);
        _emitter.ObjectStart("image_url"u8);
        if (image.Source is MediaSource.Inline inline)
        {
            WriteDataUrl("url"u8, inline);
        }
        else
        {
            _emitter.Text("url"u8, ((MediaSource.Url)image.Source).Address);
        }

        var detail = image.Detail switch
        {
            ImageDetail.Auto => "auto"u8,
            ImageDetail.Low => "low"u8,
            ImageDetail.High => "high"u8,
            _ => default,
        };
        if (!detail.IsEmpty)
        {
            _emitter.Literal("detail"u8, detail);
        }

        _emitter.ObjectEnd();
        End(image);
    }

    private void WriteDocument(DocumentPart document, string path)
    {
        switch (document.Source)
        {
            case MediaSource.PlainText text:
                WriteTextDocument(document, text.Text);
                break;
            case MediaSource.Inline inline when IsText(inline.MimeType):
                if (TryDecode(inline.Data, out var decoded))
                {
                    WriteTextDocument(document, decoded);
                }
                else
                {
                    Refuse(path, "The document is not valid base64 of UTF-8 text.");
                }

                break;
            case MediaSource.Inline { MimeType: "application/pdf" } inline:
                _emitter.ObjectStart();
                _emitter.Literal("type"u8, "file"u8);
                _emitter.ObjectStart("file"u8);
                _emitter.Text("filename"u8, document.Name.IsEmpty ? EscapedSlice.FromString("file.pdf") : document.Name);
                WriteDataUrl("file_data"u8, inline);
                _emitter.ObjectEnd();
                End(document);
                break;
            case MediaSource.Inline inline:
                Refuse(path, $"Documents of type '{inline.MimeType}' cannot be sent.");
                break;
            case MediaSource.Url:
                Refuse(path, "A document's address cannot be sent; send the document.");
                break;
            default:
                Refuse(path, "A file stored with another vendor cannot be sent.");
                break;
        }
    }

    private void WriteTextDocument(DocumentPart document, EscapedSlice text)
    {
        _emitter.ObjectStart();
        _emitter.Literal("type"u8, "text"u8);
        _emitter.Name("text"u8);
        _emitter.TextStart();
        _emitter.TextPiece("<document name=\"");
        _emitter.TextPiece(document.Name.IsEmpty ? EscapedSlice.FromString("document") : document.Name);
        _emitter.TextPiece("\">");
        _emitter.TextPiece(text);
        _emitter.TextPiece("</document>");
        _emitter.TextEnd();
        End(document);
    }

    private void WriteAudio(AudioPart audio, string path)
    {
        if (audio.Source is not MediaSource.Inline inline || OpenAiChatAudioFormats.FormatOf(inline.MimeType) is not { } format)
        {
            Refuse(path, "Only wav and mp3 sound, sent inline, is taken.");
            return;
        }

        _emitter.ObjectStart();
        _emitter.Literal("type"u8, "input_audio"u8);
        _emitter.ObjectStart("input_audio"u8);
        _emitter.Text("data"u8, inline.Data);
        _emitter.Text("format"u8, format);
        _emitter.ObjectEnd();
        End(audio);
    }

    private void WriteDataUrl(ReadOnlySpan<byte> name, MediaSource.Inline inline)
    {
        _emitter.Name(name);
        _emitter.TextStart();
        _emitter.TextPiece("data:");
        _emitter.TextPiece(inline.MimeType);
        _emitter.TextPiece(";base64,");
        _emitter.TextPiece(inline.Data);
        _emitter.TextEnd();
    }

    private void End(Part part)
    {
        if (part.CacheControl.IsPresent && _model.KeepsCacheControl)
        {
            _emitter.Raw("cache_control"u8, part.CacheControl);
        }

        _emitter.ObjectEnd();
    }

    private void Refuse(string path, string why) => _losses.Add(path.Length > 0 ? $"{path}.content" : "messages", LossRule.Refused, why);

    private static bool IsText(string mimeType) =>
        mimeType == "application/json" || mimeType.StartsWith("text/", StringComparison.Ordinal);

    private static bool TryDecode(EscapedSlice base64, out EscapedSlice text)
    {
        text = default;
        var raw = new byte[base64.Content.Length];
        try
        {
            var length = JsonStrings.Unescape(base64.Content.Span, raw);
            if (Base64.DecodeFromUtf8InPlace(raw.AsSpan(0, length), out var written) != System.Buffers.OperationStatus.Done
                || !System.Text.Unicode.Utf8.IsValid(raw.AsSpan(0, written)))
            {
                return false;
            }

            var escaped = new System.Buffers.ArrayBufferWriter<byte>(written + 16);
            JsonStrings.Escape(raw.AsSpan(0, written), escaped);
            text = EscapedSlice.FromContent(escaped.WrittenMemory);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
