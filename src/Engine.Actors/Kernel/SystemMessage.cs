namespace Engine.Actors.Kernel;

/// <summary>What an actor's life is doing. Only a running one receives messages, timers and ends of watched actors.</summary>
internal enum ActorPhase
{
    /// <summary>An instance is being made.</summary>
    Starting,

    /// <summary>Receives.</summary>
    Running,

    /// <summary>Waits for its supervisor's directive.</summary>
    Failed,

    /// <summary>Waits for the end of its children, then for the backoff.</summary>
    Restarting,

    /// <summary>No instance; waits for the backoff.</summary>
    BackingOff,

    /// <summary>Waits for the end of its children.</summary>
    Stopping,

    /// <summary>Has ended.</summary>
    Ended,
}

internal enum SystemKind
{
    Start,
    Stop,
    Drain,
    Restart,
    Resume,
    BackoffElapsed,
    ChildFailed,
    ChildEnded,
}

/// <summary>What cells tell each other; ahead of all mail, in any phase.</summary>
internal readonly record struct SystemMessage(SystemKind Kind, ActorCell? Child = null, Exception? Cause = null, TimeSpan Delay = default, bool HadStarted = false);
