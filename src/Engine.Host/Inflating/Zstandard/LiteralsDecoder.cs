using System.Buffers;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>The literals section of a block (RFC 8878 §3.1.1.3.1).</summary>
internal sealed class LiteralsDecoder : IDisposable
{
    private readonly HuffmanTable _table = new();
    private byte[] _rented = [];

    private enum LiteralsType
    {
        Raw,
        RunLength,
        Compressed,
        Treeless,
    }

    public void StartFrame() => _table.Clear();

    /// <summary>Decodes the section at the front of a block.</summary>
    /// <param name="block">The block, from its start on.</param>
    /// <param name="limit">Most literals allowed.</param>
    /// <param name="length">Length of the section in bytes.</param>
    /// <returns>The literals; valid until the next call, and as long as the block.</returns>
    public ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> block, int limit, out int length)
    {
        LiteralsHeader header = LiteralsHeader.Read(block);
        length = header.Length + header.StoredSize;
        if (header.Size > limit || length > block.Length)
        {
            ZstandardFault.Corrupt("a block's literals are cut off or too many");
        }

        ReadOnlySpan<byte> stored = block.Slice(header.Length, header.StoredSize);
        switch ((LiteralsType)header.Type)
        {
            case LiteralsType.Raw:
                return stored;
            case LiteralsType.RunLength:
                Span<byte> run = Rent(header.Size, limit);
                run.Fill(stored[0]);
                return run;
            case LiteralsType.Compressed:
                stored = stored[_table.Read(stored)..];
                break;
            default:
                if (_table.Log == 0)
                {
                    ZstandardFault.Corrupt("a block repeats a Huffman tree that its frame has not defined");
                }

                break;
        }

        Span<byte> literals = Rent(header.Size, limit);
        if (header.HasFourStreams)
        {
            HuffmanStreams.DecodeFour(stored, _table, literals);
        }
        else
        {
            HuffmanStreams.DecodeOne(stored, _table, literals);
        }

        return literals;
    }

    public void Dispose() => Replace([]);

    private Span<byte> Rent(int count, int limit)
    {
        if (count > _rented.Length)
        {
            Replace(ArrayPool<byte>.Shared.Rent(limit));
        }

        return _rented.AsSpan(0, count);
    }

    private void Replace(byte[] next)
    {
        if (_rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = next;
    }
}
