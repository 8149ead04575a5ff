namespace Engine.Host.Exchange;

/// <summary>
/// One cancellation source for an attempt: fires when the client goes or when the armed wait runs out, and knows which. Re-armed
/// for each wait without allocating.
/// </summary>
internal sealed class AttemptDeadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _client;

    /// <summary>Joins the client's token; not armed yet.</summary>
    public AttemptDeadline(TimeProvider time, CancellationToken client)
    {
        _client = client;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = client.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Cancelled by the client or by the wait.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>True when the wait ran out and the client is still there.</summary>
    public bool TimedOut => _source.IsCancellationRequested && !_client.IsCancellationRequested;

    /// <summary>Starts the wait anew.</summary>
    public void Arm(TimeSpan wait) => _source.CancelAfter(wait);

    /// <summary>Stops the wait: the next step is the client's to delay.</summary>
    public void Disarm() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
