using System.Buffers.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Writes <c>contents</c> (wire/gemini.md §2, §4). Results of one batch are one content, and what else stands in their turn
/// follows in a second. Ids of calls are never written: Vertex refuses them, and order pairs results with calls.
/// </summary>
internal sealed class GeminiContentWriter(JsonEmitter emitter, GeminiModel family, LossLedger losses)
{
    // A signature that arrived as reasoning of its own (a carrier); it belongs to the call after it.
    private ReasoningPart? _carried;
    private bool _callSeen;

    /// <summary>Writes the property.</summary>
    public void WriteContents(IReadOnlyList<Turn> turns)
    {
        emitter.ArrayStart("contents"u8);
        foreach (var turn in turns)
        {
            var results = turn.Parts.Where(static part => part is ToolResultPart).ToList();
            WriteContent(turn, results);
            WriteContent(turn, results.Count == 0 ? turn.Parts : [.. turn.Parts.Where(static part => part is not ToolResultPart)]);
        }

        emitter.ArrayEnd();
    }

    private void WriteContent(Turn turn, IReadOnlyList<Part> parts)
    {
        if (parts.Count == 0)
        {
            return;
        }

        _carried = null;
        _callSeen = false;
        emitter.ObjectStart();
        emitter.Literal("role"u8, turn.Role == TurnRole.Assistant ? "model"u8 : "user"u8);
        emitter.ArrayStart("parts"u8);
        foreach (var part in parts)
        {
            WritePart(part, turn.Path);
        }

        FlushCarried();
        emitter.ArrayEnd();
        emitter.ObjectEnd();
    }

    private void WritePart(Part part, string path)
    {
        switch (part)
        {
            case ReasoningPart { Signature.Family: SignatureFamily.Gemini } reasoning:
                FlushCarried();
                _carried = reasoning;
                return;
            case ReasoningPart or RedactedReasoningPart:
                // Thoughts without a signature of Gemini's own are ignored or counted there (wire/mapping.md §3.5): left out.
                return;
            case ToolCallPart call:
                WriteCall(call);
                return;
        }

        FlushCarried();
        switch (part)
        {
            case TextPart text:
                WriteText(text.Text, text.Signature);
                break;
            case RefusalPart refusal:
                WriteText(refusal.Text, null);
                break;
            case ImagePart image:
                WriteMedia(image.Source, image.Signature, path);
                break;
            case DocumentPart document:
                WriteMedia(document.Source, null, path);
                break;
            case AudioPart audio:
                WriteMedia(audio.Source, null, path);
                break;
            case VideoPart video:
                WriteMedia(video.Source, null, path);
                break;
            case ToolResultPart result:
                WriteResult(result, path);
                break;
            case OpaquePart opaque:
                WriteOpaque(opaque);
                break;
        }
    }

    private void WriteText(EscapedSlice text, ReasoningSignature? signature)
    {
        emitter.ObjectStart();
        emitter.Text("text"u8, text);
        WriteSignature(signature);
        emitter.ObjectEnd();
    }

    private void WriteCall(ToolCallPart call)
    {
        var signature = Own(call.Signature);
        if (signature is null)
        {
            // The thought's text stays behind (wire/gemini.md §4).
            signature = Own(_carried?.Signature);
            _carried = null;
        }

        FlushCarried();
        emitter.ObjectStart();
        emitter.ObjectStart("functionCall"u8);
        emitter.Text("name"u8, call.Name);
        emitter.Name("args"u8);
        if (!call.Arguments.WriteAsObject(emitter))
        {
            losses.Add($"tool_call.{call.Name}.arguments", LossRule.Reported, "The arguments of an earlier call are not a JSON object.");
        }

        emitter.ObjectEnd();
        if (signature is not null)
        {
            WriteSignature(signature);
        }
        else if (family.RequiresSignatures && !_callSeen)
        {
            emitter.Literal("thoughtSignature"u8, GeminiSignatures.Sentinel);
        }

        _callSeen = true;
        emitter.ObjectEnd();
    }

    // The signed thought was not followed by a call: it goes back as the part it was.
    private void FlushCarried()
    {
        if (_carried is not { } reasoning)
        {
            return;
        }

        _carried = null;
        emitter.ObjectStart();
        emitter.Text("text"u8, reasoning.Text);
        if (!reasoning.Text.IsEmpty)
        {
            emitter.Boolean("thought"u8, true);
        }

        WriteSignature(reasoning.Signature);
        emitter.ObjectEnd();
    }

    private void WriteResult(ToolResultPart result, string path)
    {
        var media = result.Content.Where(static part => part is not (TextPart or RefusalPart)).ToList();
        emitter.ObjectStart();
        emitter.ObjectStart("functionResponse"u8);
        emitter.Text("name"u8, result.Name.Length > 0 ? result.Name : result.CallId);
        emitter.ObjectStart("response"u8);
        emitter.Name(result.IsError ? "error"u8 : "output"u8);
        emitter.TextStart();
        var first = true;
        foreach (var text in result.Content.OfType<TextPart>())
        {
            emitter.TextPiece(first ? "" : "\n");
            emitter.TextPiece(text.Text);
            first = false;
        }

        emitter.TextEnd();
        emitter.ObjectEnd();
        if (media.Count > 0)
        {
            emitter.ArrayStart("parts"u8);
            media.ForEach(part => WritePart(part, path));
            emitter.ArrayEnd();
        }

        emitter.ObjectEnd();
        emitter.ObjectEnd();
    }

    private void WriteMedia(MediaSource source, ReasoningSignature? signature, string path)
    {
        emitter.ObjectStart();
        switch (source)
        {
            case MediaSource.Inline inline:
                emitter.ObjectStart("inlineData"u8);
                emitter.Text("mimeType"u8, inline.MimeType);
                emitter.Text("data"u8, inline.Data);
                emitter.ObjectEnd();
                break;
            case MediaSource.PlainText plain:
                emitter.ObjectStart("inlineData"u8);
                emitter.Text("mimeType"u8, plain.MimeType);
                emitter.Literal("data"u8, Base64Of(plain.Text));
                emitter.ObjectEnd();
                break;
            case MediaSource.Url url:
                emitter.ObjectStart("fileData"u8);
                if (url.MimeType.Length > 0)
                {
                    emitter.Text("mimeType"u8, url.MimeType);
                }

                emitter.Text("fileUri"u8, url.Address);
                emitter.ObjectEnd();
                break;
            default:
                emitter.Literal("text"u8, default);
                losses.Add(path, LossRule.Refused, "A file stored with another vendor cannot be read by Gemini.");
                break;
        }

        WriteSignature(signature);
        emitter.ObjectEnd();
    }

    private void WriteOpaque(OpaquePart part)
    {
        if (GeminiHostedParts.IsOwn(part.Raw))
        {
            emitter.Raw(part.Raw);
            return;
        }

        if (!part.Substitute.IsEmpty)
        {
            WriteText(part.Substitute, null);
        }

        losses.Add(part.Path, part.Rule, "Only the dialect it came from can read it.");
    }

    private void WriteSignature(ReasoningSignature? signature)
    {
        if (Own(signature) is { } own)
        {
            emitter.Text("thoughtSignature"u8, own.Blob);
        }
    }

    private static ReasoningSignature? Own(ReasoningSignature? signature) =>
        signature is { Family: SignatureFamily.Gemini, Blob.IsEmpty: false } ? signature : null;

    private static byte[] Base64Of(EscapedSlice text)
    {
        var utf8 = new byte[text.Content.Length];
        var length = JsonStrings.Unescape(text.Content.Span, utf8);
        var base64 = new byte[Base64.GetMaxEncodedToUtf8Length(length)];
        Base64.EncodeToUtf8(utf8.AsSpan(0, length), base64, out _, out var written);
        return base64[..written];
    }
}
