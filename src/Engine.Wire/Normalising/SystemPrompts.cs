using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>For models without a system prompt its texts come before the first user text (wire/mapping.md §1.1, Gemma).</summary>
internal static class SystemPrompts
{
    /// <summary>Moves leading system texts, those added by other passes too.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger losses)
    {
        if (target.Conversation.SystemPrompt || request.System.Count == 0)
        {
            return request;
        }

        losses.Add(LossPaths.System, LossRule.Emulated);
        var turns = request.Turns.ToList();
        if (turns.Count > 0 && turns[0].Role == TurnRole.User)
        {
            turns[0] = turns[0] with { Parts = [.. request.System, .. turns[0].Parts] };
        }
        else
        {
            turns.Insert(0, new Turn(TurnRole.User, [.. request.System]));
        }

        return request with { System = [], Turns = turns };
    }
}
