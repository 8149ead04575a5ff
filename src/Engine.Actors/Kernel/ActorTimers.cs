namespace Engine.Actors.Kernel;

internal sealed class ActorTimers<TMessage>(ActorCell<TMessage> cell) : ITimers<TMessage>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    private ActorCell<TMessage> Cell { get; } = cell;

    // Belongs to the actor's turn.
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public void StartSingle(string name, TMessage message, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Start(name, message, delay, Timeout.InfiniteTimeSpan);
    }

    public void StartPeriodic(string name, TMessage message, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(1));
        Start(name, message, interval, interval);
    }

    public void Cancel(string name)
    {
        if (_entries.Remove(name, out var entry))
        {
            entry.Timer?.Dispose();
        }
    }

    public bool IsActive(string name) => _entries.ContainsKey(name);

    internal void CancelAll()
    {
        foreach (var entry in _entries.Values)
        {
            entry.Timer?.Dispose();
        }

        _entries.Clear();
    }

    private void Start(string name, TMessage message, TimeSpan due, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(due, Longest);
        Cancel(name);
        var entry = new Entry(this, name, message, period == Timeout.InfiniteTimeSpan);
        _entries.Add(name, entry);
        entry.Timer = Cell.System.Time.CreateTimer(static state => ((Entry)state!).Fire(), entry, due, period);
    }

    private sealed class Entry(ActorTimers<TMessage> owner, string name, TMessage message, bool isSingle)
    {
        private int _waits;

        internal ITimer? Timer { get; set; }

        internal void Fire()
        {
            if (Interlocked.Exchange(ref _waits, 1) == 0)
            {
                owner.Cell.PostSignal(DeliverAsync);
            }
        }

        private ValueTask DeliverAsync()
        {
            Volatile.Write(ref _waits, 0);
            if (!owner._entries.TryGetValue(name, out var current) || current != this)
            {
                return default;
            }

            if (isSingle)
            {
                owner.Cancel(name);
            }

            return owner.Cell.ReceiveAsync(message);
        }
    }
}
