using System.Buffers;
using System.IO.Compression;

namespace Engine.Host.Inflating.Codings;

/// <summary><c>br</c>, by the framework's span decoder, which also tells where the stream ends.</summary>
internal sealed class BrotliCoding : IContentCoding
{
    private const int FirstGuess = 4096;

    public void Inflate(in ReadOnlySequence<byte> source, PooledBodyBuilder target)
    {
        target.Reserve((int)Math.Clamp(source.Length * 4, FirstGuess, int.MaxValue));
        var decoder = new BrotliDecoder();
        try
        {
            long consumed = 0;
            var status = OperationStatus.NeedMoreData;
            foreach (ReadOnlyMemory<byte> segment in source)
            {
                status = Inflate(ref decoder, segment.Span, target, out int used);
                consumed += used;
                if (status == OperationStatus.Done)
                {
                    break;
                }
            }

            if (status != OperationStatus.Done || consumed != source.Length)
            {
                throw Invalid();
            }
        }
        finally
        {
            decoder.Dispose();
        }
    }

    private static OperationStatus Inflate(ref BrotliDecoder decoder, ReadOnlySpan<byte> source, PooledBodyBuilder target, out int used)
    {
        Span<byte> beyond = stackalloc byte[1];
        used = 0;
        while (true)
        {
            bool isFull = target.Room == 0;
            OperationStatus status = decoder.Decompress(source[used..], isFull ? beyond : target.Free, out int consumed, out int written);
            used += consumed;
            if (isFull && written > 0)
            {
                throw InflateException.TooLarge(target.Limit);
            }

            target.Advance(written);
            switch (status)
            {
                case OperationStatus.Done or OperationStatus.NeedMoreData:
                    return status;
                case OperationStatus.DestinationTooSmall:
                    target.Reserve(FirstGuess);
                    break;
                default:
                    throw Invalid();
            }
        }
    }

    private static InflateException Invalid() =>
        new(InflateFailureKind.Corrupt, "The request body is not valid br, or incomplete.");
}
