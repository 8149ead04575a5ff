namespace Engine.Actors.Kernel;

/// <summary>The children of one actor and how often each was restarted. Thread-safe; decisions are made on the parent's turn.</summary>
internal sealed class ActorChildren(ActorCell parent, SupervisorStrategy strategy)
{
    private readonly Lock _lock = new();

    // Guarded by _lock, all three.
    private readonly Dictionary<string, Child> _children = new(StringComparer.Ordinal);
    private int _names;
    private bool _refuses;

    internal List<ActorCell> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _children.Values.Select(c => c.Cell)];
            }
        }
    }

    internal bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _children.Count == 0;
            }
        }
    }

    internal ActorCell<TChild> Add<TChild>(Props<TChild> props, string? name)
    {
        lock (_lock)
        {
            name ??= $"${++_names}";
            if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{name}' cannot name an actor.", nameof(name));
            }

            if (_refuses)
            {
                throw new InvalidOperationException($"{parent.Path}/{name} cannot start: its parent is stopping.");
            }

            var cell = new ActorCell<TChild>(parent.System, parent, $"{parent.Path}/{name}", props);
            if (!_children.TryAdd(cell.Path, new Child(cell, new RestartHistory())))
            {
                throw new InvalidOperationException($"{cell.Path} exists already.");
            }

            return cell;
        }
    }

    internal void Remove(ActorCell child)
    {
        lock (_lock)
        {
            _children.Remove(child.Path);
        }
    }

    internal void Accept()
    {
        lock (_lock)
        {
            _refuses = false;
        }
    }

    /// <returns>Whether there are any to wait for.</returns>
    internal bool StopAll()
    {
        lock (_lock)
        {
            _refuses = true;
        }

        var all = All;
        all.ForEach(c => c.RequestStop(drain: false));
        return all.Count > 0;
    }

    /// <returns>What the parent has to fail with; null unless the failure was escalated.</returns>
    internal Exception? Supervise(SystemMessage failure)
    {
        Child? child;
        lock (_lock)
        {
            if (_refuses || !_children.TryGetValue(failure.Child!.Path, out child))
            {
                return null;
            }
        }

        var cause = failure.Cause!;
        var system = parent.System;
        var directive = strategy.Decide(cause) switch
        {
            Directive.Resume when !failure.HadStarted => Directive.Restart,
            Directive.Escalate when parent.Parent is null => Directive.Stop,
            var other => other,
        };
        var delay = directive == Directive.Restart ? child.History.Next(strategy, system.Time.GetUtcNow(), system.NextJitter()) : TimeSpan.Zero;
        directive = delay is null ? Directive.Stop : directive;
        system.EventStream.Publish(new ActorFailed(child.Cell.Path, cause, directive, delay ?? TimeSpan.Zero));
        if (directive == Directive.Escalate)
        {
            return cause;
        }

        child.Cell.Post(directive switch
        {
            Directive.Restart => new SystemMessage(SystemKind.Restart, Delay: delay ?? TimeSpan.Zero),
            Directive.Resume => new SystemMessage(SystemKind.Resume),
            _ => new SystemMessage(SystemKind.Stop, Cause: cause),
        });
        return null;
    }

    private sealed record Child(ActorCell Cell, RestartHistory History);
}
