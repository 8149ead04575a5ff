namespace Engine.Actors.Kernel;

/// <summary>The end of one actor and who waits for it. Thread-safe.</summary>
internal sealed class ActorEnd
{
    private readonly Lock _lock = new();

    // Guarded by _lock, all four.
    private readonly List<ActorCell> _watchers = [];
    private TaskCompletionSource<Exception?>? _termination;
    private Exception? _cause;
    private bool _isReached;

    /// <summary>The failure that ended the actor; null before its end, and when it was stopped.</summary>
    internal Exception? Cause
    {
        get
        {
            lock (_lock)
            {
                return _cause;
            }
        }
    }

    internal Task<Exception?> Termination
    {
        get
        {
            lock (_lock)
            {
                if (_isReached)
                {
                    return Task.FromResult(_cause);
                }

                _termination ??= new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
                return _termination.Task;
            }
        }
    }

    /// <returns>False when the end has come before.</returns>
    internal bool TryAdd(ActorCell watcher)
    {
        lock (_lock)
        {
            if (!_isReached)
            {
                _watchers.Add(watcher);
            }

            return !_isReached;
        }
    }

    internal void Remove(ActorCell watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
        }
    }

    internal void Reach(ActorCell actor, Exception? cause)
    {
        ActorCell[] watchers;
        lock (_lock)
        {
            _isReached = true;
            _cause = cause;
            watchers = [.. _watchers];
            _watchers.Clear();
        }

        foreach (var watcher in watchers)
        {
            watcher.PostSignal(new Signal(null, actor));
        }

        _termination?.TrySetResult(cause);
    }
}
