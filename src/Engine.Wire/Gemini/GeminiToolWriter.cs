using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Writes <c>tools</c> and <c>toolConfig</c> (wire/gemini.md §3, wire/mapping.md §2.1, §2.4, §2.8).</summary>
internal static class GeminiToolWriter
{
    /// <summary>Writes both, or nothing when there is no tool.</summary>
    public static void Write(CompletionRequest request, GeminiModel family, JsonEmitter emitter, LossLedger losses)
    {
        var functions = request.Tools.Where(static tool => !IsHosted(tool)).ToList();
        var hosted = HostedTools(request.Tools, functions.Count > 0, family, losses);
        if (functions.Count == 0 && hosted.Count == 0)
        {
            return;
        }

        emitter.ArrayStart("tools"u8);
        if (functions.Count > 0)
        {
            emitter.ObjectStart();
            emitter.ArrayStart("functionDeclarations"u8);
            functions.ForEach(function => WriteFunction(function, family, emitter));
            emitter.ArrayEnd();
            emitter.ObjectEnd();
        }

        hosted.ForEach(emitter.Raw);
        emitter.ArrayEnd();
        WriteConfig(request.ToolChoice, functions, hosted.Count > 0, family, emitter);
    }

    private static bool IsHosted(ToolDefinition tool) => tool.Hosted.IsPresent || tool.HostedKind != HostedToolKind.None;

    private static List<JsonSlice> HostedTools(IReadOnlyList<ToolDefinition> tools, bool besideFunctions, GeminiModel family, LossLedger losses)
    {
        var hosted = new List<JsonSlice>();
        foreach (var tool in tools.Where(IsHosted))
        {
            var entry = GeminiHostedParts.ToolFor(tool);
            if (!entry.IsPresent)
            {
                losses.Add(tool.Path, tool.HostedRule, "Gemini has no hosted tool like it.");
            }
            else if (besideFunctions && !family.Capabilities.Tools.HostedBesideFunctions)
            {
                losses.Add(tool.Path, LossRule.Reported, "This model takes hosted tools or functions, not both.");
            }
            else
            {
                hosted.Add(entry);
            }
        }

        return hosted;
    }

    private static void WriteFunction(ToolDefinition function, GeminiModel family, JsonEmitter emitter)
    {
        emitter.ObjectStart();
        emitter.Text("name"u8, function.Name);
        if (function.Description.IsEmpty)
        {
            emitter.Text("description"u8, function.Name);
        }
        else
        {
            emitter.Text("description"u8, function.Description);
        }

        if (function.Schema.IsPresent)
        {
            var asJsonSchema = family.Capabilities.Tools.Schema == SchemaFlavour.GeminiJsonSchema;
            emitter.Raw(asJsonSchema ? "parametersJsonSchema"u8 : "parameters"u8, function.Schema);
        }

        emitter.ObjectEnd();
    }

    private static void WriteConfig(ToolChoice choice, List<ToolDefinition> functions, bool hasHosted, GeminiModel family, JsonEmitter emitter)
    {
        var mode = functions.Count == 0 ? default : ModeOf(choice, functions, family);
        var mixes = hasHosted && functions.Count > 0;
        if (mode.IsEmpty && !mixes)
        {
            return;
        }

        emitter.ObjectStart("toolConfig"u8);
        if (!mode.IsEmpty)
        {
            emitter.ObjectStart("functionCallingConfig"u8);
            emitter.Literal("mode"u8, mode);
            string[] names = choice.Mode == ToolChoiceMode.Tool ? [choice.Name] : [.. choice.Allowed];
            if (names.Length > 0 && choice.Mode != ToolChoiceMode.None)
            {
                emitter.ArrayStart("allowedFunctionNames"u8);
                Array.ForEach(names, emitter.Text);
                emitter.ArrayEnd();
            }

            emitter.ObjectEnd();
        }

        if (mixes)
        {
            emitter.Boolean("includeServerSideToolInvocations"u8, true);
        }

        emitter.ObjectEnd();
    }

    // VALIDATED is the nearest Gemini has to strict schemas and to a set of allowed functions that need not be called.
    private static ReadOnlySpan<byte> ModeOf(ToolChoice choice, List<ToolDefinition> functions, GeminiModel family)
    {
        var restricts = choice.Allowed.Count > 0 || functions.Exists(static function => function.Strict == true);
        var validates = restricts && family.Capabilities.Tools.AllowedSet;
        return choice.Mode switch
        {
            ToolChoiceMode.None => "NONE"u8,
            ToolChoiceMode.Required or ToolChoiceMode.Tool => "ANY"u8,
            _ when validates => "VALIDATED"u8,
            ToolChoiceMode.Auto => "AUTO"u8,
            _ => default,
        };
    }
}
