namespace Engine.Actors.Kernel;

/// <summary>Whether an actor was asked to stop, at once or after its mail. Thread-safe.</summary>
internal sealed class StopRequest
{
    private readonly Lock _lock = new();

    // Guarded by _lock, all three.
    private CancellationTokenSource? _stopping;
    private bool _isMade;
    private bool _isDrain;

    /// <summary>Asked to stop at once.</summary>
    internal bool IsMade
    {
        get
        {
            lock (_lock)
            {
                return _isMade;
            }
        }
    }

    /// <summary>Cancelled by the request to stop at once; made only where somebody looks.</summary>
    internal CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                return _isMade ? new CancellationToken(canceled: true) : (_stopping ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <returns>False when the same or more was asked before.</returns>
    internal bool TryMake(bool drain)
    {
        lock (_lock)
        {
            if (_isMade || (drain && _isDrain))
            {
                return false;
            }

            _isDrain |= drain;
            _isMade |= !drain;
            _ = drain ? null : _stopping?.CancelAsync();
            return true;
        }
    }
}
