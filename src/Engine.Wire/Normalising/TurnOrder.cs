using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Steps 5 to 7 of wire/mapping.md §1.2: neighbours of one role merge, results keep a turn of their own where they must, the first
/// turn is the user's, the last one not the model's. Needs results in order.
/// </summary>
internal static class TurnOrder
{
    private static readonly Turn StartTurn = new(TurnRole.User, [new TextPart(EscapedSlice.FromString("(start)"))]);
    private static readonly Turn ContinueTurn = new(TurnRole.User, [new TextPart(EscapedSlice.FromString("Continue."))]);

    /// <summary>Orders the turns.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        var rules = target.Conversation;
        var turns = Split(request.Turns, rules);
        turns = EndRightly(turns, rules, losses);
        turns = Merge(turns, rules);
        if (rules.FirstTurnIsUser && (turns.Count == 0 || turns[0].Role != TurnRole.User))
        {
            turns = [StartTurn, .. turns];
        }

        return ReferenceEquals(turns, request.Turns) ? request : request with { Turns = turns };
    }

    private static IReadOnlyList<Turn> Split(IReadOnlyList<Turn> turns, ConversationRules rules)
    {
        if (!rules.ResultsStandAlone || !turns.Any(IsMixed))
        {
            return turns;
        }

        var split = new List<Turn>(turns.Count + 1);
        foreach (var turn in turns)
        {
            if (!IsMixed(turn))
            {
                split.Add(turn);
                continue;
            }

            split.Add(turn with { Parts = [.. turn.Parts.OfType<ToolResultPart>()] });
            split.Add(turn with { Parts = [.. turn.Parts.Where(static part => part is not ToolResultPart)] });
        }

        return split;
    }

    private static bool IsMixed(Turn turn) => turn.HoldsResults() && turn.Parts.Any(static part => part is not ToolResultPart);

    private static IReadOnlyList<Turn> Merge(IReadOnlyList<Turn> turns, ConversationRules rules)
    {
        if (!rules.MergeNeighbours)
        {
            return turns;
        }

        List<Turn>? merged = null;
        for (var i = 0; i < turns.Count; i++)
        {
            var last = merged is { Count: > 0 } ? merged[^1] : i > 0 ? turns[i - 1] : null;
            if (last?.Role != turns[i].Role || (rules.ResultsStandAlone && last.HoldsResults()))
            {
                merged?.Add(turns[i]);
                continue;
            }

            merged ??= [.. turns.Take(i)];
            merged[^1] = last with { Parts = [.. last.Parts, .. turns[i].Parts] };
        }

        return merged ?? turns;
    }

    private static IReadOnlyList<Turn> EndRightly(IReadOnlyList<Turn> turns, ConversationRules rules, LossLedger losses)
    {
        if (turns.Count == 0 || turns[^1].Role != TurnRole.Assistant || rules.Prefill == AssistantPrefill.Keep)
        {
            return turns;
        }

        if (rules.Prefill == AssistantPrefill.AppendUserTurn)
        {
            losses.Add(turns[^1].LossPath(), LossRule.Emulated);
            return [.. turns, ContinueTurn];
        }

        return Trimmed(turns);
    }

    private static IReadOnlyList<Turn> Trimmed(IReadOnlyList<Turn> turns)
    {
        var parts = turns[^1].Parts;
        while (parts.Count > 0 && parts[^1] is TextPart { Signature: null } text && text.Text.IsBlank())
        {
            parts = [.. parts.SkipLast(1)];
        }

        if (parts.Count > 0 && parts[^1] is TextPart last)
        {
            var trimmed = last.Text.TrimmedEnd();
            parts = trimmed == last.Text ? parts : [.. parts.SkipLast(1), last with { Text = trimmed }];
        }

        return ReferenceEquals(parts, turns[^1].Parts) ? turns
            : parts.Count == 0 ? Trimmable([.. turns.SkipLast(1)])
            : [.. turns.SkipLast(1), turns[^1] with { Parts = parts }];

        // The turn before may be the model's too.
        static IReadOnlyList<Turn> Trimmable(List<Turn> left) =>
            left.Count > 0 && left[^1].Role == TurnRole.Assistant ? Trimmed(left) : left;
    }
}
