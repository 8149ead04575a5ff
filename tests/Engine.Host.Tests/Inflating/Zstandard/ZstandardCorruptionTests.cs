using System.Buffers;
using Engine.Host.Inflating;

namespace Engine.Host.Tests.Inflating.Zstandard;

/// <summary>Whatever the bytes are, the answer is a body within the cap or a failure: no other exception, no endless loop.</summary>
public class ZstandardCorruptionTests
{
    // Small enough to try every byte.
    private static readonly string[] Small =
        ["empty", "one-byte", "json-100b", "json-4k", "json-4k-sized", "json-4k-no-check", "noise-3k", "one-value-1m", "repetitive-1m"];

    public static TheoryData<string> Names => [.. Small];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_truncation_is_corrupt(string name)
    {
        byte[] whole = ZstandardVector.Named(name).Read();
        for (int length = 1; length < whole.Length; length++)
        {
            Assert.Equal(InflateFailureKind.Corrupt, Inflated.Failure("zstd", whole[..length]).Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_changed_byte_ends_in_a_body_or_a_failure(string name)
    {
        byte[] bytes = ZstandardVector.Named(name).Read();
        int cap = ZstandardVector.Named(name).Text().Length + 1000;
        for (int at = 0; at < bytes.Length; at++)
        {
            foreach (byte change in (byte[])[0x01, 0x80, 0xFF, 0x55])
            {
                bytes[at] ^= change;
                EndsWithinCap(bytes, cap);
                bytes[at] ^= change;
            }
        }
    }

    [Fact]
    public void No_changed_bit_behind_the_headers_changes_the_text_unnoticed()
    {
        byte[] text = ZstandardVector.Named("json-4k").Text();
        byte[] bytes = ZstandardVector.Named("json-4k").Read();
        for (int bit = 9 * 8; bit < bytes.Length * 8; bit += 3)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            InflateResult result = BodyInflater.Inflate("zstd", new ReadOnlySequence<byte>(bytes), Inflated.Cap);
            using PooledBody? body = result.Body;
            Assert.True(result.Succeeded ? result.Body.Memory.Span.SequenceEqual(text) : result.Failure.Kind == InflateFailureKind.Corrupt);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Several_changes_at_once_end_in_a_body_or_a_failure()
    {
        byte[] whole = ZstandardVector.Named("json-100k-19").Read();
        var random = new Random(3);
        for (int round = 0; round < 2_000; round++)
        {
            byte[] bytes = whole[..random.Next(20, whole.Length)];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(9, bytes.Length)] = (byte)random.Next(256);
            }

            EndsWithinCap(bytes, cap: 100_000);
        }
    }

    [Fact]
    public void Blocks_of_noise_end_in_a_body_or_a_failure()
    {
        var random = new Random(4);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] content = new byte[random.Next(0, 120)];
            random.NextBytes(content);
            EndsWithinCap(new FrameBytes().Window(17).Compressed(content, isLast: true).ToArray(), cap: 1 << 20);
        }
    }

    private static void EndsWithinCap(byte[] bytes, int cap)
    {
        InflateResult result = BodyInflater.Inflate("zstd", new ReadOnlySequence<byte>(bytes), cap);
        using PooledBody? body = result.Body;
        Assert.True(result.Succeeded ? result.Body.Memory.Length <= cap : result.Failure.Kind != InflateFailureKind.UnsupportedEncoding);
    }
}
