using System.Buffers.Binary;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>What a frame says about itself (RFC 8878 §3.1.1.1).</summary>
/// <param name="WindowSize">How far back a match may reach, in bytes.</param>
/// <param name="ContentSize">Decoded size of the frame, where stated.</param>
/// <param name="IsSingleSegment">The frame has no window of its own: its content is its window.</param>
/// <param name="HasChecksum">A checksum of the content follows the last block.</param>
internal readonly record struct FrameHeader(long WindowSize, long? ContentSize, bool IsSingleSegment, bool HasChecksum)
{
    private const int BlockSizeCap = 128 << 10;

    /// <summary>Most bytes in a block, compressed or not (RFC 8878 §3.1.1.2.4).</summary>
    public int MaxBlockSize => (int)Math.Min(WindowSize, BlockSizeCap);

    /// <summary>Reads a header, from after the magic number on.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> source, out int length)
    {
        int descriptor = source.IsEmpty ? 0 : source[0];
        bool isSingleSegment = (descriptor & 0x20) != 0;
        int windowLength = isSingleSegment ? 0 : 1;
        int dictionaryLength = (descriptor & 3) switch { 3 => 4, var other => other };
        int sizeLength = (descriptor >> 6) switch { 0 => isSingleSegment ? 1 : 0, var other => 1 << other };

        length = 1 + windowLength + dictionaryLength + sizeLength;
        if (source.Length < length)
        {
            ZstandardFault.Corrupt("a frame header is cut off");
        }

        if ((descriptor & 0x08) != 0)
        {
            ZstandardFault.Corrupt("a frame header sets its reserved bit");
        }

        // Identifier 0 means the same as none.
        if (source.Slice(1 + windowLength, dictionaryLength).ContainsAnyExcept((byte)0))
        {
            ZstandardFault.Unsupported("it needs a dictionary");
        }

        long? contentSize = ReadContentSize(source.Slice(length - sizeLength, sizeLength));
        long window = isSingleSegment ? contentSize.GetValueOrDefault() : ReadWindowSize(source[1]);
        return new FrameHeader(window, contentSize, isSingleSegment, HasChecksum: (descriptor & 0x04) != 0);
    }

    private static long ReadWindowSize(int descriptor)
    {
        long power = 1L << (10 + (descriptor >> 3));
        return power + (power / 8 * (descriptor & 7));
    }

    private static long? ReadContentSize(ReadOnlySpan<byte> field) => field.Length switch
    {
        0 => null,
        1 => field[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(field) + 256,
        4 => BinaryPrimitives.ReadUInt32LittleEndian(field),
        _ => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(field), long.MaxValue),
    };
}
