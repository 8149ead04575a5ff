using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>Stop sequences that the target does not take, or one too many, are watched for in the answer (wire/mapping.md §4).</summary>
internal static class StopSequences
{
    /// <summary>Keeps what the target takes and adds the repair of the answer for the rest.</summary>
    public static CompletionRequest Apply(
        CompletionRequest request,
        TargetCapabilities target,
        LossLedger losses,
        ICollection<Func<ICompletionSink, ICompletionSink>> repairs)
    {
        var rules = target.Sampling;
        var taken = request.StopSequences.Where(stop => !stop.IsEmpty && (rules.BlankStopSequences || !stop.IsBlank()));
        var native = taken.Take(rules.MaxStopSequences).ToList();
        if (native.Count == request.StopSequences.Count)
        {
            return request;
        }

        var watched = request.StopSequences.Where(stop => !stop.IsEmpty && !native.Contains(stop)).Distinct().ToList();
        if (watched.Count > 0)
        {
            losses.Add(LossPaths.Stop, LossRule.Emulated);
            var texts = watched.Select(static stop => Encoding.UTF8.GetBytes(stop.Decode())).ToArray();
            var candidates = request.Candidates;
            repairs.Add(sink => new StopSequenceSink(sink, texts, candidates));
        }

        return request with { StopSequences = native };
    }
}
