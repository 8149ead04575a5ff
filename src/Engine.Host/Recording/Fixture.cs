namespace Engine.Host.Recording;

/// <summary>How the body of an answer is framed.</summary>
internal enum AnswerForm
{
    /// <summary>One JSON document, or anything that is not a stream of events.</summary>
    Whole,
    Sse,

    /// <summary>Gemini without <c>alt=sse</c>: one JSON array, sent in pieces.</summary>
    JsonArray,
    NdJson,
}

/// <summary>One recorded exchange as the library indexes it: everything but the bodies.</summary>
internal sealed record Fixture
{
    /// <summary>Path below the library's folder, with slashes and without the suffixes: the key in every list and message.</summary>
    internal required string Name { get; init; }

    internal required FixtureEndpoint Endpoint { get; init; }

    internal required RequestFacts Facts { get; init; }

    internal required FixtureMeta Meta { get; init; }

    internal required FixtureHead Head { get; init; }

    internal required AnswerForm Form { get; init; }

    /// <summary>The path's model or the body's; null when the recording does not say.</summary>
    internal string? Model => Endpoint.Model ?? Facts.Model;

    /// <summary>A failed exchange answers only requests that name its model and find nothing better.</summary>
    internal bool IsFailure => Head.Status >= 400 || Name.StartsWith("errors/", StringComparison.Ordinal)
        || Name.Contains("/errors/", StringComparison.Ordinal);

    internal static AnswerForm FormOf(FixtureEndpoint endpoint, FixtureHead head)
    {
        var type = head.Header("content-type") ?? "";
        return type switch
        {
            _ when type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) => AnswerForm.Sse,
            _ when type.Contains("ndjson", StringComparison.OrdinalIgnoreCase) => AnswerForm.NdJson,
            _ when endpoint.StreamVerb && head.Status < 400 => AnswerForm.JsonArray,
            _ => AnswerForm.Whole,
        };
    }
}

/// <summary>Why a file was left out of the library, in words for the person who owns the folder.</summary>
/// <param name="File">Path below the library's folder.</param>
internal readonly record struct FixtureFault(string File, string Problem)
{
    public override string ToString() => $"{File}: {Problem}";
}
