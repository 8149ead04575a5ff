using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>
/// Sampling parameters within what the model takes. They are hints: what is not taken is dropped and counted, and the request
/// still succeeds (wire/mapping.md §4). Needs the final reasoning.
/// </summary>
internal static class SamplingGates
{
    /// <summary>Drops, clamps, and refuses several candidates where there is one (pitfall 109).</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        var rules = target.Sampling;
        var reasons = ReasoningAsks.IsOn(request.Reasoning, target.Reasoning);
        var sampling = Penalties(request.Sampling, rules, losses);
        sampling = TopK(sampling, rules, reasons, losses);
        sampling = TemperatureAndTopP(sampling, rules, reasons, losses);
        if (sampling != request.Sampling)
        {
            request = request with { Sampling = sampling };
        }

        if (request.Candidates >= 1 && request.Candidates <= rules.MaxCandidates)
        {
            return request;
        }

        var why = $"'n' is {request.Candidates}; the upstream of this model gives between 1 and {rules.MaxCandidates} answers.";
        losses.Add(LossPaths.N, LossRule.Refused, why);
        return request with { Candidates = 1 };
    }

    private static Sampling Penalties(Sampling sampling, SamplingRules rules, LossLedger losses)
    {
        if (!rules.Penalties)
        {
            Note(sampling.PresencePenalty is not null, LossPaths.PresencePenalty, losses);
            Note(sampling.FrequencyPenalty is not null, LossPaths.FrequencyPenalty, losses);
            sampling = sampling with { PresencePenalty = null, FrequencyPenalty = null };
        }

        Note(!rules.Seed && sampling.Seed is not null, LossPaths.Seed, losses);
        return rules.Seed ? sampling : sampling with { Seed = null };
    }

    private static Sampling TopK(Sampling sampling, SamplingRules rules, bool reasons, LossLedger losses)
    {
        if (rules.TopK && !(reasons && rules.ReasoningRestricts))
        {
            return sampling;
        }

        Note(sampling.TopK is not null, LossPaths.TopK, losses);
        return sampling with { TopK = null };
    }

    private static Sampling TemperatureAndTopP(Sampling sampling, SamplingRules rules, bool reasons, LossLedger losses)
    {
        var none = !rules.TemperatureAndTopP || (reasons && rules.OnlyWithoutReasoning);
        var restricted = reasons && rules.ReasoningRestricts;
        var temperature = sampling.Temperature > rules.MaxTemperature ? rules.MaxTemperature : sampling.Temperature;
        temperature = none || (restricted && temperature is not 1) ? null : temperature;
        var excluded = rules.TemperatureExcludesTopP && temperature is not null;
        var topP = none || excluded || (restricted && sampling.TopP < 0.95) ? null : sampling.TopP;
        Note(temperature != sampling.Temperature, LossPaths.Temperature, losses);
        Note(topP != sampling.TopP, LossPaths.TopP, losses);
        return sampling with { Temperature = temperature, TopP = topP };
    }

    private static void Note(bool isLost, string path, LossLedger losses)
    {
        if (isLost)
        {
            losses.Add(path, LossRule.Dropped);
        }
    }
}
