using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// The tool choice in what the target has: allowed sets filter the tools, a call that cannot be forced is asked for in words
/// (wire/mapping.md §2.4, pitfalls 73, 82). Needs the final names and reasoning.
/// </summary>
internal static class ToolChoices
{
    /// <summary>Fits tools and choice, adding a system text where a call must be asked for.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        request = Filter(request, target.Tools, losses);
        var choice = request.ToolChoice;
        if (request.Tools.Count == 0)
        {
            return WithoutTools(request, losses);
        }

        if (choice.Mode == ToolChoiceMode.Tool && !request.Tools.Any(tool => tool.Name == choice.Name))
        {
            var why = $"'tool_choice' names the tool '{choice.Name}', which is not among the tools.";
            losses.Add(LossPaths.ToolChoice, LossRule.Refused, why);
            return request with { ToolChoice = ToolChoice.Of(ToolChoiceMode.Auto) };
        }

        return choice.Mode is ToolChoiceMode.Required or ToolChoiceMode.Tool ? Force(request, target, losses) : request;
    }

    private static CompletionRequest WithoutTools(CompletionRequest request, LossLedger losses)
    {
        if (request.ToolChoice.Mode is ToolChoiceMode.Required or ToolChoiceMode.Tool)
        {
            losses.Add(LossPaths.ToolChoice, LossRule.Reported, "'tool_choice' asks for a call, and no tool is left to call.");
        }

        return request.ToolChoice == ToolChoice.Default ? request : request with { ToolChoice = ToolChoice.Default };
    }

    private static CompletionRequest Filter(CompletionRequest request, ToolRules rules, LossLedger losses)
    {
        var choice = request.ToolChoice;
        if (choice.Allowed.Count == 0)
        {
            return request;
        }

        var allowed = choice.Allowed.ToHashSet(StringComparer.Ordinal);
        var tools = request.Tools.Where(tool => allowed.Contains(tool.Name)).ToList();
        if (!rules.AllowedSet || tools.Count == 0)
        {
            losses.Add(LossPaths.ToolChoice, LossRule.Emulated);
            return request with { Tools = tools, ToolChoice = choice with { Allowed = [] } };
        }

        return tools.Count == choice.Allowed.Count
            ? request
            : request with { ToolChoice = choice with { Allowed = [.. tools.Select(static tool => tool.Name)] } };
    }

    private static CompletionRequest Force(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        var reasons = ReasoningAsks.IsOn(request.Reasoning, target.Reasoning);
        if (target.Tools.ForcedChoice && (target.Tools.ForcedChoiceWithReasoning || !reasons))
        {
            return request;
        }

        losses.Add(LossPaths.ToolChoice, LossRule.Emulated);

        // Reasoning that nobody asked for gives way; the client's own never does.
        if (target.Tools.ForcedChoice && request.Reasoning.Mode == ReasoningMode.Default && target.Reasoning.CanTurnOff)
        {
            return request with { Reasoning = request.Reasoning with { Mode = ReasoningMode.Off } };
        }

        var choice = request.ToolChoice;
        var nudge = choice.Mode == ToolChoiceMode.Tool
            ? $"You must call the tool \"{choice.Name}\" now."
            : "You must call one of the provided tools.";
        return request with
        {
            ToolChoice = new ToolChoice(ToolChoiceMode.Auto, "", choice.Allowed),
            System = [.. request.System, new TextPart(EscapedSlice.FromString(nudge))],
        };
    }
}
