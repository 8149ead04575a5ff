using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// What the open tool loop (the calls and results since the user last spoke) needs of the model's reasoning: budget models of
/// Anthropic need it signed or off (pitfall 83), others need any reasoning text in each turn (pitfall 79). Needs results in order.
/// </summary>
internal static class OpenToolLoop
{
    private const string WhyOff = "'reasoning' is off for this request: the open tool loop began without signed reasoning of this model.";

    private static readonly ReasoningPart UnknownReasoning = new(EscapedSlice.FromString(" "), null);

    /// <summary>Turns reasoning off, or fills in reasoning text that nobody knows any more.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        var rules = target.Reasoning;
        if (!rules.OpenLoopNeedsReasoning && !rules.ReplaysPlainText)
        {
            return request;
        }

        var start = StartOf(request.Turns);
        if (rules.OpenLoopNeedsReasoning && ReasoningAsks.IsOn(request.Reasoning, rules) && LacksReasoning(request.Turns, start))
        {
            losses.Add(LossPaths.Reasoning, LossRule.Reported, WhyOff);
            request = request with { Reasoning = ReasoningAsk.OfBudget(0, request.Reasoning.Show) };
        }

        return rules.ReplaysPlainText && request.Reasoning.Mode != ReasoningMode.Off ? Fill(request, start) : request;
    }

    // A run of turns that are not the model's closes the loop when no tool answers in it.
    private static int StartOf(IReadOnlyList<Turn> turns)
    {
        var start = turns.Count;
        var end = turns.Count;
        while (end > 0)
        {
            var run = end;
            var answered = end == turns.Count && turns[end - 1].Role == TurnRole.Assistant;
            while (run > 0 && turns[run - 1].Role != TurnRole.Assistant)
            {
                run--;
                answered |= turns[run].HoldsResults();
            }

            if (!answered)
            {
                return start;
            }

            while (run > 0 && turns[run - 1].Role == TurnRole.Assistant)
            {
                run--;
            }

            start = end = run;
        }

        return start;
    }

    // Neighbouring turns of the model count as one: what opens them must be the reasoning.
    private static bool LacksReasoning(IReadOnlyList<Turn> turns, int start)
    {
        var opening = turns.Count - 1;
        while (opening >= start && !turns[opening].HoldsCalls())
        {
            opening--;
        }

        if (opening < start)
        {
            return false;
        }

        while (opening > start && turns[opening - 1].Role == TurnRole.Assistant)
        {
            opening--;
        }

        return turns[opening].Parts[0] is not (ReasoningPart or RedactedReasoningPart);
    }

    private static CompletionRequest Fill(CompletionRequest request, int start)
    {
        var index = 0;
        return request.EditTurns(turn =>
        {
            var lacks = index++ >= start && turn.Role == TurnRole.Assistant && !turn.Parts.Any(static part => part is ReasoningPart);
            return lacks ? turn with { Parts = [UnknownReasoning, .. turn.Parts] } : turn;
        });
    }
}
