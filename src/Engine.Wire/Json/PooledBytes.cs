using System.Buffers;

namespace Engine.Wire.Json;

/// <summary>A growable byte buffer from the shared pool, with a cap. Owned by one thread; <see cref="Dispose"/> returns its memory.</summary>
public sealed class PooledBytes : IBufferWriter<byte>, IDisposable
{
    private readonly int _maximum;
    private byte[] _buffer = [];
    private int _length;

    /// <summary>An empty buffer that takes no memory until it is written to.</summary>
    /// <param name="maximum">Bytes it may ever hold.</param>
    public PooledBytes(int maximum = int.MaxValue) => _maximum = maximum;

    /// <summary>Bytes written.</summary>
    public int Length => _length;

    /// <summary>What was written. Valid until the next write, clear or dispose.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>What was written. Valid until the next write, clear or dispose.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Forgets the content and keeps the memory.</summary>
    public void Clear() => _length = 0;

    /// <summary>Removes bytes from the front.</summary>
    public void RemoveFirst(int count)
    {
        Span[count..].CopyTo(_buffer);
        _length -= count;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    /// <exception cref="BufferCapExceededException">The cap would be passed.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc/>
    /// <exception cref="BufferCapExceededException">The cap would be passed.</exception>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_length);
    }

    /// <summary>Returns the memory to the pool. The buffer may be used again.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = [];
        _length = 0;
    }

    private void Reserve(int sizeHint)
    {
        var needed = (long)_length + Math.Max(sizeHint, 1);
        if (needed <= _buffer.Length)
        {
            return;
        }

        if (needed > _maximum)
        {
            throw new BufferCapExceededException(_maximum);
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * _buffer.Length), Array.MaxLength));
        Span.CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}
