using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Reads <c>inlineData</c> and <c>fileData</c> (wire/gemini.md §2, wire/mapping.md §1.4 to §1.6).</summary>
internal static class GeminiMediaReader
{
    private static readonly string[] ImageEndings = [".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".gif"];
    private static readonly string[] AudioEndings = [".wav", ".mp3", ".aac", ".ogg", ".flac", ".aiff", ".m4a"];
    private static readonly string[] VideoEndings = [".mp4", ".mov", ".webm", ".mpeg", ".mpg", ".avi", ".wmv", ".3gp"];

    /// <summary>True for a part that holds media.</summary>
    public static bool TryRead(RequestBody body, JsonElement part, string path, ImageDetail detail, ReasoningSignature? signature, out Part media)
    {
        if (GeminiFields.TryGet(part, "inlineData", out var inline))
        {
            media = ReadInline(body, inline, $"{path}.inlineData", DetailOf(part, detail), signature);
            return true;
        }

        if (GeminiFields.TryGet(part, "fileData", out var file))
        {
            media = ReadFile(body, file, $"{path}.fileData", DetailOf(part, detail), signature);
            return true;
        }

        media = null!;
        return false;
    }

    /// <summary>What a <c>mediaResolution</c> word means.</summary>
    public static ImageDetail DetailOf(string word) => word switch
    {
        "MEDIA_RESOLUTION_LOW" => ImageDetail.Low,
        "MEDIA_RESOLUTION_MEDIUM" => ImageDetail.Auto,
        "MEDIA_RESOLUTION_HIGH" or "MEDIA_RESOLUTION_ULTRA_HIGH" => ImageDetail.High,
        _ => ImageDetail.Default,
    };

    private static ImageDetail DetailOf(JsonElement part, ImageDetail general)
    {
        if (!GeminiFields.TryGet(part, "mediaResolution", out var own))
        {
            return general;
        }

        var level = own.ValueKind == JsonValueKind.Object && GeminiFields.TryGet(own, "level", out var inner) ? inner : own;
        return level.ValueKind == JsonValueKind.String ? DetailOf(JsonStrings.Decode(level)) : general;
    }

    private static Part ReadInline(RequestBody body, JsonElement value, string path, ImageDetail detail, ReasoningSignature? signature)
    {
        GeminiFields.Object(value, path);
        var mimeType = GeminiFields.WordOf(value, "mimeType", path);
        if (mimeType.Length == 0)
        {
            throw GeminiFields.Reject($"{path}.mimeType", "is required");
        }

        if (!GeminiFields.TryGet(value, "data", out var data) || data.ValueKind != JsonValueKind.String)
        {
            throw GeminiFields.Wrong($"{path}.data", "a string of base64");
        }

        return Media(new MediaSource.Inline(mimeType.ToLowerInvariant(), body.TextOf(data)), mimeType, GeminiFields.TextOf(body, value, "displayName"), detail, signature);
    }

    private static Part ReadFile(RequestBody body, JsonElement value, string path, ImageDetail detail, ReasoningSignature? signature)
    {
        GeminiFields.Object(value, path);
        if (!GeminiFields.TryGet(value, "fileUri", out var uri) || uri.ValueKind != JsonValueKind.String)
        {
            throw GeminiFields.Wrong($"{path}.fileUri", "a string");
        }

        var declared = GeminiFields.WordOf(value, "mimeType", path).ToLowerInvariant();
        var kind = declared.Length > 0 ? declared : KindOf(JsonStrings.Decode(uri));
        return Media(new MediaSource.Url(body.TextOf(uri), declared), kind, GeminiFields.TextOf(body, value, "displayName"), detail, signature);
    }

    private static Part Media(MediaSource source, string mimeType, EscapedSlice name, ImageDetail detail, ReasoningSignature? signature)
    {
        var kind = mimeType.AsSpan(0, Math.Max(mimeType.IndexOf('/', StringComparison.Ordinal), 0));
        return kind switch
        {
            _ when kind.Equals("image", StringComparison.OrdinalIgnoreCase) => new ImagePart(source) { Detail = detail, Signature = signature },
            _ when kind.Equals("audio", StringComparison.OrdinalIgnoreCase) => new AudioPart(source),
            _ when kind.Equals("video", StringComparison.OrdinalIgnoreCase) => new VideoPart(source),
            _ => new DocumentPart(source) { Name = name },
        };
    }

    // An address without a type: YouTube is video, else its ending tells.
    private static string KindOf(string address)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host is "youtube.com" or "www.youtube.com" or "m.youtube.com" or "youtu.be")
        {
            return "video/*";
        }

        var path = uri?.AbsolutePath ?? address;
        bool Ends(string[] endings) => Array.Exists(endings, ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return Ends(ImageEndings) ? "image/*" : Ends(AudioEndings) ? "audio/*" : Ends(VideoEndings) ? "video/*" : "application/*";
    }
}
