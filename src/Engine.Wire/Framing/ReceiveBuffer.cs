using System.Buffers;

namespace Engine.Wire.Framing;

/// <summary>
/// Received bytes that nobody has consumed yet, always in one piece. It grows from a pool up to its cap, slides its content
/// to the front when that makes room, and goes back to its first size after a giant. One owner at a time; not thread-safe.
/// </summary>
public sealed class ReceiveBuffer : IDisposable
{
    // A larger array than this many times the first size is given back as soon as the first size will do.
    private const int ShrinkFactor = 4;

    private readonly int _initialCapacity;
    private readonly int _maximumCapacity;
    private byte[]? _array;
    private int _start;
    private int _end;
    private int _writable; // what the last memory handed out still takes
    private bool _disposed;

    /// <summary>Creates a buffer that holds no memory until it is asked for some.</summary>
    /// <param name="initialCapacity">Bytes to rent first; at least 1.</param>
    /// <param name="maximumCapacity">Most bytes that may be unread at once; at least <paramref name="initialCapacity"/>.</param>
    public ReceiveBuffer(int initialCapacity, int maximumCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialCapacity);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCapacity, initialCapacity);
        _initialCapacity = initialCapacity;
        _maximumCapacity = maximumCapacity;
    }

    /// <summary>
    /// What was received and not consumed. The bytes stay valid, even when consumed meanwhile, until the next
    /// <see cref="TryGetMemory"/>, <see cref="ReleaseIfEmpty"/> or <see cref="Dispose"/>.
    /// </summary>
    public ReadOnlySpan<byte> Unread => _array.AsSpan(_start, _end - _start);

    /// <summary>Bytes of pooled memory held at the moment; 0 when none.</summary>
    public int Capacity => _array?.Length ?? 0;

    /// <summary>
    /// Memory to receive into, valid until the next call of this method, <see cref="ReleaseIfEmpty"/> or <see cref="Dispose"/>:
    /// at least <paramref name="minimumFree"/> bytes, fewer (but never none) where the cap is near. False, with no memory,
    /// when as many bytes are unread as the cap allows.
    /// </summary>
    public bool TryGetMemory(int minimumFree, out Memory<byte> memory)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumFree);
        ObjectDisposedException.ThrowIf(_disposed, this);
        int unread = _end - _start;
        int room = _maximumCapacity - unread;
        if (room == 0)
        {
            memory = default;
            return false;
        }

        int wanted = Math.Min(minimumFree, room);
        if (_array is null)
        {
            _array = ArrayPool<byte>.Shared.Rent(Math.Max(_initialCapacity, wanted));
        }
        else if (unread == 0)
        {
            _start = _end = 0;
        }

        if (_array.Length / ShrinkFactor > _initialCapacity && unread + wanted <= _initialCapacity)
        {
            MoveTo(ArrayPool<byte>.Shared.Rent(_initialCapacity));
        }
        else if (_array.Length - _end < wanted)
        {
            MakeRoom(unread, wanted);
        }

        _writable = Math.Min(_array.Length - _end, room);
        memory = _array.AsMemory(_end, _writable);
        return true;
    }

    /// <summary>Says that the first <paramref name="count"/> bytes of the memory last handed out were filled.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _writable);
        _end += count;
        _writable -= count;
    }

    /// <summary>Drops the first <paramref name="count"/> unread bytes.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _end - _start);
        _start += count;
    }

    /// <summary>
    /// Gives the memory back when nothing is unread, so that a silent stream holds none. Not while a receive into it is pending.
    /// </summary>
    public void ReleaseIfEmpty()
    {
        if (_start == _end)
        {
            Release();
        }
    }

    /// <summary>Gives the memory back and forgets the unread bytes. Not while a receive into it is pending.</summary>
    public void Dispose()
    {
        _disposed = true;
        Release();
    }

    private void MakeRoom(int unread, int wanted)
    {
        byte[] array = _array!;
        if (array.Length - unread >= wanted)
        {
            array.AsSpan(_start, unread).CopyTo(array);
            _start = 0;
            _end = unread;
            return;
        }

        long doubled = Math.Min(array.Length * 2L, _maximumCapacity);
        MoveTo(ArrayPool<byte>.Shared.Rent((int)Math.Max(doubled, (long)unread + wanted)));
    }

    private void MoveTo(byte[] target)
    {
        byte[] source = _array!;
        int unread = _end - _start;
        source.AsSpan(_start, unread).CopyTo(target);
        _array = target;
        _start = 0;
        _end = unread;
        ArrayPool<byte>.Shared.Return(source);
    }

    private void Release()
    {
        if (_array is { } array)
        {
            _array = null;
            _start = _end = _writable = 0;
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
