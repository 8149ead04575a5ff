using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>
/// Makes a request fit for a target (wire/mapping.md §0 step 2): pure passes over the tree, each driven by data of the target,
/// none knowing a dialect. Applying them again changes nothing. What is lost is in docs/losses.md.
/// </summary>
public static class Normaliser
{
    /// <summary>
    /// Runs all passes in order. The order is part of the meaning: what removes parts comes before what orders turns, names and
    /// reasoning come before what depends on them, and texts for the system prompt come before the turns are closed.
    /// </summary>
    /// <param name="request">The client's request; never changed, and shared by the result where nothing had to change.</param>
    /// <param name="target">What the model can express.</param>
    /// <param name="targetModel">The model as the upstream names it, for messages and for the line of signatures.</param>
    /// <param name="losses">
    /// Receives what could not be carried over. A refusal forbids the call; the result is well formed even then.
    /// </param>
    public static Normalised Apply(CompletionRequest request, TargetCapabilities target, string targetModel, LossLedger losses)
    {
        // The first repair is the nearest to the client: it sees what the later ones have repaired.
        var repairs = new List<Func<ICompletionSink, ICompletionSink>>();
        var freeform = FreeformTools.NamesOf(request);

        request = ForeignFields.Apply(request, target, losses);

        // 1. Parts: what the target cannot hold is replaced, refused or dropped.
        request = OpaqueParts.Apply(request, target, losses);
        request = MediaSources.Apply(request, target, targetModel, losses);
        request = ReasoningReplay.Apply(request, target, targetModel, losses);
        request = EmptyTexts.Apply(request, target, losses);

        // 2. Tools: which there are, and what they and their calls are called.
        request = HostedTools.Apply(request, target, losses);
        request = ToolDefinitions.Apply(request, target, losses);
        request = FreeformTools.Apply(request, target, losses);
        request = ToolIds.Apply(request, target, losses);
        request = ToolNames.Apply(request, target, losses, repairs);

        // 3. Results with their calls, and what moves with them.
        request = CallResults.Apply(request, target, losses);
        request = AssistantImages.Apply(request, target, losses);
        request = ResultMedia.Apply(request, target, losses);
        request = SystemTexts.Apply(request, target, losses);

        // 4. Limits and reasoning, then what depends on whether the model reasons.
        request = OutputLimits.Apply(request, target, losses);
        request = ReasoningAsks.Apply(request, target, losses);
        request = OpenToolLoop.Apply(request, target, losses);
        request = ToolChoices.Apply(request, target, losses);
        request = HistoryStubs.Apply(request, target, losses);
        request = ParallelCalls.Apply(request, target, losses);
        request = OutputFormats.Apply(request, target, losses, repairs);
        request = ToolSchemas.Apply(request, target, losses, repairs);
        request = SamplingGates.Apply(request, target, losses);
        request = StopSequences.Apply(request, target, losses, repairs);

        // 5. The shape of the conversation.
        request = SystemPrompts.Apply(request, target, losses);
        request = TurnOrder.Apply(request, target, losses);

        if (target.Reasoning.TagsInText)
        {
            repairs.Add(static sink => new ThinkTagSink(sink));
        }

        return new Normalised(request, repairs) { FreeformTools = freeform };
    }
}
