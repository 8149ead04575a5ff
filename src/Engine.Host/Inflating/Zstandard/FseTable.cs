using System.Numerics;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>A decoding table of finite state entropy (RFC 8878 §4.1): one entry per state, two to the power of <see cref="Log"/>.</summary>
/// <param name="maxLog">The largest accuracy that the table's use allows.</param>
internal sealed class FseTable(int maxLog)
{
    /// <summary>In a distribution: the symbol has one state of its own and takes a full accuracy of bits to leave it.</summary>
    public const short LessThanOne = -1;

    /// <summary>Most symbols of any alphabet here: a Huffman weight is an FSE symbol of one byte.</summary>
    public const int MaxSymbols = 256;

    private readonly FseEntry[] _entries = new FseEntry[1 << maxLog];

    /// <summary>Accuracy: the number of bits of a state.</summary>
    public int Log { get; private set; }

    public ReadOnlySpan<FseEntry> Entries => _entries.AsSpan(0, 1 << Log);

    /// <summary>Every state is the same symbol (RFC 8878 §3.1.1.3.2.1.1, RLE_Mode).</summary>
    public void BuildSingle(uint symbolBase, byte extraBits)
    {
        Log = 0;
        _entries[0] = new FseEntry(symbolBase, NextState: 0, StateBits: 0, extraBits);
    }

    /// <param name="distribution">States per symbol, or <see cref="LessThanOne"/>; they fill the table exactly.</param>
    /// <param name="log">The accuracy, at most the table's own.</param>
    /// <param name="bases">The value of each symbol without its extra bits.</param>
    /// <param name="extraBits">How many bits follow each symbol; empty for none.</param>
    public void Build(ReadOnlySpan<short> distribution, int log, ReadOnlySpan<uint> bases, ReadOnlySpan<byte> extraBits)
    {
        Log = log;
        Span<byte> symbols = stackalloc byte[1 << log];
        Span<ushort> next = stackalloc ushort[MaxSymbols];
        Spread(distribution, symbols, next);

        int size = symbols.Length;
        for (int state = 0; state < size; state++)
        {
            int symbol = symbols[state];
            int occurrence = next[symbol]++;
            int stateBits = log - BitOperations.Log2((uint)occurrence);
            int nextState = (occurrence << stateBits) - size;
            byte extra = extraBits.IsEmpty ? (byte)0 : extraBits[symbol];
            _entries[state] = new FseEntry(bases[symbol], (ushort)nextState, (byte)stateBits, extra);
        }
    }

    /// <summary>Rare symbols sit at the table's end; the others are strewn over the rest in steps that visit every state once.</summary>
    private static void Spread(ReadOnlySpan<short> distribution, Span<byte> symbols, Span<ushort> next)
    {
        int size = symbols.Length;
        int end = size;
        for (int symbol = 0; symbol < distribution.Length; symbol++)
        {
            if (distribution[symbol] == LessThanOne)
            {
                symbols[--end] = (byte)symbol;
                next[symbol] = 1;
            }
            else
            {
                next[symbol] = (ushort)distribution[symbol];
            }
        }

        int step = (size >> 1) + (size >> 3) + 3;
        int state = 0;
        for (int symbol = 0; symbol < distribution.Length; symbol++)
        {
            for (int i = 0; i < distribution[symbol]; i++)
            {
                symbols[state] = (byte)symbol;
                do
                {
                    state = (state + step) & (size - 1);
                }
                while (state >= end);
            }
        }
    }
}
