namespace Engine.Host.Inflating.Zstandard;

/// <summary>The header of a literals section (RFC 8878 §3.1.1.3.1.1).</summary>
/// <param name="Type">The two bits of the section's type.</param>
/// <param name="Length">Length of this header in bytes.</param>
/// <param name="Size">How many literals there are.</param>
/// <param name="StoredSize">How many bytes of the block hold them, Huffman tree included.</param>
/// <param name="HasFourStreams">Huffman only: four streams instead of one.</param>
internal readonly record struct LiteralsHeader(int Type, int Length, int Size, int StoredSize, bool HasFourStreams)
{
    private const int RunLengthType = 1;
    private const int FirstHuffmanType = 2;

    public static LiteralsHeader Read(ReadOnlySpan<byte> block)
    {
        int first = block.IsEmpty ? 0 : block[0];
        int type = first & 3;
        int format = (first >> 2) & 3;
        return type < FirstHuffmanType ? ReadPlain(block, type, format) : ReadHuffman(block, type, format);
    }

    /// <summary>Formats 0 and 2 are one, because the lower bit alone says that the size has five bits.</summary>
    private static LiteralsHeader ReadPlain(ReadOnlySpan<byte> block, int type, int format)
    {
        int length = format switch { 1 => 2, 3 => 3, _ => 1 };
        int size = (int)(ReadLittleEndian(block, length) >> (length == 1 ? 3 : 4));
        return new LiteralsHeader(type, length, size, type == RunLengthType ? 1 : size, HasFourStreams: false);
    }

    private static LiteralsHeader ReadHuffman(ReadOnlySpan<byte> block, int type, int format)
    {
        (int length, int sizeBits) = format switch { 2 => (4, 14), 3 => (5, 18), _ => (3, 10) };
        long sizes = ReadLittleEndian(block, length) >> 4;
        int mask = (1 << sizeBits) - 1;
        return new LiteralsHeader(type, length, (int)sizes & mask, (int)(sizes >> sizeBits) & mask, HasFourStreams: format != 0);
    }

    private static long ReadLittleEndian(ReadOnlySpan<byte> block, int length)
    {
        if (block.Length < length)
        {
            ZstandardFault.Corrupt("a block's literals are cut off");
        }

        long value = 0;
        for (int i = 0; i < length; i++)
        {
            value |= (long)block[i] << (8 * i);
        }

        return value;
    }
}
