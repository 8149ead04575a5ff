using System.Buffers;

namespace Engine.Host.Inflating;

/// <summary>A whole body in a rented array. <see cref="Memory"/> has exactly the body's length and is valid until disposal.</summary>
internal sealed class PooledBody : IMemoryOwner<byte>
{
    private readonly int _length;
    private byte[]? _rented;

    /// <summary>Takes over <paramref name="rented"/>, which goes back to the shared pool on disposal.</summary>
    public PooledBody(byte[] rented, int length)
    {
        _rented = rented;
        _length = length;
    }

    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_rented is null, this);
            return _rented.AsMemory(0, _length);
        }
    }

    public void Dispose()
    {
        byte[]? rented = Interlocked.Exchange(ref _rented, null);
        if (rented is { Length: > 0 })
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
