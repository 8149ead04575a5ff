using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Anthropic;

/// <summary>Reads a request into the tree (wire/anthropic-messages.md §2).</summary>
internal static class AnthropicRequestReader
{
    // Fields without a place in the tree, and what becomes of them elsewhere (wire/mapping.md §6).
    private static readonly Dictionary<string, LossRule> ForeignRules = new(StringComparer.Ordinal)
    {
        ["container"] = LossRule.Refused,
        ["context_management"] = LossRule.Reported,
        ["fallbacks"] = LossRule.Reported,
        ["mcp_servers"] = LossRule.Refused,
        ["thread"] = LossRule.Refused,
    };

    /// <summary>Reads a body. The tree's leaves are slices of it.</summary>
    /// <exception cref="RequestRejectedException">A field is missing or malformed.</exception>
    public static CompletionRequest Read(ReadOnlyMemory<byte> utf8, Operation operation)
    {
        using var body = RequestBody.Parse(utf8);
        var root = new AnthropicNode(body, body.Root, "");
        var maxTokens = root.Get("max_tokens")?.Integer();
        if (maxTokens is null && operation == Operation.Generate)
        {
            _ = root.Require("max_tokens");
        }

        if (maxTokens < 0)
        {
            throw root.Require("max_tokens").Reject("Input should be greater than or equal to 0");
        }

        var choice = AnthropicToolReader.ReadChoice(root);
        return new CompletionRequest
        {
            Model = root.Require("model").String(),
            Stream = root.Get("stream")?.Boolean() ?? false,
            System = ReadSystem(root),
            Turns = AnthropicTurnReader.Read(root),
            Tools = AnthropicToolReader.ReadTools(root),
            ToolChoice = choice.Choice,
            ParallelToolCalls = choice.Parallel,
            Reasoning = AnthropicReasoningReader.Read(root),
            Sampling = new Sampling
            {
                Temperature = root.Get("temperature")?.Number(),
                TopP = root.Get("top_p")?.Number(),
                TopK = root.Get("top_k")?.Integer(),
            },
            MaxOutputTokens = maxTokens,
            StopSequences = root.Get("stop_sequences") is { } stops ? [.. stops.Items().Select(static stop => stop.Text())] : [],
            Format = ReadFormat(root),
            User = root.Get("metadata")?.Object().TextOf("user_id") ?? default,
            Foreign = ReadForeign(root),
        };
    }

    private static IReadOnlyList<TextPart> ReadSystem(AnthropicNode root)
    {
        if (root.Get("system") is not { } system)
        {
            return [];
        }

        if (system.IsText)
        {
            return [new TextPart(system.Text())];
        }

        return [.. system.Items().Select(static block =>
            block.Object().Require("type").String() == "text"
                ? AnthropicTurnReader.ReadText(block)
                : throw block.Require("type").Reject("Input should be 'text'"))];
    }

    private static OutputFormat ReadFormat(AnthropicNode root)
    {
        var asked = root.Get("output_config")?.Object().Get("format") ?? root.Get("output_format");
        if (asked is not { } format)
        {
            return OutputFormat.Text;
        }

        return format.Object().Require("type").String() == "json_schema"
            ? new OutputFormat(OutputFormatKind.JsonSchema)
            {
                Schema = format.Require("schema").Object().Slice,
                Name = format.TextOf("name"),
            }
            : throw format.Require("type").Reject("Input should be 'json_schema'");
    }

    private static List<ForeignField> ReadForeign(AnthropicNode root)
    {
        var foreign = new List<ForeignField>();
        foreach (var property in root.Value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                Add(property.Name, new AnthropicNode(root.Body, property.Value, property.Name), foreign);
            }
        }

        return foreign;
    }

    private static void Add(string name, AnthropicNode value, List<ForeignField> foreign)
    {
        switch (name)
        {
            case "model" or "messages" or "system" or "stream" or "tools" or "tool_choice" or "thinking" or "output_format"
                or "temperature" or "top_p" or "top_k" or "stop_sequences":
                break;
            case "max_tokens":
                // 0 fills the prompt cache and answers nothing: no other dialect can.
                if (value.Value.ValueEqualsZero())
                {
                    foreign.Add(new ForeignField(name, value.Slice, LossRule.Refused));
                }

                break;
            case "metadata":
                AddRest(value, ["user_id"], foreign);
                break;
            case "output_config":
                AddRest(value, ["effort", "format"], foreign);
                break;
            case "mcp_servers" when value.IsArray && value.Value.GetArrayLength() == 0:
                break;
            default:
                foreign.Add(new ForeignField(name, value.Slice, ForeignRules.GetValueOrDefault(name, LossRule.Dropped)));
                break;
        }
    }

    private static void AddRest(AnthropicNode owner, string[] known, List<ForeignField> foreign)
    {
        foreach (var property in owner.Object().Value.EnumerateObject())
        {
            if (!known.Contains(property.Name, StringComparer.Ordinal) && property.Value.ValueKind != JsonValueKind.Null)
            {
                foreign.Add(new ForeignField(owner.PathOf(property.Name), owner.Body.SliceOf(property.Value), LossRule.Dropped));
            }
        }
    }

    private static bool ValueEqualsZero(this JsonElement value) => value.TryGetInt64(out var number) && number == 0;
}
