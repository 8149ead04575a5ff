using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Freeform tools become functions with one string, <c>input</c>, where the target has only functions. Their calls carry
/// <c>{"input":"…"}</c> in the tree and in events wherever they go, so history needs no change, and the client's writer, which knows
/// their names, takes the input out again (wire/mapping.md §2.8, pitfall 55).
/// </summary>
internal static class FreeformTools
{
    private static readonly JsonSlice InputSchema =
        JsonSlice.FromString("""{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}""");

    /// <summary>Converts the definitions. A grammar is part of the description already.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        if (target.Tools.Freeform)
        {
            return request;
        }

        var tools = request.Tools.Edit(tool =>
        {
            if (!tool.IsFreeform)
            {
                return tool;
            }

            losses.Add(tool.LossPath(), LossRule.Emulated);
            return tool with { IsFreeform = false, Schema = InputSchema };
        });
        return ReferenceEquals(tools, request.Tools) ? request : request with { Tools = tools };
    }

    /// <summary>The names of all freeform tools.</summary>
    public static IReadOnlySet<string> NamesOf(CompletionRequest request) =>
        request.Tools.Where(static tool => tool.IsFreeform).Select(static tool => tool.Name).ToHashSet(StringComparer.Ordinal);
}
