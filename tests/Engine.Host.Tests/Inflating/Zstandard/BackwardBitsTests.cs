using Engine.Host.Inflating;
using Engine.Host.Inflating.Zstandard;

namespace Engine.Host.Tests.Inflating.Zstandard;

public class BackwardBitsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(40)]
    public void All_bits_come_once_and_from_the_end(int length)
    {
        byte[] bytes = SampleTexts.Noise(length);
        bytes[^1] = 0b0000_1011;
        string expected = string.Concat(bytes.Reverse().Select(static value => Convert.ToString(value, 2).PadLeft(8, '0')))[5..];

        for (int step = 1; step <= 32; step++)
        {
            var bits = new BackwardBits(bytes);
            string read = "";
            while (read.Length < expected.Length)
            {
                int count = Math.Min(step, expected.Length - read.Length);
                read += Convert.ToString(bits.Read(count), 2).PadLeft(count, '0');
                bits.Refill();
            }

            Assert.Equal(expected, read);
            Assert.True(bits.IsExactlyRead);
            Assert.False(bits.IsOverrun);
            bits.Read(1);
            Assert.True(bits.IsOverrun);
        }
    }

    [Fact]
    public void A_stream_ends_with_a_byte_that_holds_the_marker()
    {
        Assert.Throws<InflateException>(() => new BackwardBits([]).IsOverrun);
        Assert.Throws<InflateException>(() => new BackwardBits([1, 0]).IsOverrun);
    }
}
