using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>The three last offsets, which a sequence may name instead of an offset (RFC 8878 §3.1.1.5).</summary>
[StructLayout(LayoutKind.Auto)]
internal struct RecentOffsets
{
    private uint _first;
    private uint _second;
    private uint _third;

    /// <summary>What holds at the start of a frame.</summary>
    public static RecentOffsets Initial => new() { _first = 1, _second = 4, _third = 8 };

    /// <summary>The offset that a sequence means. Zero for the one combination that means none.</summary>
    /// <param name="value">The sequence's offset value, at least 1.</param>
    /// <param name="hasLiterals">Whether literals come before the match; without them the choices shift by one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Resolve(uint value, bool hasLiterals)
    {
        if (value > 3)
        {
            _third = _second;
            _second = _first;
            _first = value - 3;
            return _first;
        }

        return Repeat(hasLiterals ? value - 1 : value);
    }

    private uint Repeat(uint index)
    {
        uint offset = index switch
        {
            0 => _first,
            1 => _second,
            2 => _third,
            _ => _first - 1,
        };
        if (index > 1)
        {
            _third = _second;
        }

        if (index > 0)
        {
            _second = _first;
            _first = offset;
        }

        return offset;
    }
}
