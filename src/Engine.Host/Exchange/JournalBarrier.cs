namespace Engine.Host.Exchange;

/// <summary>
/// What must be in the journal before the client sees anything more of its request: durable before visible. Writing runs beside
/// the next attempt; only who is about to answer waits.
/// </summary>
internal sealed class JournalBarrier
{
    // A journal that hangs must not hang its engine's clients: it has long said so in its health.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private Task _pending = Task.CompletedTask;

    public JournalBarrier(TimeProvider time) => _time = time;

    /// <summary>True when nothing is being written.</summary>
    public bool IsOpen => _pending.IsCompleted;

    /// <summary>Something else has to be written first.</summary>
    public void Add(ValueTask writing)
    {
        if (!writing.IsCompletedSuccessfully)
        {
            _pending = _pending.IsCompleted ? writing.AsTask() : Task.WhenAll(_pending, writing.AsTask());
        }
    }

    /// <summary>Waits until all of it is written, a few seconds at most.</summary>
    public async ValueTask WaitAsync()
    {
        if (_pending.IsCompletedSuccessfully)
        {
            return;
        }

        try
        {
            await _pending.WaitAsync(Patience, _time);
        }
        catch (TimeoutException)
        {
            // The event is in the actor's hands and will be written; the journal's health tells the operator.
        }
    }
}
