using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>
/// System texts in the middle of a conversation stay in place, natively or as wrapped user text; they are never hoisted and never
/// become the model's (wire/mapping.md §1.1, pitfall 70). Needs results in order, so that nothing comes between a call and its result.
/// </summary>
internal static class SystemTexts
{
    /// <summary>Keeps or wraps every system turn, and makes a user turn of the last system text when there is nothing else.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        var rules = target.Conversation;
        if (request.Turns.Count == 0 && request.System.Count > 0 && rules.FirstTurnIsUser)
        {
            losses.Add(LossPaths.System, LossRule.Emulated);
            return request with
            {
                System = [.. request.System.SkipLast(1)],
                Turns = [new Turn(TurnRole.User, [request.System[^1]])],
            };
        }

        return rules.MidSystem switch
        {
            MidConversationSystem.WrapAsUserText => request.EditTurns(turn => turn.Role == TurnRole.System ? Wrap(turn, losses) : turn),
            MidConversationSystem.KeepAfterUser => KeepAfterUser(request, losses),
            _ => request,
        };
    }

    private static CompletionRequest KeepAfterUser(CompletionRequest request, LossLedger losses)
    {
        if (request.Turns.All(static turn => turn.Role != TurnRole.System))
        {
            return request;
        }

        var turns = new List<Turn>(request.Turns.Count);
        foreach (var turn in request.Turns)
        {
            if (turn.Role != TurnRole.System || (turns.Count > 0 && turns[^1].Role == TurnRole.User))
            {
                turns.Add(turn);
            }
            else if (turns.Count > 0 && turns[^1].Role == TurnRole.System)
            {
                turns[^1] = turns[^1] with { Parts = [.. turns[^1].Parts, .. turn.Parts] };
            }
            else
            {
                turns.Add(Wrap(turn, losses));
            }
        }

        return turns.SequenceEqual(request.Turns) ? request : request with { Turns = turns };
    }

    private static Turn Wrap(Turn turn, LossLedger losses)
    {
        losses.Add(turn.LossPath(), LossRule.Emulated);
        var texts = turn.Parts.OfType<TextPart>().ToList();
        var joined = SliceText.Joined(texts.Select(static part => part.Text), "\n");
        var text = SliceText.Wrapped("<system-reminder>\n", joined, "\n</system-reminder>");
        return turn with
        {
            Role = TurnRole.User,
            Parts =
            [
                new TextPart(text) { CacheControl = texts.Count > 0 ? texts[^1].CacheControl : default },
                .. turn.Parts.Where(static part => part is not TextPart),
            ],
        };
    }
}
