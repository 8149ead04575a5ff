using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>
/// What the client asks of reasoning in the terms of the model: a level it has, a budget within its bounds, off only where that
/// exists (wire/mapping.md §3.2, 3.3). Nothing asked stays nothing; an explicit off stays explicit (pitfall 85).
/// </summary>
internal static class ReasoningAsks
{
    // What a model that needs a number gets when its client leaves the amount open.
    private const long DynamicBudget = 8192;

    /// <summary>Converts and clamps. Needs the output limit.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        var ask = request.Reasoning;
        var rules = target.Reasoning;
        if (rules.Control == ReasoningControl.None)
        {
            if (ask.Mode is not (ReasoningMode.Default or ReasoningMode.Off))
            {
                losses.Add(LossPaths.Reasoning, LossRule.Dropped);
            }

            return ask == ReasoningAsk.Default ? request : request with { Reasoning = ReasoningAsk.Default };
        }

        var fit = rules.Control == ReasoningControl.Budget ? AsBudget(ask, rules) : AsLevel(ask, rules);
        if (IsLess(ask, fit))
        {
            losses.Add(LossPaths.Reasoning, LossRule.Dropped);
        }

        var fitted = fit == ask ? request : request with { Reasoning = fit };
        return rules.BudgetBelowMaxOutput && fit.Mode == ReasoningMode.Budget ? BelowOutputLimit(fitted, target, losses) : fitted;
    }

    /// <summary>True when the model will reason.</summary>
    public static bool IsOn(ReasoningAsk ask, ReasoningRules rules) => ask.Mode switch
    {
        _ when rules.Control == ReasoningControl.None => false,
        ReasoningMode.Off => !rules.CanTurnOff,
        ReasoningMode.Default => rules.OnByDefault,
        _ => true,
    };

    private static ReasoningAsk AsLevel(ReasoningAsk ask, ReasoningRules rules) => ask.Mode switch
    {
        ReasoningMode.Off when rules.CanTurnOff || rules.Levels.Count == 0 => ask,
        ReasoningMode.Off => ReasoningAsk.OfLevel(rules.Levels[0], ask.Show),
        ReasoningMode.Level or ReasoningMode.Budget => ReasoningAsk.OfLevel(ReasoningLevels.Nearest(LevelOf(ask), rules.Levels), ask.Show),
        _ => ask,
    };

    private static ReasoningAsk AsBudget(ReasoningAsk ask, ReasoningRules rules) => ask.Mode switch
    {
        ReasoningMode.Off when rules.CanTurnOff => ask,
        ReasoningMode.Off => ReasoningAsk.OfBudget(Clamp(rules.MinBudget, rules), ask.Show),
        ReasoningMode.Dynamic when rules.BudgetBelowMaxOutput => ReasoningAsk.OfBudget(Clamp(DynamicBudget, rules), ask.Show),
        ReasoningMode.Level or ReasoningMode.Budget => ReasoningAsk.OfBudget(Clamp(BudgetOf(ask), rules), ask.Show),
        _ => ask,
    };

    private static ReasoningLevel LevelOf(ReasoningAsk ask) =>
        ask.Mode == ReasoningMode.Budget ? ReasoningLevels.LevelOf(ask.BudgetTokens) : ask.Level;

    private static long BudgetOf(ReasoningAsk ask) =>
        ask.Mode == ReasoningMode.Level ? ReasoningLevels.BudgetOf(ask.Level) : ask.BudgetTokens;

    private static long Clamp(long budget, ReasoningRules rules) =>
        Math.Max(Math.Min(budget, rules.MaxBudget), Math.Max(rules.MinBudget, 1));

    // A wish that the model's set or bounds changed; another unit for the same wish is none.
    private static bool IsLess(ReasoningAsk ask, ReasoningAsk fit) => ask.Mode switch
    {
        ReasoningMode.Off => fit.Mode != ReasoningMode.Off,
        ReasoningMode.Level or ReasoningMode.Budget =>
            fit.Mode == ReasoningMode.Level ? fit.Level != LevelOf(ask) : fit.BudgetTokens != BudgetOf(ask),
        _ => false,
    };

    // The client's own limit is never raised; one that the engine chose makes room for the budget.
    private static CompletionRequest BelowOutputLimit(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        var budget = request.Reasoning.BudgetTokens;
        if (request.MaxOutputTokens is not { } limit || budget < limit)
        {
            return request;
        }

        if (request.MaxOutputTokensIsDefault)
        {
            limit = (long)Math.Min((decimal)limit + budget, target.Sampling.MaxOutputTokens ?? long.MaxValue);
        }

        if (budget >= limit)
        {
            budget = limit - 1;
            losses.Add(LossPaths.Reasoning, LossRule.Dropped);
        }

        if (budget < Math.Max(target.Reasoning.MinBudget, 1))
        {
            var least = target.Reasoning.MinBudget;
            var why = $"'reasoning' is off for this request: 'max_tokens' leaves no room for the model's least of {least} tokens.";
            losses.Add(LossPaths.Reasoning, LossRule.Reported, why);
            var mode = target.Reasoning.CanTurnOff ? ReasoningMode.Off : ReasoningMode.Default;
            return request with { Reasoning = request.Reasoning with { Mode = mode, BudgetTokens = 0 } };
        }

        return request with { MaxOutputTokens = limit, Reasoning = request.Reasoning with { BudgetTokens = budget } };
    }
}
