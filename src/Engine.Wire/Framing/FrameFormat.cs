namespace Engine.Wire.Framing;

/// <summary>How an upstream divides a streamed body into events.</summary>
public enum FrameFormat
{
    /// <summary>Unknown or not to be trusted: the first byte that is not white space tells JSON from SSE.</summary>
    Detect,

    /// <summary>Server-sent events (wire/README.md, reading rule 3).</summary>
    Sse,

    /// <summary>One JSON value per line (wire/ollama.md, stream grammar).</summary>
    NdJson,

    /// <summary>The elements of one JSON array, or objects one after the other (wire/gemini.md, array mode).</summary>
    JsonArray,
}
