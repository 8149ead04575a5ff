using System.Text.Json.Nodes;
using Engine.Wire.Completion.Request;

namespace Engine.Wire.Tests.Pairs;

/// <summary>What a request says, whatever its dialect divides into turns and parts. One line per fact.</summary>
internal static class RequestFacts
{
    /// <summary>The facts of a tree.</summary>
    public static string Of(CompletionRequest request)
    {
        var lines = new List<string>();
        lines.AddRange(request.System.Select(static text => $"system {text.Text.Decode()}"));
        var calls = new List<(string Id, bool Answered)>();
        foreach (var turn in request.Turns)
        {
            foreach (var part in turn.Parts)
            {
                Tell(turn.Role, part, lines, calls);
            }
        }

        lines.AddRange(request.Tools.Select(static tool => $"tool {tool.Name} {tool.Description.Decode()} {Canonical(JsonNode.Parse(tool.Schema.ToString()))}"));
        lines.Add($"choice {(request.ToolChoice.Mode == ToolChoiceMode.Default ? ToolChoiceMode.Auto : request.ToolChoice.Mode)} {request.ToolChoice.Name}");
        lines.Add($"stop {string.Join('|', request.StopSequences.Select(static stop => stop.Decode()))}");
        lines.Add(FormattableString.Invariant($"limit {request.MaxOutputTokens} temperature {request.Sampling.Temperature} stream {request.Stream}"));
        return string.Join('\n', lines);
    }

    private static void Tell(TurnRole role, Part part, List<string> lines, List<(string Id, bool Answered)> calls)
    {
        switch (part)
        {
            case TextPart text:
                lines.Add($"{role} text {text.Text.Decode()}");
                break;
            case ImagePart { Source: MediaSource.Inline image }:
                lines.Add($"{role} image {image.MimeType} {image.Data.Decode()}");
                break;
            case ToolCallPart call:
                calls.Add((call.Id, Answered: false));
                lines.Add($"call {call.Name} {(call.Arguments.Object.IsPresent ? call.Arguments.Object.ToString() : call.Arguments.Text.Decode())}");
                break;
            case ToolResultPart result:
                lines.Add($"result of call {Pair(result.CallId, calls)}: {TextOf(result)}");
                break;
            default:
                lines.Add($"{role} {part}");
                break;
        }
    }

    // By id, or by order where the dialect has none (wire/mapping.md §2.6).
    private static int Pair(string id, List<(string Id, bool Answered)> calls)
    {
        var index = calls.FindIndex(call => !call.Answered && (id.Length == 0 || call.Id == id));
        if (index >= 0)
        {
            calls[index] = (calls[index].Id, Answered: true);
        }

        return index;
    }

    // OpenAI says in words that a tool failed (wire/mapping.md §2.7).
    private static string TextOf(ToolResultPart result)
    {
        var text = string.Concat(result.Content.Select(static part => part is TextPart inner ? inner.Text.Decode() : part.ToString()));
        var failed = text.StartsWith("Error: ", StringComparison.Ordinal);
        return result.IsError || failed ? $"failed {(failed ? text["Error: ".Length..] : text)}" : text;
    }

    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject map => $"{{{string.Join(',', map.OrderBy(static each => each.Key, StringComparer.Ordinal).Select(static each => $"\"{each.Key}\":{Canonical(each.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Canonical))}]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
