namespace Engine.Actors.Kernel;

/// <summary>The end of one actor and who waits for it. Thread-safe.</summary>
internal sealed class ActorEnd
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<Exception?> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by _lock; null once the end is reached.
    private List<ActorCell>? _watchers = [];

    /// <summary>The failure that ended the actor; null when it was stopped. For those who were told of the end.</summary>
    internal Exception? Cause { get; private set; }

    internal Task<Exception?> Termination => _reached.Task;

    /// <returns>False when the end has come before.</returns>
    internal bool TryAdd(ActorCell watcher)
    {
        lock (_lock)
        {
            _watchers?.Add(watcher);
            return _watchers is not null;
        }
    }

    internal void Remove(ActorCell watcher)
    {
        lock (_lock)
        {
            _watchers?.Remove(watcher);
        }
    }

    internal void Reach(ActorCell actor, Exception? cause)
    {
        List<ActorCell> watchers;
        lock (_lock)
        {
            Cause = cause;
            watchers = _watchers!;
            _watchers = null;
        }

        watchers.ForEach(watcher => watcher.PostEnded(actor));
        _reached.TrySetResult(cause);
    }
}
