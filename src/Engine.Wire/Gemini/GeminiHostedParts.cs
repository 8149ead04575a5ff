using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Parts and tools that the provider runs itself (wire/gemini.md §2, §3, wire/mapping.md §2.8).</summary>
internal static class GeminiHostedParts
{
    private static readonly string[] Parts = ["executableCode", "codeExecutionResult", "toolCall", "toolResponse"];

    private static readonly HashSet<string> GeminiNames = new(StringComparer.Ordinal)
    {
        "googleSearch", "googleSearchRetrieval", "enterpriseWebSearch", "urlContext", "codeExecution",
        "computerUse", "fileSearch", "mcpServers", "retrieval", "googleMaps",
    };

    /// <summary>True for a part of history that records such a run.</summary>
    public static bool TryRead(RequestBody body, JsonElement part, string path, out OpaquePart opaque)
    {
        foreach (var name in Parts)
        {
            if (GeminiFields.TryGet(part, name, out var value))
            {
                var text = Substitute(name, value);
                var rule = text.Length > 0 ? LossRule.Emulated : LossRule.Reported;
                opaque = new OpaquePart($"{path}.{name}", body.SliceOf(part), rule, text.Length > 0 ? EscapedSlice.FromString(text) : default);
                return true;
            }
        }

        opaque = null!;
        return false;
    }

    /// <summary>True when the raw part of another reader is one of Gemini's own.</summary>
    public static bool IsOwn(JsonSlice raw) => HasMember(raw, Parts);

    /// <summary>A hosted tool: one member of an entry of <c>tools</c>.</summary>
    public static ToolDefinition ReadTool(JsonProperty member, string path)
    {
        var name = GeminiFields.Camel(member.Name);
        var (kind, rule) = name switch
        {
            "googleSearch" or "googleSearchRetrieval" or "enterpriseWebSearch" => (HostedToolKind.WebSearch, LossRule.Reported),
            "urlContext" => (HostedToolKind.FetchUrl, LossRule.Reported),
            "codeExecution" => (HostedToolKind.CodeExecution, LossRule.Reported),
            "computerUse" or "fileSearch" or "mcpServers" or "retrieval" => (HostedToolKind.Other, LossRule.Refused),
            _ => (HostedToolKind.Other, LossRule.Reported),
        };
        return new ToolDefinition(name)
        {
            Hosted = JsonSlice.FromString($"{{\"{name}\":{member.Value.GetRawText()}}}"),
            HostedKind = kind,
            HostedRule = rule,
            Path = $"{path}.{name}",
        };
    }

    /// <summary>The entry of <c>tools</c> for a hosted tool, or absent when Gemini has none like it.</summary>
    public static JsonSlice ToolFor(ToolDefinition tool) => tool.HostedKind switch
    {
        _ when HasMember(tool.Hosted, [tool.Name]) && GeminiNames.Contains(tool.Name) => tool.Hosted,
        HostedToolKind.WebSearch => JsonSlice.FromString("{\"googleSearch\":{}}"),
        HostedToolKind.FetchUrl => JsonSlice.FromString("{\"urlContext\":{}}"),
        HostedToolKind.CodeExecution => JsonSlice.FromString("{\"codeExecution\":{}}"),
        _ => default,
    };

    private static bool HasMember(JsonSlice json, string[] names)
    {
        if (!json.IsPresent)
        {
            return false;
        }

        using var document = JsonDocument.Parse(json.Utf8, new JsonDocumentOptions { MaxDepth = JsonCursor.MaxDepth });
        return Array.Exists(names, name => GeminiFields.TryGet(document.RootElement, name, out _));
    }

    // What other dialects get to read instead.
    private static string Substitute(string name, JsonElement value) => name switch
    {
        "executableCode" when GeminiFields.WordOrNull(value, "code") is { } code =>
            $"```{(GeminiFields.WordOrNull(value, "language") ?? "").ToLowerInvariant()}\n{code}\n```",
        "codeExecutionResult" when GeminiFields.WordOrNull(value, "output") is { } output => $"```\n{output}\n```",
        _ => "",
    };
}
