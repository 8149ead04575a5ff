using System.Text.Json;

namespace Engine.Host.Recording;

/// <summary>
/// Reads <see cref="RequestFacts"/> from a request body. One rule set for all dialects: their field names do not collide,
/// and a recording needs far less understanding than a translation.
/// </summary>
internal static class RequestFactsReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>False when the body is not a JSON object. An empty body is <see cref="RequestFacts.None"/>.</summary>
    internal static bool TryRead(ReadOnlyMemory<byte> body, out RequestFacts facts)
    {
        facts = RequestFacts.None;
        if (body.IsEmpty)
        {
            return true;
        }

        try
        {
            using var document = JsonDocument.Parse(body, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            facts = Read(document.RootElement);
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that holds half a surrogate pair or broken UTF-8.
            return false;
        }
    }

    private static RequestFacts Read(JsonElement root)
    {
        var model = Text(root, "model");
        bool? streams = Get(root, "stream") switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => null,
        };
        // Code Assist wraps Gemini's request; countTokens may wrap it too.
        var request = Child(root, "request") ?? Child(root, "generateContentRequest") ?? root;
        var turns = Get(request, "messages") ?? Get(request, "contents") ?? Get(request, "input");
        var conversation = TurnFacts.Of(turns);
        var tools = ToolNames(request);
        var features = conversation.Features | Asked(request);
        if (tools.Count > 0)
        {
            features |= tools.Count > 1 ? RequestFeatures.Tools | RequestFeatures.ManyTools : RequestFeatures.Tools;
        }

        return new RequestFacts(true, TrimModel(model), streams, features, tools, conversation.Turns, conversation.LastText);
    }

    internal static string? TrimModel(string? model) =>
        model is not null && model.StartsWith("models/", StringComparison.Ordinal) ? model[7..] : model;

    private static RequestFeatures Asked(JsonElement root)
    {
        var config = Child(root, "generationConfig") ?? Child(root, "generation_config");
        var asked = RequestFeatures.None;
        if (AsksThinking(root, config))
        {
            asked |= RequestFeatures.Thinking;
        }

        if (AsksJson(root, config))
        {
            asked |= RequestFeatures.Structured;
        }

        if (Lists(Get(root, "modalities"), "image") || Lists(Get(config, "responseModalities"), "IMAGE")
            || Lists(Get(config, "response_modalities"), "IMAGE"))
        {
            asked |= RequestFeatures.ImageOut;
        }

        if (Get(Child(root, "stream_options"), "include_usage") is { ValueKind: JsonValueKind.True })
        {
            asked |= RequestFeatures.StreamUsage;
        }

        return asked;
    }

    private static bool AsksThinking(JsonElement root, JsonElement? config)
    {
        if (Child(root, "thinking") is { } anthropic)
        {
            return Text(anthropic, "type") is not "disabled";
        }

        if ((Child(config, "thinkingConfig") ?? Child(config, "thinking_config")) is { } gemini)
        {
            return (Get(gemini, "thinkingBudget") ?? Get(gemini, "thinking_budget")) is not { } budget || budget.GetRawText() is not "0";
        }

        var effort = Text(root, "reasoning_effort") ?? Text(Child(root, "reasoning"), "effort");
        return effort is not (null or "none" or "minimal") || Get(root, "think") is { ValueKind: JsonValueKind.True };
    }

    private static bool AsksJson(JsonElement root, JsonElement? config) =>
        Text(Child(root, "response_format"), "type") is "json_schema" or "json_object"
        || Text(Child(Child(root, "text"), "format"), "type") is "json_schema" or "json_object"
        || Child(Child(root, "output_config"), "format") is not null
        || Child(root, "output_format") is not null
        || (Text(config, "responseMimeType") ?? Text(config, "response_mime_type")) is "application/json";

    private static List<string> ToolNames(JsonElement root)
    {
        var names = new List<string>();
        var choice = Get(root, "tool_choice");
        var mode = Text(Child(Child(root, "toolConfig") ?? Child(root, "tool_config"), "functionCallingConfig"), "mode");
        if (mode is "NONE" || (choice is { ValueKind: JsonValueKind.String } word && word.ValueEquals("none"))
            || Text(Child(root, "tool_choice"), "type") is "none")
        {
            return names;
        }

        foreach (var tool in Items(Get(root, "tools")).Concat(Items(Get(root, "functions"))))
        {
            var declarations = Get(tool, "functionDeclarations") ?? Get(tool, "function_declarations");
            if (declarations is not null)
            {
                names.AddRange(Items(declarations).Select(d => Text(d, "name")).OfType<string>());
            }
            else if ((Text(tool, "name") ?? Text(Child(tool, "function"), "name") ?? Text(Child(tool, "custom"), "name")) is { } name)
            {
                names.Add(name);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static bool Lists(JsonElement? array, string word) => Items(array).Any(
        item => item.ValueKind == JsonValueKind.String && string.Equals(item.GetString(), word, StringComparison.OrdinalIgnoreCase));

    internal static JsonElement? Get(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null
            ? found
            : null;

    internal static JsonElement? Child(JsonElement? parent, string name) =>
        Get(parent, name) is { ValueKind: JsonValueKind.Object } found ? found : null;

    internal static string? Text(JsonElement? parent, string name) =>
        Get(parent, name) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    internal static IEnumerable<JsonElement> Items(JsonElement? array) =>
        array is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];
}
