using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>The switch for parallel calls, where there is one. Calls of the model are never truncated (wire/mapping.md §2.5).</summary>
internal static class ParallelCalls
{
    /// <summary>Removes the switch where it has no meaning.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        if (request.ParallelToolCalls is not { } parallel || (target.Tools.ParallelSwitch && request.Tools.Count > 0))
        {
            return request;
        }

        if (!parallel && request.Tools.Count > 0)
        {
            losses.Add(LossPaths.ParallelToolCalls, LossRule.Dropped);
        }

        return request with { ParallelToolCalls = null };
    }
}
