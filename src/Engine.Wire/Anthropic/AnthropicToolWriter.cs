using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Writes <c>tools</c> and <c>tool_choice</c> (wire/anthropic-messages.md §4, wire/mapping.md §2.1, §2.4, §2.5).</summary>
internal static class AnthropicToolWriter
{
    /// <summary>Writes the tools; false when there are none and so no choice may be written.</summary>
    public static bool Write(JsonEmitter emitter, CompletionRequest request, AnthropicCacheMarks marks, LossLedger losses)
    {
        var open = false;
        foreach (var tool in request.Tools)
        {
            if (tool.HostedKind is not (HostedToolKind.None or HostedToolKind.WebSearch))
            {
                losses.Add(tool.Path, tool.HostedRule);
                continue;
            }

            if (!open)
            {
                open = true;
                emitter.ArrayStart("tools"u8);
            }

            WriteTool(emitter, tool, marks, losses);
        }

        if (open)
        {
            emitter.ArrayEnd();
        }

        return open;
    }

    /// <summary>Writes the choice; a ban on parallel calls needs one to stand in.</summary>
    public static void WriteChoice(JsonEmitter emitter, CompletionRequest request)
    {
        var single = request.ParallelToolCalls == false;
        var mode = request.ToolChoice.Mode;
        if (mode == ToolChoiceMode.Default && !single)
        {
            return;
        }

        emitter.ObjectStart("tool_choice"u8);
        emitter.Literal("type"u8, mode switch
        {
            ToolChoiceMode.None => "none"u8,
            ToolChoiceMode.Required => "any"u8,
            ToolChoiceMode.Tool => "tool"u8,
            _ => "auto"u8,
        });
        if (mode == ToolChoiceMode.Tool)
        {
            emitter.Text("name"u8, request.ToolChoice.Name);
        }

        if (single && mode != ToolChoiceMode.None)
        {
            emitter.Boolean("disable_parallel_tool_use"u8, value: true);
        }

        emitter.ObjectEnd();
    }

    private static void WriteTool(JsonEmitter emitter, ToolDefinition tool, AnthropicCacheMarks marks, LossLedger losses)
    {
        emitter.ObjectStart();
        if (tool.HostedKind == HostedToolKind.WebSearch)
        {
            emitter.Literal("type"u8, "web_search_20250305"u8);
            emitter.Literal("name"u8, "web_search"u8);
            if (HasSettings(tool.Hosted))
            {
                losses.Add(tool.Path, LossRule.Reported, $"'{tool.Path}' is a web search; its settings are not carried over.");
            }
        }
        else
        {
            emitter.Text("name"u8, tool.Name);
            WriteFunction(emitter, tool);
        }

        marks.Write(emitter, tool.CacheControl);
        emitter.ObjectEnd();
    }

    // Each dialect narrows a search in its own words (domains, places).
    private static bool HasSettings(JsonSlice hosted)
    {
        if (!hosted.IsPresent)
        {
            return false;
        }

        var cursor = new JsonCursor(hosted.Utf8.Span);
        var settings = 0;
        if (cursor.EnterObject())
        {
            while (cursor.NextProperty())
            {
                settings += cursor.NameIs("type"u8) || cursor.NameIs("name"u8) ? 0 : 1;
                cursor.SkipValue();
            }
        }

        return settings > 0;
    }

    private static void WriteFunction(JsonEmitter emitter, ToolDefinition tool)
    {
        if (!tool.Description.IsEmpty)
        {
            emitter.Text("description"u8, tool.Description);
        }

        if (tool.Schema.IsPresent)
        {
            emitter.Raw("input_schema"u8, tool.Schema);
        }
        else
        {
            emitter.ObjectStart("input_schema"u8);
            emitter.Literal("type"u8, "object"u8);
            emitter.ObjectStart("properties"u8);
            emitter.ObjectEnd();
            emitter.ObjectEnd();
        }

        if (tool.Strict == true)
        {
            emitter.Boolean("strict"u8, value: true);
        }
    }
}
