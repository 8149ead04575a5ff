using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Images and documents that tools returned move behind the results of their batch where a result may hold text only
/// (wire/mapping.md §2.7, pitfalls 95, 96). Needs results in order.
/// </summary>
internal static class ResultMedia
{
    private static readonly TextPart SeeAttached = new(EscapedSlice.FromString("[see attached]"));

    /// <summary>Moves media out of results.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses) =>
        target.Tools.MediaInResults ? request : request.EditTurns(turn => turn.Parts.Any(HoldsMedia) ? Move(turn, target, losses) : turn);

    private static bool HoldsMedia(Part part) => part is ToolResultPart result && result.Content.Any(static inner => inner is not TextPart);

    private static Turn Move(Turn turn, TargetCapabilities target, LossLedger losses)
    {
        var results = new List<Part>();
        var attachments = new List<Part>();
        foreach (var result in turn.Parts.OfType<ToolResultPart>())
        {
            var media = result.Content.Where(static part => part is not TextPart).ToList();
            if (media.Count == 0)
            {
                results.Add(result);
                continue;
            }

            losses.Add(turn.LossPath(), LossRule.Emulated);
            var texts = result.Content.Where(static part => part is TextPart).ToList();
            results.Add(result with { Content = texts.Count > 0 ? texts : [SeeAttached] });

            // A model that never sees ids is told the tool.
            var label = target.Tools.MaxIdLength > 0 || result.Name.Length == 0 ? result.CallId : result.Name;
            attachments.Add(new TextPart(EscapedSlice.FromString($"Attachments of tool call {label}:")));
            attachments.AddRange(media);
        }

        return turn with { Parts = [.. results, .. attachments, .. turn.Parts.Where(static part => part is not ToolResultPart)] };
    }
}
