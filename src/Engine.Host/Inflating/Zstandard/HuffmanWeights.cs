namespace Engine.Host.Inflating.Zstandard;

/// <summary>
/// Reads the description of a Huffman tree (RFC 8878 §4.2.1): one weight per symbol, all but the last, which follows from the others.
/// </summary>
internal static class HuffmanWeights
{
    /// <summary>Most weights in a description: an alphabet of bytes less the one that follows.</summary>
    public const int MaxCount = 255;

    private const int FirstDirectHeader = 128;
    private const int MaxLog = 6;

    private static readonly uint[] Values = [.. Enumerable.Range(0, HuffmanTable.MaxBits + 1).Select(static weight => (uint)weight)];

    /// <param name="source">Starts with the description.</param>
    /// <param name="weights">At least <see cref="MaxCount"/> long.</param>
    /// <param name="table">Scratch space.</param>
    /// <param name="count">How many weights were read.</param>
    /// <returns>Length of the description in bytes.</returns>
    public static int Read(ReadOnlySpan<byte> source, Span<byte> weights, FseTable table, out int count)
    {
        int header = source.IsEmpty ? 0 : source[0];
        bool isDirect = header >= FirstDirectHeader;
        int length = isDirect ? (header - FirstDirectHeader + 2) / 2 : header;
        if (source.Length < 1 + length)
        {
            ZstandardFault.Corrupt("a Huffman tree is cut off");
        }

        ReadOnlySpan<byte> body = source.Slice(1, length);
        count = isDirect ? ReadDirect(body, header - FirstDirectHeader + 1, weights) : ReadCompressed(body, weights, table);
        return 1 + length;
    }

    /// <summary>A table able to hold any distribution of weights.</summary>
    public static FseTable CreateTable() => new(MaxLog);

    private static int ReadDirect(ReadOnlySpan<byte> body, int count, Span<byte> weights)
    {
        for (int i = 0; i < count; i++)
        {
            byte pair = body[i >> 1];
            weights[i] = (byte)((i & 1) == 0 ? pair >> 4 : pair & 0x0F);
        }

        return count;
    }

    /// <summary>Two states take turns until a state has no bits left to follow; the other one's symbol is then the last.</summary>
    private static int ReadCompressed(ReadOnlySpan<byte> body, Span<byte> weights, FseTable table)
    {
        Span<short> distribution = stackalloc short[HuffmanTable.MaxBits + 1];
        int length = FseDistribution.Read(body, MaxLog, distribution, out int log);
        table.Build(distribution, log, Values, []);
        ReadOnlySpan<FseEntry> states = table.Entries;

        var bits = new BackwardBits(body[length..]);
        uint state = bits.Read(log);
        uint other = bits.Read(log);
        if (bits.IsOverrun)
        {
            ZstandardFault.Corrupt("a Huffman tree is cut off");
        }

        int count = 0;
        while (!bits.IsOverrun)
        {
            if (count >= MaxCount - 1)
            {
                ZstandardFault.Corrupt("a Huffman tree has too many symbols");
            }

            FseEntry entry = states[(int)state];
            weights[count++] = (byte)entry.Base;
            uint next = entry.NextState + bits.Read(entry.StateBits);
            bits.Refill();
            (state, other) = (other, next);
        }

        weights[count++] = (byte)states[(int)state].Base;
        return count;
    }
}
