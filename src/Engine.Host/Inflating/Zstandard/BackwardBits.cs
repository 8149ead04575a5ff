using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>
/// Reads a bit stream from its end to its start (RFC 8878 §4.1): the highest set bit of the last byte is a marker, the bit below
/// it comes first. A 64-bit window over the bytes slides down. Up to 56 bits may be read between two calls of
/// <see cref="Refill"/>; reading more than the stream has yields bits without meaning, which <see cref="IsOverrun"/> tells.
/// </summary>
internal ref struct BackwardBits
{
    private const int WindowBits = 64;
    private const int WindowBytes = sizeof(ulong);

    private readonly ReadOnlySpan<byte> _bytes;
    private ulong _window;
    private int _used;
    private int _position;

    public BackwardBits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[^1] == 0)
        {
            ZstandardFault.Corrupt("a bit stream has no end marker");
        }

        _bytes = bytes;
        _used = BitOperations.LeadingZeroCount((uint)bytes[^1]) - 24 + 1;
        if (bytes.Length >= WindowBytes)
        {
            _position = bytes.Length - WindowBytes;
            _window = BinaryPrimitives.ReadUInt64LittleEndian(bytes[_position..]);
            return;
        }

        // The bytes are the window's low end; what lies above them counts as used.
        _used += (WindowBytes - bytes.Length) * 8;
        for (int i = 0; i < bytes.Length; i++)
        {
            _window |= (ulong)bytes[i] << (8 * i);
        }
    }

    /// <summary>More bits were read than there are.</summary>
    public readonly bool IsOverrun => _used > WindowBits;

    /// <summary>Every bit was read, and no more.</summary>
    public readonly bool IsExactlyRead => _position == 0 && _used == WindowBits;

    /// <summary>The next bits, most significant first, without taking them. At least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Peek(int count) => (int)((_window << _used) >> (WindowBits - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count) => _used += count;

    /// <summary>Takes the next <paramref name="count"/> bits, 0 to 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(int count)
    {
        // Two shifts, because one by 64 would be one by 0.
        uint value = (uint)(((_window << _used) >> 1) >> (WindowBits - 1 - count));
        _used += count;
        return value;
    }

    /// <summary>Slides the window down over what was read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        if (_position >= WindowBytes)
        {
            _position -= _used >> 3;
            _used &= 7;
            _window = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[_position..]);
        }
        else
        {
            RefillNearStart();
        }
    }

    private void RefillNearStart()
    {
        int step = Math.Min(_used >> 3, _position);
        if (step == 0)
        {
            return;
        }

        _position -= step;
        _used -= step * 8;
        _window = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[_position..]);
    }
}
