using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>Decodes literals from one or four Huffman streams (RFC 8878 §3.1.1.3.1.6 and §4.2.2).</summary>
internal static class HuffmanStreams
{
    private const int Streams = 4;
    private const int JumpTableBytes = 6;
    private const int FewestSymbolsInFour = 6;

    // The most codes of the greatest length that one refill is sure to hold.
    private const int SymbolsPerRefill = 5;

    /// <summary>Fills <paramref name="output"/> from one stream, which must end with it.</summary>
    public static void DecodeOne(ReadOnlySpan<byte> source, HuffmanTable table, Span<byte> output)
    {
        var bits = new BackwardBits(source);
        DecodeRest(bits, table.Entries, table.Log, output);
    }

    /// <summary>
    /// Fills <paramref name="output"/> from four streams of equal output, the last one's being the rest, whose lengths stand before
    /// them. They run side by side, because a code is known only once the one before it is.
    /// </summary>
    public static void DecodeFour(ReadOnlySpan<byte> source, HuffmanTable table, Span<byte> output)
    {
        if (source.Length < JumpTableBytes || output.Length < FewestSymbolsInFour)
        {
            ZstandardFault.Corrupt("Huffman streams are cut off");
        }

        ReadOnlySpan<byte> jumps = source[..JumpTableBytes];
        source = source[JumpTableBytes..];
        var bits1 = new BackwardBits(Take(ref source, jumps));
        var bits2 = new BackwardBits(Take(ref source, jumps[2..]));
        var bits3 = new BackwardBits(Take(ref source, jumps[4..]));
        var bits4 = new BackwardBits(source);

        int share = (output.Length + Streams - 1) / Streams;
        Span<byte> output1 = output[..share];
        Span<byte> output2 = output.Slice(share, share);
        Span<byte> output3 = output.Slice(2 * share, share);
        Span<byte> output4 = output[(3 * share)..];

        ReadOnlySpan<ushort> entries = table.Entries;
        int log = table.Log;
        int done = 0;
        for (int end = output4.Length - SymbolsPerRefill; done <= end; done += SymbolsPerRefill)
        {
            bits1.Refill();
            bits2.Refill();
            bits3.Refill();
            bits4.Refill();
            for (int i = done; i < done + SymbolsPerRefill; i++)
            {
                output1[i] = DecodeSymbol(ref bits1, entries, log);
                output2[i] = DecodeSymbol(ref bits2, entries, log);
                output3[i] = DecodeSymbol(ref bits3, entries, log);
                output4[i] = DecodeSymbol(ref bits4, entries, log);
            }
        }

        DecodeRest(bits1, entries, log, output1[done..]);
        DecodeRest(bits2, entries, log, output2[done..]);
        DecodeRest(bits3, entries, log, output3[done..]);
        DecodeRest(bits4, entries, log, output4[done..]);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> streams, ReadOnlySpan<byte> jump)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(jump);
        if (length > streams.Length)
        {
            ZstandardFault.Corrupt("Huffman streams are cut off");
        }

        ReadOnlySpan<byte> stream = streams[..length];
        streams = streams[length..];
        return stream;
    }

    private static void DecodeRest(BackwardBits bits, ReadOnlySpan<ushort> entries, int log, Span<byte> output)
    {
        for (int done = 0; done < output.Length;)
        {
            bits.Refill();
            for (int end = Math.Min(done + SymbolsPerRefill, output.Length); done < end; done++)
            {
                output[done] = DecodeSymbol(ref bits, entries, log);
            }
        }

        bits.Refill();
        if (!bits.IsExactlyRead)
        {
            ZstandardFault.Corrupt("a Huffman stream does not end with its literals");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte DecodeSymbol(ref BackwardBits bits, ReadOnlySpan<ushort> entries, int log)
    {
        ushort entry = entries[bits.Peek(log)];
        bits.Skip(entry >> 8);
        return (byte)entry;
    }
}
