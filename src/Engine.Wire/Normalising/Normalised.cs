using System.Collections.Frozen;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;

namespace Engine.Wire.Normalising;

/// <summary>A request made fit for a target, and what its answer needs on the way back.</summary>
/// <param name="Request">The new tree; the old one is untouched and may be normalised again for another target.</param>
/// <param name="Repairs">
/// Wraps the client's sink with the repairs of the answer (tool names restored, fences cut); applied from first to last, each around
/// the sink before it.
/// </param>
public sealed record Normalised(CompletionRequest Request, IReadOnlyList<Func<ICompletionSink, ICompletionSink>> Repairs)
{
    /// <summary>
    /// The client's names of its freeform tools: the note by which its writer turns their calls, which arrive with the arguments
    /// <c>{"input":"…"}</c>, back into freeform ones (wire/mapping.md §2.8).
    /// </summary>
    public IReadOnlySet<string> FreeformTools { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The client's sink behind all repairs.</summary>
    /// <remarks>
    /// One chain per answer. When the outermost sink is a <see cref="RelaySink"/>, its <see cref="RelaySink.IsAnswerWhole"/> tells when
    /// the upstream may be cancelled.
    /// </remarks>
    public ICompletionSink Repair(ICompletionSink client) => Repairs.Aggregate(client, static (sink, repair) => repair(sink));
}
