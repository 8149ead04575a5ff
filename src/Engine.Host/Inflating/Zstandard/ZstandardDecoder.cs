using System.Buffers.Binary;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>
/// Decodes a complete zstd stream (RFC 8878): frames and skippable frames one after the other. Output lands in one contiguous
/// buffer, so earlier output is the window and no second copy of it is kept. Every read is checked; every step consumes input
/// or fails, so garbage ends early.
/// </summary>
internal static class ZstandardDecoder
{
    /// <summary>
    /// Widest window accepted. RFC 9659 allows 8 MiB over HTTP; command line users of long windows get some more.
    /// </summary>
    public const long MaxWindow = 64L << 20;

    private const uint FrameMagic = 0xFD2FB528;
    private const uint SkippableMagic = 0x184D2A50;
    private const uint SkippableMask = 0xFFFFFFF0;
    private const int ChecksumBytes = 4;

    // A header's promise of its size is believed up to this many times the bytes at hand; beyond it the buffer grows as it fills.
    private const int BelievedRatio = 16;

    /// <summary>Decodes all of <paramref name="source"/> into <paramref name="target"/>; throws <see cref="InflateException"/>.</summary>
    public static void Decode(ReadOnlySpan<byte> source, PooledBodyBuilder target)
    {
        if (source.IsEmpty)
        {
            ZstandardFault.Corrupt("it holds no frame");
        }

        using var blocks = new BlockDecoder();
        while (!source.IsEmpty)
        {
            uint magic = source.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(source) : 0;
            if (magic == FrameMagic)
            {
                source = DecodeFrame(source[sizeof(uint)..], target, blocks);
            }
            else if ((magic & SkippableMask) == SkippableMagic)
            {
                source = SkipFrame(source[sizeof(uint)..]);
            }
            else
            {
                ZstandardFault.Corrupt("a frame starts with an unknown number");
            }
        }
    }

    private static ReadOnlySpan<byte> SkipFrame(ReadOnlySpan<byte> source)
    {
        if (source.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(source) > source.Length - sizeof(uint))
        {
            ZstandardFault.Corrupt("a skippable frame is cut off");
        }

        return source[(sizeof(uint) + (int)BinaryPrimitives.ReadUInt32LittleEndian(source))..];
    }

    /// <returns>What follows the frame.</returns>
    private static ReadOnlySpan<byte> DecodeFrame(ReadOnlySpan<byte> source, PooledBodyBuilder target, BlockDecoder blocks)
    {
        FrameHeader header = FrameHeader.Read(source, out int headerLength);
        source = source[headerLength..];
        CheckSizes(header, target);
        target.Reserve((int)Math.Min(header.ContentSize ?? 0, (long)source.Length * BelievedRatio));

        int start = target.Written;
        source = blocks.DecodeFrame(source, header, target);
        ReadOnlySpan<byte> content = target.Bytes[start..target.Written];
        if (header.ContentSize is { } promised && promised != content.Length)
        {
            ZstandardFault.Corrupt("a frame does not have the size that it states");
        }

        if (!header.HasChecksum)
        {
            return source;
        }

        // RFC 8878 §3.1.1: the low four bytes of the content's XXH64 with seed 0.
        if (source.Length < ChecksumBytes || BinaryPrimitives.ReadUInt32LittleEndian(source) != (uint)XxHash64.Compute(content))
        {
            ZstandardFault.Corrupt("a frame's checksum does not match its content");
        }

        return source[ChecksumBytes..];
    }

    private static void CheckSizes(FrameHeader header, PooledBodyBuilder target)
    {
        if (header.ContentSize > target.Room)
        {
            throw InflateException.TooLarge(target.Limit);
        }

        // A single segment's window is its content, which the line above has already bounded.
        if (!header.IsSingleSegment && header.WindowSize > MaxWindow)
        {
            ZstandardFault.Unsupported($"its window is wider than {MaxWindow >> 20} MiB");
        }
    }
}
