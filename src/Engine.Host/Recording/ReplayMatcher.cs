namespace Engine.Host.Recording;

/// <summary>
/// Chooses the recording that answers a request best. Pure. Dialect, operation and form (stream or whole) must agree; a
/// model that recordings name restricts the choice to them; then facts are scored. docs/fixtures.md has the table for
/// people, <see cref="Weights"/> is the one for the machine.
/// </summary>
internal static class ReplayMatcher
{
    internal const int SameLastText = 64;
    internal const int UndeclaredTool = -128;
    internal const int Failure = -1000;

    /// <summary>Agreement (both have the feature, or neither) adds the weight, difference subtracts it.</summary>
    private static readonly (RequestFeatures Feature, int Weight)[] Weights =
    [
        (RequestFeatures.ToolResults, 32),
        (RequestFeatures.Tools, 16),
        (RequestFeatures.Thinking, 8),
        (RequestFeatures.ImageIn, 8),
        (RequestFeatures.ImageOut, 8),
        (RequestFeatures.Structured, 8),
        (RequestFeatures.ManyTools, 4),
        (RequestFeatures.FileIn, 4),
        (RequestFeatures.StreamUsage, 4),
    ];

    /// <summary>The best recording, or null when none may answer.</summary>
    /// <param name="candidates">Recordings of the request's dialect and operation, sorted by name.</param>
    /// <param name="turn">Rotates among equals: the n-th caller gets the n-th of them.</param>
    internal static Fixture? Match(FixtureEndpoint endpoint, RequestFacts facts, IReadOnlyList<Fixture> candidates, uint turn)
    {
        var form = FormAsked(endpoint, facts);
        var model = endpoint.Model ?? facts.Model;
        var named = model is not null && candidates.Any(c => IsModel(c, model));

        var equals = new List<Fixture>();
        var best = int.MinValue;
        foreach (var candidate in candidates)
        {
            if (!MayAnswer(candidate, endpoint, form) || (named ? !IsModel(candidate, model!) : candidate.IsFailure))
            {
                continue;
            }

            var score = Score(candidate, facts);
            if (score > best)
            {
                best = score;
                equals.Clear();
            }

            if (score == best)
            {
                equals.Add(candidate);
            }
        }

        return equals.Count == 0 ? null : equals[(int)(turn % (uint)equals.Count)];
    }

    /// <summary>How well a recording fits; only the order of two scores means anything.</summary>
    internal static int Score(Fixture candidate, RequestFacts facts)
    {
        var recorded = candidate.Facts;
        var score = candidate.IsFailure ? Failure : 0;
        var differing = recorded.Features ^ facts.Features;
        foreach (var (feature, weight) in Weights)
        {
            score += (differing & feature) == RequestFeatures.None ? weight : -weight;
        }

        // A call of a tool that the client never declared is worse than no call.
        if (!recorded.ToolNames.All(name => facts.ToolNames.Contains(name, StringComparer.Ordinal)))
        {
            score += UndeclaredTool;
        }

        if (recorded.LastText.Length > 0 && string.Equals(recorded.LastText, facts.LastText, StringComparison.Ordinal))
        {
            score += SameLastText;
        }

        return score + (recorded.Turns == facts.Turns ? 1 : 0) + (recorded.Known ? 1 : 0);
    }

    internal static AnswerForm FormAsked(FixtureEndpoint endpoint, RequestFacts facts) => endpoint switch
    {
        { Operation: not FixtureOperation.Generate } => AnswerForm.Whole,
        { StreamVerb: true } => endpoint.AltSse ? AnswerForm.Sse : AnswerForm.JsonArray,
        { Dialect: FixtureDialect.Ollama } => facts.Streams == false ? AnswerForm.Whole : AnswerForm.NdJson,
        _ => facts.Streams == true ? AnswerForm.Sse : AnswerForm.Whole,
    };

    private static bool MayAnswer(Fixture candidate, FixtureEndpoint endpoint, AnswerForm form) =>
        endpoint.Operation == FixtureOperation.Other
            ? string.Equals(candidate.Endpoint.Path, endpoint.Path, StringComparison.Ordinal)
            // An error status is the same document whether a stream was asked for or not.
            : candidate.Form == form || candidate.Head.Status >= 400;

    private static bool IsModel(Fixture candidate, string model) =>
        string.Equals(candidate.Model, model, StringComparison.OrdinalIgnoreCase);
}
