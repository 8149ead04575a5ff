namespace Engine.Wire.Completion.Request;

/// <summary>
/// A careful over-estimate of a request's input tokens, for targets that cannot count: an undercount makes agents overflow
/// their window (wire/pitfalls.md 115). Includes system texts, tools, reasoning and media.
/// </summary>
public static class TokenEstimate
{
    // Tokenizers average about four bytes of English or code a token; three leaves room for dense scripts and JSON.
    private const int BytesPerToken = 3;
    private const int PerTurn = 8;
    private const int PerTool = 16;
    private const int PerImage = 1600;

    // Base64 of a PDF page of text and its picture, as a floor per kilobyte.
    private const int MediaBytesPerToken = 24;

    /// <summary>Tokens, at least 1.</summary>
    public static long Of(CompletionRequest request)
    {
        long tokens = PerTurn;
        foreach (var text in request.System)
        {
            tokens += PerTurn + Text(text.Text.Content.Length);
        }

        foreach (var tool in request.Tools)
        {
            tokens += PerTool + Text(tool.Name.Length + tool.Description.Content.Length + tool.Schema.Utf8.Length + tool.Hosted.Utf8.Length);
        }

        foreach (var turn in request.Turns)
        {
            tokens += PerTurn + turn.Parts.Sum(Of);
        }

        return tokens + Text(request.Format.Schema.Utf8.Length);
    }

    private static long Of(Part part) => part switch
    {
        TextPart text => Text(text.Text.Content.Length),
        RefusalPart refusal => Text(refusal.Text.Content.Length),
        ReasoningPart reasoning => Text(reasoning.Text.Content.Length),
        ToolCallPart call => PerTool + Text(call.Name.Length + call.Arguments.Text.Content.Length + call.Arguments.Object.Utf8.Length),
        ToolResultPart result => PerTool + result.Content.Sum(Of),
        ImagePart => PerImage,
        DocumentPart { Source: MediaSource.PlainText text } => Text(text.Text.Content.Length),
        DocumentPart { Source: MediaSource.Inline inline } => PerImage + (inline.Data.Content.Length / MediaBytesPerToken),
        AudioPart { Source: MediaSource.Inline inline } => PerImage + (inline.Data.Content.Length / MediaBytesPerToken),
        OpaquePart opaque => Text(opaque.Raw.Utf8.Length),
        RedactedReasoningPart redacted => Text(redacted.Signature.Blob.Content.Length),
        _ => PerImage,
    };

    private static long Text(int bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
