using System.Numerics;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>
/// A Huffman decoding table (RFC 8878 §4.2): indexed by the next <see cref="Log"/> bits of a stream, it tells the symbol and how many
/// of these bits are its code.
/// </summary>
internal sealed class HuffmanTable
{
    /// <summary>Longest code.</summary>
    public const int MaxBits = 11;

    private readonly ushort[] _entries = new ushort[1 << MaxBits];
    private readonly FseTable _weightTable = HuffmanWeights.CreateTable();

    /// <summary>Length of the longest code in the table, 0 before the first <see cref="Read"/>.</summary>
    public int Log { get; private set; }

    /// <summary>The symbol in the low byte, the length of its code in the high one.</summary>
    public ReadOnlySpan<ushort> Entries => _entries.AsSpan(0, 1 << Log);

    public void Clear() => Log = 0;

    /// <summary>Reads a tree from the front of <paramref name="source"/> and builds its table.</summary>
    /// <returns>Length of the tree's description in bytes.</returns>
    public int Read(ReadOnlySpan<byte> source)
    {
        Span<byte> weights = stackalloc byte[HuffmanWeights.MaxCount + 1];
        int length = HuffmanWeights.Read(source, weights, _weightTable, out int count);
        Build(weights, count);
        return length;
    }

    /// <summary>
    /// A weight w stands for 2^(w-1) entries; the entries of all weights make up a power of two, of which the missing last weight
    /// is the rest. Symbols lie in the table by weight, then by value.
    /// </summary>
    private void Build(Span<byte> weights, int count)
    {
        Span<int> symbolsOfWeight = stackalloc int[MaxBits + 1];
        int taken = CountEntries(weights[..count], symbolsOfWeight);
        int log = BitOperations.Log2((uint)taken) + 1;
        int rest = (1 << log) - taken;
        if (taken == 0 || log > MaxBits || !BitOperations.IsPow2(rest))
        {
            ZstandardFault.Corrupt("a Huffman tree is incomplete or too deep");
        }

        weights[count] = (byte)(BitOperations.Log2((uint)rest) + 1);
        symbolsOfWeight[weights[count]]++;
        if (symbolsOfWeight[1] < 2)
        {
            ZstandardFault.Corrupt("a Huffman tree has no deepest leaves");
        }

        Span<int> next = stackalloc int[MaxBits + 1];
        for (int weight = 1, start = 0; weight <= log; weight++)
        {
            next[weight] = start;
            start += symbolsOfWeight[weight] << (weight - 1);
        }

        for (int symbol = 0; symbol <= count; symbol++)
        {
            int weight = weights[symbol];
            if (weight == 0)
            {
                continue;
            }

            int span = 1 << (weight - 1);
            _entries.AsSpan(next[weight], span).Fill((ushort)(symbol | ((log + 1 - weight) << 8)));
            next[weight] += span;
        }

        Log = log;
    }

    private static int CountEntries(ReadOnlySpan<byte> weights, Span<int> symbolsOfWeight)
    {
        int entries = 0;
        foreach (byte weight in weights)
        {
            if (weight > MaxBits)
            {
                ZstandardFault.Corrupt("a Huffman tree is too deep");
            }

            symbolsOfWeight[weight]++;
            entries += weight == 0 ? 0 : 1 << (weight - 1);
        }

        return entries;
    }
}
