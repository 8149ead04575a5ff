using System.Globalization;
using System.Text;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Normalising;

/// <summary>A request tree as text, every field of it, so that two trees can be compared by what they hold.</summary>
internal static class RequestText
{
    public static string Of(CompletionRequest request)
    {
        var text = new StringBuilder();
        foreach (var part in request.System)
        {
            text.Append("system ").AppendLine(Of(part));
        }

        text.Append(Turns(request));
        foreach (var tool in request.Tools)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"tool {tool.Name} \"{tool.Description}\" {tool.Schema} strict={tool.Strict} freeform={tool.IsFreeform} hosted={tool.HostedKind}/{tool.Hosted} cache={tool.CacheControl}");
        }

        var choice = request.ToolChoice;
        var sampling = request.Sampling;
        text.AppendLine(CultureInfo.InvariantCulture, $"choice {choice.Mode} {choice.Name} [{string.Join(',', choice.Allowed)}] parallel={request.ParallelToolCalls}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{request.Reasoning} {sampling} max={request.MaxOutputTokens}/{request.MaxOutputTokensIsDefault} n={request.Candidates}");
        text.AppendLine(CultureInfo.InvariantCulture, $"stop [{string.Join(" | ", request.StopSequences)}]");
        text.AppendLine(CultureInfo.InvariantCulture, $"format {request.Format.Kind} {request.Format.Name} {request.Format.Schema} user={request.User} foreign={string.Join(',', request.Foreign.Select(field => field.Path))}");
        return text.ToString();
    }

    /// <summary>One line per turn, a paragraph of the whole.</summary>
    public static string Turns(CompletionRequest request)
    {
        var text = new StringBuilder();
        foreach (var turn in request.Turns)
        {
            text.Append(turn.Role.ToString().ToLowerInvariant()).Append(": ").AppendJoin(" + ", turn.Parts.Select(Of)).Append('\n');
        }

        return text.ToString();
    }

    public static string Of(Part part)
    {
        var text = part switch
        {
            TextPart each => $"\"{each.Text}\"{Of(each.Signature)}",
            ImagePart each => $"image({Of(each.Source)}){Of(each.Signature)}",
            DocumentPart each => $"document({Of(each.Source)} {each.Name} {each.Context})",
            AudioPart each => $"audio({Of(each.Source)})",
            VideoPart each => $"video({Of(each.Source)})",
            ToolCallPart each => $"call({each.Id} {each.Name} {each.Arguments.Object}{each.Arguments.Text}){Of(each.Signature)}",
            ToolResultPart each => $"{(each.IsError ? "error" : "result")}({each.CallId} {each.Name} {string.Join(" + ", each.Content.Select(Of))})",
            ReasoningPart each => $"thought(\"{each.Text}\"){Of(each.Signature)}",
            RedactedReasoningPart each => $"redacted{Of(each.Signature)}",
            RefusalPart each => $"refusal(\"{each.Text}\")",
            OpaquePart each => $"opaque({each.Path} {each.Raw})",
            _ => throw new ArgumentOutOfRangeException(nameof(part)),
        };
        return part.CacheControl.IsPresent ? $"{text}!cache" : text;
    }

    private static string Of(ReasoningSignature? signature) => signature is null ? "" : $"~{signature.Family}:{signature.Blob}";

    private static string Of(MediaSource source) => source switch
    {
        MediaSource.Inline inline => $"{inline.MimeType} {Shortened(inline.Data)}",
        MediaSource.Url url => $"{url.MimeType} {url.Address}",
        MediaSource.Stored stored => $"stored {stored.FileId}",
        MediaSource.PlainText text => $"{text.MimeType} \"{text.Text}\"",
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    private static string Shortened(EscapedSlice data) => data.Content.Length > 12 ? $"{data.ToString()[..12]}…{data.GetHashCode()}" : data.ToString();
}
