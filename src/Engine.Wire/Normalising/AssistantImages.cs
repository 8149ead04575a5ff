using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Images that the model made move to the next user turn where assistant turns hold none (wire/mapping.md §1.4). Needs results in order.
/// </summary>
internal static class AssistantImages
{
    private static readonly TextPart Label = new(EscapedSlice.FromString("[image produced by assistant]"));

    /// <summary>Moves images out of assistant turns.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        if (target.Media.AssistantImages || !request.Turns.Any(HoldsImage))
        {
            return request;
        }

        var turns = new List<Turn>(request.Turns.Count + 1);
        var carried = new List<Part>();
        foreach (var turn in request.Turns)
        {
            if (HoldsImage(turn))
            {
                losses.Add(turn.LossPath(), LossRule.Emulated);
                foreach (var image in turn.Parts.OfType<ImagePart>())
                {
                    carried.Add(Label);
                    carried.Add(image with { Signature = null });
                }

                var rest = turn.Parts.Where(static part => part is not ImagePart).ToList();
                if (rest.Count > 0)
                {
                    turns.Add(turn with { Parts = rest });
                }
            }
            else if (turn.Role == TurnRole.User && carried.Count > 0)
            {
                var others = turn.Parts.Where(static part => part is not ToolResultPart);
                turns.Add(turn with { Parts = [.. turn.Parts.OfType<ToolResultPart>(), .. carried, .. others] });
                carried.Clear();
            }
            else
            {
                turns.Add(turn);
            }
        }

        if (carried.Count > 0)
        {
            turns.Add(new Turn(TurnRole.User, carried));
        }

        return request with { Turns = turns };
    }

    private static bool HoldsImage(Turn turn) => turn.Role == TurnRole.Assistant && turn.Parts.Any(static part => part is ImagePart);
}
