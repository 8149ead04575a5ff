using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>One definition per function name: the first is kept (wire/mapping.md §2.1).</summary>
internal static class ToolDefinitions
{
    /// <summary>Drops and reports repeated names.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities _, LossLedger losses)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var tools = request.Tools.Edit(tool =>
        {
            if (tool.HostedKind != HostedToolKind.None || seen.Add(tool.Name))
            {
                return tool;
            }

            var why = $"'{tool.LossPath()}' repeats the name '{tool.Name}'; the first definition is used.";
            losses.Add(tool.LossPath(), LossRule.Reported, why);
            return null;
        });
        return ReferenceEquals(tools, request.Tools) ? request : request with { Tools = tools };
    }
}
