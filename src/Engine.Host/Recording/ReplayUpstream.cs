namespace Engine.Host.Recording;

/// <summary>A request as an upstream would receive it.</summary>
/// <param name="Target">Path with query, as the request line has it.</param>
/// <param name="Headers">Only those that name a dialect matter; credentials are ignored.</param>
/// <param name="Body">Read before <see cref="ReplayUpstream.SendAsync"/> returns, not kept.</param>
internal readonly record struct ReplayRequest(
    string Method, string Target, IEnumerable<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body);

/// <summary>A response as an upstream would send it; the caller disposes of the body.</summary>
/// <param name="Headers">Lower-case names; no framing headers.</param>
/// <param name="Length">The body's length where the upstream would state it (anything but a stream).</param>
/// <param name="FixtureName">The recording that answers; null when the replay itself does.</param>
internal sealed record ReplayResponse(
    int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, ReplayBodyStream Body, long? Length, string? FixtureName)
    : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Body.DisposeAsync();
}

/// <summary>
/// An upstream made of recordings, in process: matches the request, waits as long as the recorded upstream did for its head,
/// and hands out a body that arrives in the recorded pieces at the recorded pace. Thread-safe.
/// </summary>
internal sealed class ReplayUpstream(FixtureLibrary library, ReplaySpeed speed, TimeProvider time)
{
    // Of the recorded response's own framing and age nothing is true any more.
    private static readonly string[] NotReplayed =
        ["connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "date", "server", "trailer", "upgrade"];

    private uint _turn;

    internal FixtureLibrary Library => library;

    /// <summary>Never throws for what a request contains: errors are responses in the request's dialect.</summary>
    internal async ValueTask<ReplayResponse> SendAsync(ReplayRequest request, CancellationToken cancellation)
    {
        var endpoint = FixtureEndpoint.Classify(request.Method, request.Target, request.Headers);
        if (!RequestFactsReader.TryRead(request.Body, out var facts))
        {
            return Refuse(endpoint.Dialect, 400, "The request body is not a JSON object.");
        }

        var candidates = library.Candidates(endpoint.Dialect, endpoint.Operation);
        var fixture = ReplayMatcher.Match(endpoint, facts, candidates, Interlocked.Increment(ref _turn) - 1);
        if (fixture is null)
        {
            var model = endpoint.Model ?? facts.Model;
            var form = ReplayMatcher.FormAsked(endpoint, facts) == AnswerForm.Whole ? "" : " as a stream";
            return Refuse(endpoint.Dialect, 404, $"No recording answers {endpoint.Path} for the model '{model}'{form}.");
        }

        if (await library.ReadBodyAsync(fixture, cancellation) is not { } body)
        {
            return Refuse(endpoint.Dialect, 500, $"The recording {fixture.Name} has changed since it was loaded, or is gone.");
        }

        var delay = speed.Scale(fixture.Meta.HeadDelay);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, time, cancellation);
        }

        var headers = fixture.Head.Headers.Where(h => !NotReplayed.Contains(h.Key, StringComparer.Ordinal)).ToArray();
        var plan = ReplayPlan.For(fixture, body.Span, speed);
        var stream = new ReplayBodyStream(body, plan, time, fixture.Meta.EndsInReset);
        long? length = fixture is { Form: AnswerForm.Whole, Meta.EndsInReset: false } ? body.Length : null;
        return new ReplayResponse(fixture.Head.Status, headers, stream, length, fixture.Name);
    }

    /// <summary>An answer of the replay itself.</summary>
    internal ReplayResponse Refuse(FixtureDialect dialect, int status, string message)
    {
        var body = ReplayErrorBody.Write(dialect, status, message);
        var stream = new ReplayBodyStream(body, new ReplayPlan([body.Length], [TimeSpan.Zero]), time, resets: false);
        return new ReplayResponse(status, [new("content-type", "application/json")], stream, body.Length, null);
    }
}
