using System.Buffers;
using Engine.Host.Inflating;

namespace Engine.Host.Tests.Inflating;

/// <summary>Short ways to inflate in a test.</summary>
internal static class Inflated
{
    public const int Cap = 8 << 20;

    public static byte[] Bytes(string encoding, byte[] body, int cap = Cap)
    {
        InflateResult result = BodyInflater.Inflate(encoding, new ReadOnlySequence<byte>(body), cap);
        Assert.True(result.Succeeded, result.Failure?.Message);
        using PooledBody inflated = result.Body;
        return inflated.Memory.ToArray();
    }

    public static InflateFailure Failure(string encoding, byte[] body, int cap = Cap)
    {
        InflateResult result = BodyInflater.Inflate(encoding, new ReadOnlySequence<byte>(body), cap);
        using PooledBody? inflated = result.Body;
        Assert.False(result.Succeeded);
        return result.Failure;
    }
}
