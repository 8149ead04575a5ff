using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>Step 1 of wire/mapping.md §1.2: empty texts go, then turns without parts (pitfalls 68, 69).</summary>
internal static class EmptyTexts
{
    /// <summary>Drops empty texts. Text that carries a signature of the target's own stays, empty or not.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger _)
    {
        var dropBlank = target.Conversation.DropEmptyText;
        var edited = request.EditTurns(turn => Edit(turn, dropBlank));
        if (!dropBlank)
        {
            return edited;
        }

        var system = edited.System.Edit(static text => text.Text.IsBlank() ? null : text);
        return ReferenceEquals(system, edited.System) ? edited : edited with { System = system };
    }

    private static Turn? Edit(Turn turn, bool dropBlank)
    {
        // Empty text of the model is an artefact of the OpenAI dialects, beside calls above all, and legal nowhere else.
        var isAssistant = turn.Role == TurnRole.Assistant;
        var edited = turn.EditContent(part => part switch
        {
            TextPart { Signature: null } text when (dropBlank && text.Text.IsBlank()) || (isAssistant && text.Text.IsEmpty) => null,
            RefusalPart refusal when dropBlank && refusal.Text.IsBlank() => null,
            _ => part,
        });
        return edited.Parts.Count == 0 ? null : edited;
    }
}
