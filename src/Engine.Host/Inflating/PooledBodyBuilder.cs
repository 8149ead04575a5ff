using System.Buffers;

namespace Engine.Host.Inflating;

/// <summary>
/// The output of one coding: a rented array that doubles as the output grows, up to a limit. Because it stays contiguous it
/// is also the window that a decoder copies earlier output from.
/// </summary>
internal sealed class PooledBodyBuilder : IDisposable
{
    private byte[] _rented = [];

    /// <param name="limit">Most bytes that may ever be written.</param>
    public PooledBodyBuilder(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        Limit = limit;
    }

    public int Limit { get; }

    public int Written { get; private set; }

    /// <summary>How many bytes may still be written.</summary>
    public int Room => Limit - Written;

    /// <summary>What was written so far, then free space. Valid until the next <see cref="Reserve"/>.</summary>
    public Span<byte> Bytes => _rented;

    /// <summary>Free space, never more than <see cref="Room"/>. Valid until the next <see cref="Reserve"/>.</summary>
    public Span<byte> Free => _rented.AsSpan(Written, Math.Min(_rented.Length - Written, Room));

    /// <summary>Makes free space for <paramref name="count"/> bytes, or for <see cref="Room"/> if that is less.</summary>
    public void Reserve(int count)
    {
        int needed = Written + Math.Min(count, Room);
        if (needed <= _rented.Length)
        {
            return;
        }

        int doubled = (int)Math.Min(Limit, 2L * _rented.Length);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, doubled));
        _rented.AsSpan(0, Written).CopyTo(larger);
        Replace(larger);
    }

    /// <summary>Counts <paramref name="count"/> bytes of <see cref="Free"/> as written.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Free.Length, nameof(count));
        Written += count;
    }

    /// <summary>Appends all of <paramref name="bytes"/>, or fails as too large.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Room)
        {
            throw InflateException.TooLarge(Limit);
        }

        Reserve(bytes.Length);
        bytes.CopyTo(Free);
        Advance(bytes.Length);
    }

    /// <summary>Hands the array and what was written over to the caller; the builder is empty afterwards.</summary>
    public PooledBody Detach()
    {
        var body = new PooledBody(_rented, Written);
        _rented = [];
        Written = 0;
        return body;
    }

    public void Dispose()
    {
        Replace([]);
        Written = 0;
    }

    private void Replace(byte[] next)
    {
        if (_rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = next;
    }
}
