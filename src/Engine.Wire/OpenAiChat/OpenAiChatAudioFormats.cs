namespace Engine.Wire.OpenAiChat;

/// <summary>Formats of <c>input_audio</c> and their MIME types (wire/mapping.md §1.6).</summary>
internal static class OpenAiChatAudioFormats
{
    public static string MimeTypeOf(string format) => format switch
    {
        "mp3" => "audio/mpeg",
        "pcm16" => "audio/pcm",
        _ => $"audio/{format}",
    };

    /// <summary>The format of a type; null for one the dialect does not take.</summary>
    public static string? FormatOf(string mimeType) => mimeType switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        "audio/mpeg" or "audio/mp3" => "mp3",
        _ => null,
    };
}
