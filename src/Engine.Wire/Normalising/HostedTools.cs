using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>
/// Tools that the provider runs: kept where the target has the like, turned into functions where their reader could describe
/// them, else dropped or refused; never sent as a function that nobody executes (wire/mapping.md §2.8, pitfall 90).
/// </summary>
internal static class HostedTools
{
    /// <summary>Keeps, converts or removes every hosted tool.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        var functions = request.Tools.Any(static tool => !IsHosted(tool));
        var tools = request.Tools.Edit(tool => IsHosted(tool) ? Fit(tool, functions, request.ToolChoice, target.Tools, losses) : tool);
        return ReferenceEquals(tools, request.Tools) ? request : request with { Tools = tools };
    }

    private static bool IsHosted(ToolDefinition tool) => tool.Hosted.IsPresent || tool.HostedKind != HostedToolKind.None;

    private static ToolDefinition? Fit(ToolDefinition tool, bool functions, ToolChoice choice, ToolRules rules, LossLedger losses)
    {
        if (rules.HostedKinds.Contains(tool.HostedKind) && (rules.HostedBesideFunctions || !functions))
        {
            return tool;
        }

        if (tool.HostedRule == LossRule.Emulated && tool.Schema.IsPresent)
        {
            losses.Add(tool.LossPath(), LossRule.Emulated);
            return tool with { Hosted = default, HostedKind = HostedToolKind.None, HostedRule = default };
        }

        if (choice.Mode == ToolChoiceMode.Tool && choice.Name == tool.Name)
        {
            var forced = $"'tool_choice' forces the tool '{tool.Name}', which the upstream of this model does not have.";
            losses.Add(LossPaths.ToolChoice, LossRule.Refused, forced);
            return null;
        }

        // An emulation that nobody described is a loss after all.
        var rule = tool.HostedRule == LossRule.Emulated ? LossRule.Reported : tool.HostedRule;
        var why = rule == LossRule.Refused ? $"'{tool.LossPath()}' is a tool that the upstream of this model does not have." : "";
        losses.Add(tool.LossPath(), rule, why);
        return null;
    }
}
