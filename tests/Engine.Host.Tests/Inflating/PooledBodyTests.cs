using Engine.Host.Inflating;

namespace Engine.Host.Tests.Inflating;

public class PooledBodyTests
{
    [Fact]
    public void Memory_is_as_long_as_what_was_written_and_gone_after_disposal()
    {
        using var builder = new PooledBodyBuilder(limit: 100);
        builder.Append("abc"u8);
        builder.Append("de"u8);
        PooledBody body = builder.Detach();

        Assert.Equal("abcde"u8.ToArray(), body.Memory.ToArray());
        Assert.Equal(0, builder.Written);
        body.Dispose();
        body.Dispose();
        Assert.Throws<ObjectDisposedException>(() => body.Memory);
    }

    [Fact]
    public void Growing_keeps_what_was_written()
    {
        byte[] bytes = SampleTexts.Noise(100_000);
        using var builder = new PooledBodyBuilder(bytes.Length);
        foreach (byte[] chunk in bytes.Chunk(777))
        {
            builder.Append(chunk);
        }

        using PooledBody body = builder.Detach();
        Assert.True(bytes.AsSpan().SequenceEqual(body.Memory.Span));
    }

    [Fact]
    public void Free_space_never_passes_the_limit()
    {
        using var builder = new PooledBodyBuilder(limit: 10);
        builder.Reserve(1_000_000);
        Assert.Equal(10, builder.Free.Length);
        builder.Advance(4);
        Assert.Equal(6, builder.Room);
        Assert.Equal(6, builder.Free.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Advance(7));
        Assert.Throws<InflateException>(() => builder.Append(new byte[7]));
    }
}
