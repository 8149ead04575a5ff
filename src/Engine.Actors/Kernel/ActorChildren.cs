using System.Collections.Concurrent;

namespace Engine.Actors.Kernel;

/// <summary>The children of one actor and how often each was restarted. Thread-safe; decisions are made on the parent's turn.</summary>
internal sealed class ActorChildren(ActorCell parent, SupervisorStrategy strategy)
{
    // Held while one is added, so that no child comes after the last look at all of them.
    private readonly Lock _adding = new();
    private readonly ConcurrentDictionary<string, Child> _children = new(concurrencyLevel: 1, capacity: 1, StringComparer.Ordinal);
    private int _names;
    private volatile bool _refuses;

    internal List<ActorCell> All => [.. _children.Values.Select(c => c.Cell)];

    internal ActorCell<TChild> Add<TChild>(Props<TChild> props, string? name)
    {
        lock (_adding)
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

    internal void Remove(ActorCell child) => _children.TryRemove(child.Path, out _);

    internal void Accept() => _refuses = false;

    /// <returns>Whether there are any to wait for.</returns>
    internal bool StopAll()
    {
        lock (_adding)
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
        if (_refuses || !_children.TryGetValue(failure.Child!.Path, out var child))
        {
            return null;
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
