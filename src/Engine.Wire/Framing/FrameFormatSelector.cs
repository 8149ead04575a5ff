namespace Engine.Wire.Framing;

/// <summary>Chooses a <see cref="FrameFormat"/> for a response.</summary>
public static class FrameFormatSelector
{
    /// <summary>
    /// The format that a <c>Content-Type</c> announces, parameters ignored. <c>application/json</c> gives
    /// <see cref="FrameFormat.Detect"/>: Gemini's array carries it, and so do SSE streams behind careless gateways.
    /// </summary>
    public static FrameFormat ForContentType(ReadOnlySpan<char> contentType)
    {
        int parameters = contentType.IndexOf(';');
        var mediaType = (parameters < 0 ? contentType : contentType[..parameters]).Trim();
        if (Is(mediaType, "text/event-stream"))
        {
            return FrameFormat.Sse;
        }

        return Is(mediaType, "application/x-ndjson") || Is(mediaType, "application/ndjson") || Is(mediaType, "application/jsonl")
            ? FrameFormat.NdJson
            : FrameFormat.Detect;

        static bool Is(ReadOnlySpan<char> mediaType, string name) => mediaType.Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
