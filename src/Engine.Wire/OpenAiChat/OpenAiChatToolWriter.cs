using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Writes tools, the tool choice and the parallel switch (wire/openai-chat.md §4, wire/mapping.md §2.1, §2.4, §2.5).</summary>
internal static class OpenAiChatToolWriter
{
    private static readonly JsonSlice NoParameters = JsonSlice.FromString("""{"type":"object","properties":{}}""");

    public static void Write(JsonEmitter emitter, CompletionRequest request, OpenAiChatModel model, LossLedger losses)
    {
        var functions = new List<ToolDefinition>();
        foreach (var tool in request.Tools)
        {
            if (!tool.Hosted.IsPresent)
            {
                functions.Add(tool);
            }
            else if (tool.Path == "web_search_options")
            {
                emitter.Raw("web_search_options"u8, tool.Hosted);
            }
            else if (model.Capabilities.Tools.HostedKinds.Contains(tool.HostedKind))
            {
                emitter.Raw("web_search_options"u8, RawJson.FromUtf8("{}"u8));
            }
            else
            {
                losses.Add(tool.Path.Length > 0 ? tool.Path : "tools", tool.HostedRule, $"The upstream has no hosted tool '{tool.Name}'.");
            }
        }

        // Without tools none of the other fields is legal.
        if (functions.Count == 0)
        {
            return;
        }

        emitter.ArrayStart("tools"u8);
        foreach (var tool in functions)
        {
            WriteTool(emitter, tool, model);
        }

        emitter.ArrayEnd();
        WriteChoice(emitter, request.ToolChoice, functions);
        if (request.ParallelToolCalls is { } parallel)
        {
            emitter.Boolean("parallel_tool_calls"u8, parallel);
        }
    }

    private static void WriteTool(JsonEmitter emitter, ToolDefinition tool, OpenAiChatModel model)
    {
        emitter.ObjectStart();
        emitter.Literal("type"u8, tool.IsFreeform ? "custom"u8 : "function"u8);
        emitter.ObjectStart(tool.IsFreeform ? "custom"u8 : "function"u8);
        emitter.Text("name"u8, tool.Name);
        if (!tool.Description.IsEmpty)
        {
            emitter.Text("description"u8, tool.Description);
        }

        if (!tool.IsFreeform)
        {
            emitter.Raw("parameters"u8, tool.Schema.IsPresent ? tool.Schema : NoParameters);
            if (tool.Strict is { } strict)
            {
                emitter.Boolean("strict"u8, strict);
            }
        }

        emitter.ObjectEnd();
        if (tool.CacheControl.IsPresent && model.KeepsCacheControl)
        {
            emitter.Raw("cache_control"u8, tool.CacheControl);
        }

        emitter.ObjectEnd();
    }

    private static void WriteChoice(JsonEmitter emitter, ToolChoice choice, List<ToolDefinition> tools)
    {
        if (choice.Mode == ToolChoiceMode.Default)
        {
            return;
        }

        emitter.Name("tool_choice"u8);
        if (choice.Mode == ToolChoiceMode.Tool)
        {
            WriteNamed(emitter, choice.Name, tools);
        }
        else if (choice.Allowed.Count > 0 && choice.Mode is ToolChoiceMode.Auto or ToolChoiceMode.Required)
        {
            emitter.ObjectStart();
            emitter.Literal("type"u8, "allowed_tools"u8);
            emitter.ObjectStart("allowed_tools"u8);
            emitter.Literal("mode"u8, WordOf(choice.Mode));
            emitter.ArrayStart("tools"u8);
            foreach (var name in choice.Allowed)
            {
                WriteNamed(emitter, name, tools);
            }

            emitter.ArrayEnd();
            emitter.ObjectEnd();
            emitter.ObjectEnd();
        }
        else
        {
            emitter.Literal(WordOf(choice.Mode));
        }
    }

    private static void WriteNamed(JsonEmitter emitter, string name, List<ToolDefinition> tools)
    {
        var kind = tools.Exists(tool => tool.IsFreeform && tool.Name == name) ? "custom"u8 : "function"u8;
        emitter.ObjectStart();
        emitter.Literal("type"u8, kind);
        emitter.ObjectStart(kind);
        emitter.Text("name"u8, name);
        emitter.ObjectEnd();
        emitter.ObjectEnd();
    }

    private static ReadOnlySpan<byte> WordOf(ToolChoiceMode mode) => mode switch
    {
        ToolChoiceMode.None => "none"u8,
        ToolChoiceMode.Required => "required"u8,
        _ => "auto"u8,
    };
}
