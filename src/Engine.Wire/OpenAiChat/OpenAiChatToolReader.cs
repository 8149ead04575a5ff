using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using static Engine.Wire.OpenAiChat.OpenAiChatFieldReader;

namespace Engine.Wire.OpenAiChat;

/// <summary>Reads tools, legacy functions and the tool choice (wire/openai-chat.md §4, wire/mapping.md §2.1, §2.4, §2.8).</summary>
internal static class OpenAiChatToolReader
{
    public static List<ToolDefinition> ReadTools(OpenAiChatFieldReader fields, JsonElement root)
    {
        var tools = new List<ToolDefinition>();
        if (TryGet(root, "tools"u8, out var list))
        {
            var index = 0;
            foreach (var tool in AsArray(list, "tools").EnumerateArray())
            {
                tools.Add(ReadTool(fields, tool, $"tools[{index++}]"));
            }
        }
        else if (TryGet(root, "functions"u8, out list))
        {
            var index = 0;
            foreach (var function in AsArray(list, "functions").EnumerateArray())
            {
                var path = $"functions[{index++}]";
                tools.Add(ReadFunction(fields, AsObject(function, path), path) with { Path = path });
            }
        }

        if (TryGet(root, "web_search_options"u8, out var search))
        {
            tools.Add(new ToolDefinition("web_search")
            {
                Hosted = fields.Raw(AsObject(search, "web_search_options")),
                HostedKind = HostedToolKind.WebSearch,
                HostedRule = LossRule.Reported,
                Path = "web_search_options",
            });
        }

        return tools;
    }

    public static ToolChoice ReadChoice(JsonElement root)
    {
        if (TryGet(root, "tool_choice"u8, out var choice))
        {
            return choice.ValueKind switch
            {
                JsonValueKind.String => ReadMode(AsString(choice, "tool_choice"), "tool_choice"),
                JsonValueKind.Object => ReadChoiceObject(choice),
                _ => throw WrongType(choice, "tool_choice", "a string or an object"),
            };
        }

        if (!TryGet(root, "function_call"u8, out choice))
        {
            return ToolChoice.Default;
        }

        return choice.ValueKind == JsonValueKind.String
            ? ReadMode(AsString(choice, "function_call"), "function_call")
            : ToolChoice.Only(AsName(Require(AsObject(choice, "function_call"), "name"u8, "function_call.name"), "function_call.name"));
    }

    private static ToolDefinition ReadTool(OpenAiChatFieldReader fields, JsonElement tool, string path)
    {
        var type = TryGet(AsObject(tool, path), "type"u8, out var word) ? AsString(word, $"{path}.type") : "function";
        var definition = type switch
        {
            "function" => ReadFunction(fields, RequireObject(tool, "function"u8, $"{path}.function"), $"{path}.function"),
            "custom" => ReadFreeform(fields, RequireObject(tool, "custom"u8, $"{path}.custom"), $"{path}.custom"),
            _ => ReadHosted(fields, tool, type),
        };
        return definition with { CacheControl = fields.OptionalRaw(tool, "cache_control"u8), Path = path };
    }

    private static ToolDefinition ReadFunction(OpenAiChatFieldReader fields, JsonElement function, string path) =>
        new(RequireName(function, "name"u8, $"{path}.name"))
        {
            Description = fields.OptionalText(function, "description"u8, $"{path}.description"),
            Schema = TryGet(function, "parameters"u8, out var schema) ? fields.Raw(AsObject(schema, $"{path}.parameters")) : default,
            Strict = TryGet(function, "strict"u8, out var strict) ? AsBoolean(strict, $"{path}.strict") : null,
        };

    private static ToolDefinition ReadFreeform(OpenAiChatFieldReader fields, JsonElement custom, string path) =>
        new(RequireName(custom, "name"u8, $"{path}.name"))
        {
            IsFreeform = true,
            Description = WithGrammar(fields, custom, fields.OptionalText(custom, "description"u8, $"{path}.description"), path),
        };

    // The tree has no place for a grammar: models read it as part of the description (wire/mapping.md §2.8).
    private static EscapedSlice WithGrammar(OpenAiChatFieldReader fields, JsonElement custom, EscapedSlice description, string path)
    {
        if (!TryGet(custom, "format"u8, out var format) || !TryGet(AsObject(format, $"{path}.format"), "grammar"u8, out var grammar))
        {
            return description;
        }

        var grammarPath = $"{path}.format.grammar";
        var syntax = TryGet(AsObject(grammar, grammarPath), "syntax"u8, out var word) ? AsString(word, $"{grammarPath}.syntax") : "lark";
        var definition = fields.RequireText(grammar, "definition"u8, $"{grammarPath}.definition");
        var lead = EscapedSlice.FromString($"{(description.IsEmpty ? "" : "\n\n")}The input must match this {syntax} grammar:\n");
        return EscapedSlice.FromContent((byte[])[.. description.Content.Span, .. lead.Content.Span, .. definition.Content.Span]);
    }

    private static ToolDefinition ReadHosted(OpenAiChatFieldReader fields, JsonElement tool, string type)
    {
        var (kind, rule) = type switch
        {
            _ when type.Contains("web_search", StringComparison.Ordinal) => (HostedToolKind.WebSearch, LossRule.Reported),
            _ when type.Contains("web_fetch", StringComparison.Ordinal) => (HostedToolKind.FetchUrl, LossRule.Reported),
            _ when type.Contains("code_", StringComparison.Ordinal) => (HostedToolKind.CodeExecution, LossRule.Reported),
            "image_generation" => (HostedToolKind.Other, LossRule.Reported),
            _ => (HostedToolKind.Other, LossRule.Refused),
        };
        return new ToolDefinition(type) { Hosted = fields.Raw(tool), HostedKind = kind, HostedRule = rule };
    }

    private static ToolChoice ReadMode(string mode, string path) => mode switch
    {
        "auto" => ToolChoice.Of(ToolChoiceMode.Auto),
        "none" => ToolChoice.Of(ToolChoiceMode.None),
        "required" or "any" => ToolChoice.Of(ToolChoiceMode.Required),
        _ => throw NotAllowed(mode, path, "'none', 'auto' and 'required'"),
    };

    private static ToolChoice ReadChoiceObject(JsonElement choice)
    {
        var type = TryGet(choice, "type"u8, out var word) ? AsString(word, "tool_choice.type") : "function";
        switch (type)
        {
            case "function" or "custom":
                return ToolChoice.Only(ReadName(choice, "tool_choice"));
            case "allowed_tools":
                const string Path = "tool_choice.allowed_tools";
                var allowed = RequireObject(choice, "allowed_tools"u8, Path);
                var mode = TryGet(allowed, "mode"u8, out word) ? AsString(word, $"{Path}.mode") : "auto";
                var names = RequireArray(allowed, "tools"u8, $"{Path}.tools")
                    .EnumerateArray()
                    .Select(static (tool, i) => ReadName(AsObject(tool, $"{Path}.tools[{i}]"), $"{Path}.tools[{i}]"))
                    .ToList();
                return mode is "auto" or "required"
                    ? new ToolChoice(mode == "auto" ? ToolChoiceMode.Auto : ToolChoiceMode.Required, "", names)
                    : throw NotAllowed(mode, $"{Path}.mode", "'auto' and 'required'");
            case "auto" or "none" or "required" or "any":
                return ReadMode(type, "tool_choice.type");
            default:
                throw NotAllowed(type, "tool_choice.type", "'function', 'custom' and 'allowed_tools'");
        }
    }

    // {type, function:{name}} or {type, custom:{name}}; some clients send the flat form of Responses.
    private static string ReadName(JsonElement tool, string path)
    {
        foreach (var kind in (ReadOnlySpan<string>)["function", "custom"])
        {
            if (tool.TryGetProperty(kind, out var inner) && inner.ValueKind == JsonValueKind.Object)
            {
                return RequireName(inner, "name"u8, $"{path}.{kind}.name");
            }
        }

        return TryGet(tool, "name"u8, out var name) ? AsName(name, $"{path}.name") : throw Missing($"{path}.function");
    }
}
