using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using static Engine.Wire.OpenAiChat.OpenAiChatFieldReader;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Reads message content: a string or parts (wire/openai-chat.md §3, wire/mapping.md §1.3 to §1.6). Base64 stays a slice of the body.
/// </summary>
internal sealed class OpenAiChatPartReader
{
    internal enum Allowed
    {
        Text,
        Assistant,
        Everything,
    }

    private readonly OpenAiChatFieldReader _fields;

    public OpenAiChatPartReader(OpenAiChatFieldReader fields) => _fields = fields;

    /// <summary>The parts of <c>content</c>; none when it is absent.</summary>
    public List<Part> ReadContent(JsonElement message, string path, Allowed allowed)
    {
        var parts = new List<Part>();
        if (!TryGet(message, "content"u8, out var content))
        {
            if (allowed != Allowed.Assistant && !message.TryGetProperty("content"u8, out _))
            {
                Require(message, "content"u8, $"{path}.content");
            }

            return parts;
        }

        var messageCache = _fields.OptionalRaw(message, "cache_control"u8);
        if (content.ValueKind == JsonValueKind.String)
        {
            parts.Add(new TextPart(_fields.AsText(content, $"{path}.content")) { CacheControl = messageCache });
            return parts;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            throw WrongType(content, $"{path}.content", "a string or an array of parts");
        }

        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var partPath = $"{path}.content[{index++}]";
            var read = ReadPart(AsObject(part, partPath), partPath, allowed);
            var cache = _fields.OptionalRaw(part, "cache_control"u8);
            parts.Add(cache.IsPresent ? read with { CacheControl = cache } : read);
        }

        if (messageCache.IsPresent && parts.Count > 0)
        {
            parts[^1] = parts[^1] with { CacheControl = messageCache };
        }

        return parts;
    }

    /// <summary>An image from the value of <c>image_url</c>: an object, or a bare address.</summary>
    public ImagePart ReadImage(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return new ImagePart(ReadAddress(value, path));
        }

        var source = ReadAddress(Require(AsObject(value, path), "url"u8, $"{path}.url"), $"{path}.url");
        return new ImagePart(source) { Detail = ReadDetail(value, path) };
    }

    private Part ReadPart(JsonElement part, string path, Allowed allowed)
    {
        var type = RequireString(part, "type"u8, $"{path}.type");
        return (type, allowed) switch
        {
            ("text", _) => new TextPart(_fields.RequireText(part, "text"u8, $"{path}.text")),
            ("refusal", Allowed.Assistant) => new RefusalPart(_fields.RequireText(part, "refusal"u8, $"{path}.refusal")),
            ("thinking", Allowed.Assistant) => new ReasoningPart(ReadThinking(part, path), null),
            (_, Allowed.Text) => throw NotAllowed(type, $"{path}.type", "'text'"),
            ("image_url", _) => ReadImage(Require(part, "image_url"u8, $"{path}.image_url"), $"{path}.image_url"),
            (_, Allowed.Assistant) => throw NotAllowed(type, $"{path}.type", "'text' and 'refusal'"),
            ("input_audio", _) => ReadAudio(RequireObject(part, "input_audio"u8, $"{path}.input_audio"), $"{path}.input_audio"),
            ("file", _) => ReadFile(RequireObject(part, "file"u8, $"{path}.file"), $"{path}.file"),
            ("video_url", _) => ReadVideo(RequireObject(part, "video_url"u8, $"{path}.video_url"), $"{path}.video_url"),
            _ => throw NotAllowed(type, $"{path}.type", "'text', 'image_url', 'input_audio', 'file' and 'video_url'"),
        };
    }

    private static ImageDetail ReadDetail(JsonElement image, string path)
    {
        if (!TryGet(image, "detail"u8, out var detail))
        {
            return ImageDetail.Default;
        }

        var word = AsString(detail, $"{path}.detail");
        return word switch
        {
            "auto" => ImageDetail.Auto,
            "low" => ImageDetail.Low,
            "high" or "original" => ImageDetail.High,
            _ => throw NotAllowed(word, $"{path}.detail", "'auto', 'low', 'high' and 'original'"),
        };
    }

    private MediaSource ReadAddress(JsonElement value, string path)
    {
        var text = _fields.AsText(value, path);
        if (OpenAiChatDataUrl.TrySplit(text.Content.Span, out var mimeType, out var start))
        {
            return new MediaSource.Inline(mimeType, text.Slice(start, text.Content.Length - start));
        }

        if (text.IsEmpty || OpenAiChatDataUrl.IsDataUrl(text.Content.Span))
        {
            throw new RequestRejectedException(
                ErrorKind.Invalid, path, $"Invalid '{path}': expected an address or a data URL like 'data:image/png;base64,...'.");
        }

        return new MediaSource.Url(text);
    }

    private AudioPart ReadAudio(JsonElement audio, string path)
    {
        var data = _fields.RequireText(audio, "data"u8, $"{path}.data");
        var format = RequireName(audio, "format"u8, $"{path}.format");
        var start = OpenAiChatDataUrl.TrySplit(data.Content.Span, out _, out var offset) ? offset : 0;
        var base64 = data.Slice(start, data.Content.Length - start);
        return new AudioPart(new MediaSource.Inline(OpenAiChatAudioFormats.MimeTypeOf(format), base64));
    }

    private VideoPart ReadVideo(JsonElement video, string path) =>
        new(ReadAddress(Require(video, "url"u8, $"{path}.url"), $"{path}.url"));

    private DocumentPart ReadFile(JsonElement file, string path)
    {
        var name = _fields.OptionalText(file, "filename"u8, $"{path}.filename");
        if (TryGet(file, "file_id"u8, out var id))
        {
            return new DocumentPart(new MediaSource.Stored(_fields.AsText(id, $"{path}.file_id"))) { Name = name };
        }

        if (!TryGet(file, "file_data"u8, out var data))
        {
            throw new RequestRejectedException(ErrorKind.Invalid, path, $"Invalid '{path}': expected 'file_data' or 'file_id'.");
        }

        var text = _fields.AsText(data, $"{path}.file_data");
        if (OpenAiChatDataUrl.TrySplit(text.Content.Span, out var mimeType, out var start))
        {
            return new DocumentPart(new MediaSource.Inline(mimeType, text.Slice(start, text.Content.Length - start))) { Name = name };
        }

        var isAddress = text.Content.Span.StartsWith("http"u8) && text.Content.Span.Contains((byte)':');
        MediaSource source = isAddress ? new MediaSource.Url(text, "application/pdf") : new MediaSource.Inline("application/pdf", text);
        return new DocumentPart(source) { Name = name };
    }

    // Mistral: a string, or text parts of its own.
    private EscapedSlice ReadThinking(JsonElement part, string path)
    {
        var thinking = Require(part, "thinking"u8, $"{path}.thinking");
        if (thinking.ValueKind == JsonValueKind.String)
        {
            return _fields.AsText(thinking, $"{path}.thinking");
        }

        var pieces = new List<byte>();
        foreach (var piece in AsArray(thinking, $"{path}.thinking").EnumerateArray())
        {
            if (piece.ValueKind == JsonValueKind.Object && TryGet(piece, "text"u8, out var text))
            {
                pieces.AddRange(_fields.AsText(text, $"{path}.thinking").Content.Span);
            }
        }

        return EscapedSlice.FromContent(pieces.ToArray());
    }
}
