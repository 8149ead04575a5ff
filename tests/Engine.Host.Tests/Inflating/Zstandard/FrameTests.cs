using System.Text;
using Engine.Host.Inflating;
using Engine.Host.Inflating.Zstandard;

namespace Engine.Host.Tests.Inflating.Zstandard;

/// <summary>Frames put together by hand: what the zstd command seldom or never writes.</summary>
public class FrameTests
{
    // Three codes of one value each: literal lengths, offsets, match lengths.
    private const byte SingleCodes = 0x54;

    [Fact]
    public void Raw_blocks_and_runs_come_out_in_order()
    {
        FrameBytes frame = new FrameBytes().Window(10)
            .Raw("ab"u8.ToArray()).Run((byte)'c', 4).Raw([]).Run((byte)'d', 0).Raw("e"u8.ToArray(), isLast: true);

        Assert.Equal("abcccce", Text(frame.ToArray()));
    }

    [Theory]
    [InlineData(new byte[] { (5 << 3) | 1, (byte)'a', 0 }, 5)]
    [InlineData(new byte[] { 0x05 | 0xE0, 0x0F, (byte)'a', 0 }, 254)]
    [InlineData(new byte[] { 0x0D | 0xE0, 0xFF, 0x00, (byte)'a', 0 }, 4094)]
    public void Literals_of_one_value_are_repeated_at_every_size_of_header(byte[] block, int count)
    {
        byte[] frame = new FrameBytes().Window(20).Compressed(block, isLast: true).ToArray();

        Assert.Equal(new string('a', count), Text(frame));
    }

    [Fact]
    public void Sequences_whose_codes_never_change_carry_only_their_extra_bits()
    {
        // One literal, left over at the end. Two matches of four bytes; offset values 6 and 4, that is offsets 3 and 1.
        byte[] block = [1 << 3, (byte)'d', 2, SingleCodes, 0, 2, 1, 0b1_10_00];
        byte[] frame = new FrameBytes().Window(10).Raw("abc"u8.ToArray()).Compressed(block, isLast: true).ToArray();

        Assert.Equal("abc" + "abca" + "aaaa" + "d", Text(frame));
    }

    [Fact]
    public void The_longest_form_of_a_sequence_count_is_understood()
    {
        // Every sequence copies three bytes and, having no literals, takes the second to last offset: 4, 1, 4, 1 and so on.
        const int Count = 0x7F00 + 0x0102;
        byte[] block = [0x00, 0xFF, 0x02, 0x01, SingleCodes, 0, 0, 0, 0x01];
        byte[] frame = new FrameBytes().Window(18).Raw("wxyz"u8.ToArray()).Compressed(block, isLast: true).ToArray();

        List<byte> expected = [.. "wxyz"u8];
        for (int i = 0; i < Count * 3; i++)
        {
            expected.Add(expected[^(i / 3 % 2 == 0 ? 4 : 1)]);
        }

        Assert.True(expected.SequenceEqual(Inflated.Bytes("zstd", frame)));
    }

    [Fact]
    public void A_table_may_be_repeated_in_a_later_block_of_the_frame_only()
    {
        byte[] first = [1 << 3, (byte)'-', 1, SingleCodes, 0, 2, 1, 0b1_10];
        byte[] again = [1 << 3, (byte)'+', 1, 0xFC, 0b1_00];
        byte[] whole = new FrameBytes().Window(10).Raw("abc"u8.ToArray()).Compressed(first).Compressed(again, isLast: true).ToArray();
        byte[] alone = new FrameBytes().Window(10).Raw("abc"u8.ToArray()).Compressed(again, isLast: true).ToArray();

        Assert.Equal("abc" + "abca-" + "----" + "+", Text(whole));
        FailsWith("not defined", [.. whole, .. alone]);
    }

    [Fact]
    public void A_huffman_tree_must_be_defined_in_its_frame()
    {
        byte[] treeless = [0x03 | (4 << 4), 0x40, 0x00, 0x01, 0x00];

        FailsWith("Huffman tree that its frame has not defined", new FrameBytes().Window(10).Compressed(treeless, isLast: true).ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0x60, 0x00, 0x00 })]
    [InlineData(new byte[] { 0xA0, 0x00, 0x01, 0x00, 0x00 })]
    [InlineData(new byte[] { 0xE0, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 })]
    [InlineData(new byte[] { 0xC0, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 })]
    public void A_stated_size_has_two_four_or_eight_bytes_too(byte[] header)
    {
        byte[] frame = new FrameBytes().Header(header).Run((byte)'a', 256, isLast: true).ToArray();

        Assert.Equal(256, Text(frame).Length);
    }

    [Fact]
    public void A_frame_of_another_size_than_stated_is_corrupt()
    {
        FailsWith("size that it states", new FrameBytes().Header(0x20, 3).Run((byte)'a', 2, isLast: true).ToArray());
        FailsWith("size that it states", new FrameBytes().Header(0x20, 3).Run((byte)'a', 3).Run((byte)'a', 1, isLast: true).ToArray());
    }

    [Fact]
    public void A_stated_size_beyond_the_cap_is_refused_before_any_block()
    {
        byte[] frame = new FrameBytes().Header(0xE0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF).ToArray();

        Assert.Equal(InflateFailureKind.TooLarge, Inflated.Failure("zstd", frame).Kind);
    }

    [Fact]
    public void A_bomb_of_runs_stops_at_the_cap()
    {
        FrameBytes bomb = new FrameBytes().Window(20);
        for (int i = 0; i < 10_000; i++)
        {
            bomb.Run(0, 128 << 10);
        }

        Assert.Equal(InflateFailureKind.TooLarge, Inflated.Failure("zstd", bomb.ToArray(), cap: 1 << 20).Kind);
    }

    [Fact]
    public void A_window_of_64_MiB_is_accepted_and_a_wider_one_refused()
    {
        Assert.Equal(64 << 20, ZstandardDecoder.MaxWindow);
        Assert.Equal("a", Text(new FrameBytes().Header(0x00, 16 << 3).Raw("a"u8.ToArray(), isLast: true).ToArray()));
        FailsWith("wider than 64 MiB", new FrameBytes().Header(0x00, (16 << 3) | 1).Raw("a"u8.ToArray(), isLast: true).ToArray());
    }

    [Fact]
    public void A_dictionary_is_refused_and_identifier_0_means_none()
    {
        FailsWith("dictionary", new FrameBytes().Header(0x21, 7, 1).Raw("a"u8.ToArray(), isLast: true).ToArray());
        FailsWith("dictionary", new FrameBytes().Header(0x23, 0, 0, 0, 1, 1).Raw("a"u8.ToArray(), isLast: true).ToArray());
        Assert.Equal("a", Text(new FrameBytes().Header(0x22, 0, 0, 1).Raw("a"u8.ToArray(), isLast: true).ToArray()));
    }

    [Fact]
    public void A_reserved_bit_type_or_mode_is_corrupt()
    {
        FailsWith("reserved bit", new FrameBytes().Header(0x28, 0).Raw([], isLast: true).ToArray());
        FailsWith("reserved type", new FrameBytes().Window(10).Block(3, 0, [], isLast: true).ToArray());
        FailsWith("reserved", new FrameBytes().Window(10).Compressed([1 << 3, 0, 1, SingleCodes | 1, 0, 0, 0, 1], isLast: true).ToArray());
    }

    [Fact]
    public void A_block_takes_and_yields_no_more_than_its_window()
    {
        FailsWith("too large", new FrameBytes().Window(10).Run((byte)'a', 1025, isLast: true).ToArray());
        FailsWith("too many", new FrameBytes().Window(10).Compressed([0x05 | 0x10, 0x40, (byte)'a', 0], isLast: true).ToArray());

        // 1,020 literals of one value; the only sequence takes them all (512 and nine bits) and adds a match of 16 bytes.
        byte[] extra = Bits("00" + Convert.ToString(1020 - 512, 2).PadLeft(9, '0'));
        byte[] block = [0x05 | 0xC0, 0x3F, (byte)'a', 1, SingleCodes, 28, 2, 13, .. extra];
        FailsWith("more than a block may hold", new FrameBytes().Window(10).Compressed(block, isLast: true).ToArray());
    }

    [Fact]
    public void A_match_reaches_no_further_than_the_window()
    {
        // Offset value 2,048 and more has eleven extra bits; offsets 1,024 and 1,025 lie at and behind the window's edge.
        FrameBytes Reaching(int offset) => new FrameBytes().Window(10).Raw(SampleTexts.Noise(1000)).Raw(SampleTexts.Noise(1000))
            .Compressed([0x00, 1, SingleCodes, 0, 10, 0, .. Bits(Convert.ToString(offset + 3 - 1024, 2).PadLeft(10, '0'))], isLast: true);

        Assert.Equal(SampleTexts.Noise(1000)[^24..^21], Inflated.Bytes("zstd", Reaching(1024).ToArray())[^3..]);
        FailsWith("outside the window", Reaching(1025).ToArray());
    }

    [Fact]
    public void A_block_goes_on_neither_before_nor_after_its_last_bit()
    {
        byte[] tooFew = [0x00, 2, SingleCodes, 0, 2, 1, 0b1_00];
        byte[] tooMany = [0x00, 1, SingleCodes, 0, 2, 1, 0b1_00_0];
        FrameBytes Started() => new FrameBytes().Window(10).Raw("abc"u8.ToArray());

        FailsWith("more sequences than bits", Started().Compressed(tooFew, isLast: true).ToArray());
        FailsWith("bits left", Started().Compressed(tooMany, isLast: true).ToArray());
        FailsWith("goes on after its end", Started().Compressed([1 << 3, 0, 0, 0], isLast: true).ToArray());
    }

    [Fact]
    public void What_is_no_frame_is_corrupt()
    {
        FailsWith("unknown number", "{\"model\":1}"u8.ToArray());
        FailsWith("unknown number", [0x28]);
        FailsWith("unknown number", [.. new FrameBytes().Window(10).Raw([], isLast: true).ToArray(), 0]);
    }

    /// <summary>A backward bit stream that is read in the order in which the bits are written here.</summary>
    private static byte[] Bits(string bits)
    {
        string marked = "1" + bits;
        marked = marked.PadLeft((marked.Length + 7) / 8 * 8, '0');
        return [.. marked.Chunk(8).Reverse().Select(static octet => Convert.ToByte(new string(octet), 2))];
    }

    private static string Text(byte[] frame) => Encoding.ASCII.GetString(Inflated.Bytes("zstd", frame));

    private static void FailsWith(string reason, byte[] frame)
    {
        InflateFailure failure = Inflated.Failure("zstd", frame);
        Assert.Equal(InflateFailureKind.Corrupt, failure.Kind);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }
}
