using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Reads <c>tools</c> and <c>toolConfig</c> (wire/gemini.md §3).</summary>
internal static class GeminiToolReader
{
    /// <summary>All functions and hosted tools.</summary>
    public static List<ToolDefinition> ReadTools(RequestBody body, JsonElement tools, string path)
    {
        var definitions = new List<ToolDefinition>();
        foreach (var (tool, toolPath) in GeminiFields.Each(tools, path))
        {
            foreach (var member in GeminiFields.Object(tool, toolPath).EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                if (GeminiFields.Camel(member.Name) != "functionDeclarations")
                {
                    definitions.Add(GeminiHostedParts.ReadTool(member, toolPath));
                    continue;
                }

                foreach (var (function, functionPath) in GeminiFields.Each(member.Value, $"{toolPath}.functionDeclarations"))
                {
                    definitions.Add(ReadFunction(body, function, functionPath));
                }
            }
        }

        return definitions;
    }

    /// <summary>The choice of <c>functionCallingConfig</c>.</summary>
    public static ToolChoice ReadChoice(JsonElement config, string path)
    {
        path = $"{path}.functionCallingConfig";
        if (!GeminiFields.TryGet(config, "functionCallingConfig", out var calling))
        {
            return ToolChoice.Default;
        }

        GeminiFields.Object(calling, path);
        string[] allowed = GeminiFields.TryGet(calling, "allowedFunctionNames", out var names)
            ? [.. GeminiFields.Each(names, $"{path}.allowedFunctionNames").Select(static each => GeminiFields.Word(each.Value, each.Path))]
            : [];
        return GeminiFields.WordOf(calling, "mode", path).ToUpperInvariant() switch
        {
            "" or "MODE_UNSPECIFIED" => ToolChoice.Default,
            "AUTO" => ToolChoice.Of(ToolChoiceMode.Auto),
            "NONE" => ToolChoice.Of(ToolChoiceMode.None),
            "ANY" when allowed is [var only] => ToolChoice.Only(only),
            "ANY" => new ToolChoice(ToolChoiceMode.Required, "", allowed),
            "VALIDATED" => new ToolChoice(ToolChoiceMode.Auto, "", allowed),
            _ => throw GeminiFields.Reject($"{path}.mode", "must be AUTO, ANY, NONE or VALIDATED"),
        };
    }

    private static ToolDefinition ReadFunction(RequestBody body, JsonElement function, string path)
    {
        GeminiFields.Object(function, path);
        var name = GeminiFields.WordOf(function, "name", path);
        if (name.Length == 0)
        {
            throw GeminiFields.Reject($"{path}.name", "is required");
        }

        JsonSlice schema = default;
        if (GeminiFields.TryGet(function, "parametersJsonSchema", out var json))
        {
            schema = body.SliceOf(json);
        }
        else if (GeminiFields.TryGet(function, "parameters", out var parameters))
        {
            schema = GeminiSchemaReader.Read(parameters, $"{path}.parameters");
        }

        return new ToolDefinition(name)
        {
            Description = GeminiFields.TextOf(body, function, "description"),
            Schema = schema,
            Path = path,
        };
    }
}
