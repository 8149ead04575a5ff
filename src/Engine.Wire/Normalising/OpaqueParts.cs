using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>
/// History of hosted tools, which only its own dialect can read, becomes its substitute text or goes (wire/mapping.md §2.8). A
/// request that stays in its dialect is passed through as bytes and never comes here.
/// </summary>
internal static class OpaqueParts
{
    /// <summary>Replaces every opaque part, those in tool results too.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities _, LossLedger losses) =>
        request.EditTurns(turn => turn.EditContent(part => part is OpaquePart opaque ? Replace(opaque, losses) : part));

    private static TextPart? Replace(OpaquePart part, LossLedger losses)
    {
        var why = part.Rule == LossRule.Refused ? $"'{part.Path}' can only be read by the provider it came from." : "";
        losses.Add(part.Path, part.Rule, why);
        return part.Substitute.IsEmpty ? null : new TextPart(part.Substitute) { CacheControl = part.CacheControl };
    }
}
