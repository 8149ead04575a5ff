using System.Buffers;
using Engine.Host.Inflating.Zstandard;

namespace Engine.Host.Inflating.Codings;

/// <summary>
/// <c>zstd</c>, by the decoder of this project: the framework has none before .NET 11. From then on a
/// <see cref="StreamCoding"/> over its stream takes this place and the Zstandard folder goes.
/// </summary>
internal sealed class ZstandardCoding : IContentCoding
{
    public void Inflate(in ReadOnlySequence<byte> source, PooledBodyBuilder target)
    {
        if (source.IsSingleSegment)
        {
            ZstandardDecoder.Decode(source.FirstSpan, target);
            return;
        }

        int length = checked((int)source.Length);
        byte[] contiguous = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            source.CopyTo(contiguous);
            ZstandardDecoder.Decode(contiguous.AsSpan(0, length), target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(contiguous);
        }
    }
}
