using System.Buffers;

namespace Engine.Wire.Framing;

/// <summary>Pooled bytes for the rare event whose data is not one slice of the input. Holds nothing between events.</summary>
internal struct ScratchBuffer
{
    private byte[]? _rented;

    /// <summary>At least <paramref name="length"/> bytes, valid until <see cref="Release"/>; the previous ones are given back.</summary>
    public Span<byte> Rent(int length)
    {
        Release();
        _rented = ArrayPool<byte>.Shared.Rent(length);
        return _rented;
    }

    public void Release()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
