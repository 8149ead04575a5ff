using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Some targets refuse history with calls when no tools are declared: stubs are declared for the names used, and calling them is
/// forbidden (wire/mapping.md §2.1, pitfall 73).
/// </summary>
internal static class HistoryStubs
{
    private static readonly JsonSlice AnyObject = JsonSlice.FromString("""{"type":"object"}""");

    /// <summary>Declares the stubs when they are needed.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        if (!target.Tools.HistoryNeedsTools || request.Tools.Count > 0 || !request.HoldsCalls())
        {
            return request;
        }

        var calls = request.Turns.SelectMany(static turn => turn.Parts).OfType<ToolCallPart>();
        var names = calls.Select(static call => call.Name).Distinct(StringComparer.Ordinal);
        losses.Add(LossPaths.Tools, LossRule.Emulated);
        return request with
        {
            Tools = [.. names.Select(static name => new ToolDefinition(name) { Schema = AnyObject })],
            ToolChoice = ToolChoice.Of(ToolChoiceMode.None),
        };
    }
}
