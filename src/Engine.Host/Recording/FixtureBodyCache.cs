namespace Engine.Host.Recording;

/// <summary>Bodies by name, the least recently used leave first. A body above a quarter of the cache is never kept.</summary>
internal sealed class FixtureBodyCache(long capacity)
{
    private readonly Lock _lock = new();

    // Guarded by _lock, all three.
    private readonly Dictionary<string, LinkedListNode<(string Name, ReadOnlyMemory<byte> Body)>> _byName = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Name, ReadOnlyMemory<byte> Body)> _byAge = [];
    private long _bytes;

    internal bool TryGet(string name, out ReadOnlyMemory<byte> body)
    {
        lock (_lock)
        {
            if (!_byName.TryGetValue(name, out var node))
            {
                body = default;
                return false;
            }

            _byAge.Remove(node);
            _byAge.AddFirst(node);
            body = node.Value.Body;
            return true;
        }
    }

    internal void Add(string name, ReadOnlyMemory<byte> body)
    {
        if (body.Length > capacity / 4)
        {
            return;
        }

        lock (_lock)
        {
            if (_byName.ContainsKey(name))
            {
                return;
            }

            _byName.Add(name, _byAge.AddFirst((name, body)));
            _bytes += body.Length;
            while (_bytes > capacity && _byAge.Last is { } oldest)
            {
                _byAge.RemoveLast();
                _byName.Remove(oldest.Value.Name);
                _bytes -= oldest.Value.Body.Length;
            }
        }
    }
}
