using System.Buffers;

namespace Engine.Wire.Normalising;

/// <summary>
/// What a sink holds back: grows to the largest content and then allocates no more. Not pooled, since nobody tells a sink that its
/// answer was abandoned. Its users bound what they put in.
/// </summary>
internal sealed class HeldBytes : IBufferWriter<byte>
{
    private byte[] _buffer = [];

    /// <summary>Bytes held.</summary>
    public int Length { get; private set; }

    /// <summary>What is held. Valid until the next change.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    /// <summary>Forgets the content and keeps the memory.</summary>
    public void Clear() => Length = 0;

    /// <summary>Removes bytes from the front.</summary>
    public void RemoveFirst(int count)
    {
        Span[count..].CopyTo(_buffer);
        Length -= count;
    }

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(Length);
    }

    private void Reserve(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(needed, Math.Max(2 * _buffer.Length, 256)));
        }
    }
}
