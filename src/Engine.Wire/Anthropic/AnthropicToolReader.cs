using Engine.Wire.Completion.Request;

namespace Engine.Wire.Anthropic;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c> (wire/anthropic-messages.md §4, wire/mapping.md §2.8).</summary>
internal static class AnthropicToolReader
{
    // Versioned tools by the start of their type; the first that fits. The provider runs some, the client others by a schema
    // that only this provider's models know.
    private static readonly (string Prefix, HostedToolKind Kind, LossRule Rule)[] BuiltIns =
    [
        ("web_search_", HostedToolKind.WebSearch, LossRule.Reported),
        ("web_fetch_", HostedToolKind.FetchUrl, LossRule.Reported),
        ("code_execution_", HostedToolKind.CodeExecution, LossRule.Reported),

        // Elsewhere all tools are sent at once, so that searching them is needless.
        ("tool_search_tool_", HostedToolKind.Other, LossRule.Dropped),
        ("", HostedToolKind.Other, LossRule.Refused),
    ];

    /// <summary>The declared tools.</summary>
    /// <exception cref="RequestRejectedException">A definition lacks its name or schema.</exception>
    public static IReadOnlyList<ToolDefinition> ReadTools(AnthropicNode root) =>
        root.Get("tools") is { } tools ? [.. tools.Items().Select(static tool => ReadTool(tool.Object()))] : [];

    /// <summary>Whether and which tool must be called, and whether several may be.</summary>
    /// <exception cref="RequestRejectedException">An unknown form.</exception>
    public static (ToolChoice Choice, bool? Parallel) ReadChoice(AnthropicNode root)
    {
        if (root.Get("tool_choice") is not { } choice)
        {
            return (ToolChoice.Default, null);
        }

        var type = choice.Object().Require("type");
        var read = type.String() switch
        {
            "auto" => ToolChoice.Of(ToolChoiceMode.Auto),
            "any" => ToolChoice.Of(ToolChoiceMode.Required),
            "none" => ToolChoice.Of(ToolChoiceMode.None),
            "tool" => ToolChoice.Only(choice.Require("name").String()),
            _ => throw type.Reject("Input should be 'any', 'auto', 'none' or 'tool'"),
        };
        return (read, choice.Get("disable_parallel_tool_use")?.Boolean() is { } disabled ? !disabled : null);
    }

    private static ToolDefinition ReadTool(AnthropicNode tool)
    {
        var type = tool.Get("type")?.String() ?? "custom";
        if (type != "custom")
        {
            return ReadBuiltIn(tool, type);
        }

        return new ToolDefinition(tool.Require("name").String())
        {
            Description = tool.TextOf("description"),
            Schema = tool.Require("input_schema").Object().Slice,
            Strict = tool.Get("strict")?.Boolean(),
            CacheControl = tool.SliceOf("cache_control"),
            Path = tool.Path,
        };
    }

    private static ToolDefinition ReadBuiltIn(AnthropicNode tool, string type)
    {
        var builtIn = Array.Find(BuiltIns, each => type.StartsWith(each.Prefix, StringComparison.Ordinal));
        return new ToolDefinition(tool.Get("name")?.String() ?? type)
        {
            Hosted = tool.Slice,
            HostedKind = builtIn.Kind,
            HostedRule = builtIn.Rule,
            CacheControl = tool.SliceOf("cache_control"),
            Path = tool.Path,
        };
    }
}
