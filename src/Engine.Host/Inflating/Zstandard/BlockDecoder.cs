namespace Engine.Host.Inflating.Zstandard;

/// <summary>
/// Decodes the blocks of one frame after the other (RFC 8878 §3.1.1.2). Holds what a block may take over from earlier blocks of
/// its frame: the Huffman tree, the sequence tables, the recent offsets.
/// </summary>
internal sealed class BlockDecoder : IDisposable
{
    private const int HeaderBytes = 3;

    private readonly LiteralsDecoder _literals = new();
    private readonly SequenceDecoder _sequences = new();

    private enum BlockType
    {
        Raw,
        RunLength,
        Compressed,
        Reserved,
    }

    /// <summary>Decodes a frame's blocks up to the last one.</summary>
    /// <returns>What follows the last block.</returns>
    public ReadOnlySpan<byte> DecodeFrame(ReadOnlySpan<byte> source, scoped in FrameHeader frame, PooledBodyBuilder target)
    {
        _literals.StartFrame();
        _sequences.StartFrame();
        var scope = new FrameScope(target.Written, frame.WindowSize, frame.MaxBlockSize);
        bool isLast;
        do
        {
            if (source.Length < HeaderBytes)
            {
                ZstandardFault.Corrupt("a block header is cut off");
            }

            int header = source[0] | (source[1] << 8) | (source[2] << 16);
            isLast = (header & 1) != 0;
            source = source[HeaderBytes..];
            int consumed = DecodeBlock((BlockType)((header >> 1) & 3), header >> 3, source, scope, target);
            source = source[consumed..];
        }
        while (!isLast);
        return source;
    }

    public void Dispose() => _literals.Dispose();

    /// <returns>How many bytes of the source the block took.</returns>
    private int DecodeBlock(BlockType type, int size, ReadOnlySpan<byte> source, in FrameScope frame, PooledBodyBuilder target)
    {
        int stored = type == BlockType.RunLength ? 1 : size;
        if (type == BlockType.Reserved || size > frame.MaxBlockSize)
        {
            ZstandardFault.Corrupt("a block has a reserved type or is too large");
        }

        if (source.Length < stored)
        {
            ZstandardFault.Corrupt("a block is cut off");
        }

        switch (type)
        {
            case BlockType.Raw:
                target.Append(source[..size]);
                break;
            case BlockType.RunLength:
                AppendRun(source[0], size, target);
                break;
            default:
                DecodeCompressed(source[..size], frame, target);
                break;
        }

        return stored;
    }

    private void DecodeCompressed(ReadOnlySpan<byte> source, in FrameScope frame, PooledBodyBuilder target)
    {
        ReadOnlySpan<byte> literals = _literals.Decode(source, frame.MaxBlockSize, out int literalsLength);
        target.Reserve(frame.MaxBlockSize);
        _sequences.Decode(source[literalsLength..], literals, frame, target);
    }

    private static void AppendRun(byte value, int count, PooledBodyBuilder target)
    {
        if (count > target.Room)
        {
            throw InflateException.TooLarge(target.Limit);
        }

        target.Reserve(count);
        target.Free[..count].Fill(value);
        target.Advance(count);
    }
}
