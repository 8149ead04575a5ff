using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>The output limit: a default where the target needs one, at most what the model can (wire/mapping.md §4).</summary>
internal static class OutputLimits
{
    /// <summary>Fills in or lowers the limit.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        var rules = target.Sampling;
        switch (request.MaxOutputTokens)
        {
            case null:
                return rules.DefaultMaxOutputTokens is { } usual
                    ? request with { MaxOutputTokens = Math.Min(usual, rules.MaxOutputTokens ?? usual), MaxOutputTokensIsDefault = true }
                    : request;
            case <= 0:
                losses.Add(LossPaths.MaxTokens, LossRule.Refused, "'max_tokens' must be at least 1 for the upstream of this model.");
                return request with { MaxOutputTokens = 1 };
            case { } wanted when wanted > rules.MaxOutputTokens:
                losses.Add(LossPaths.MaxTokens, LossRule.Dropped);
                return request with { MaxOutputTokens = rules.MaxOutputTokens };
            default:
                return request;
        }
    }
}
