using System.Buffers;

namespace Engine.Host.Inflating.Codings;

/// <summary>A coding that the framework decodes as a stream over the received bytes.</summary>
/// <param name="name">The coding's name, for messages.</param>
/// <param name="open">Wraps the compressed stream in the decompressing one.</param>
internal sealed class StreamCoding(string name, Func<Stream, Stream> open) : IContentCoding
{
    private const int FirstGuess = 4096;

    public void Inflate(in ReadOnlySequence<byte> source, PooledBodyBuilder target)
    {
        using var received = new SequenceStream(source);
        using Stream inflated = open(received);
        target.Reserve((int)Math.Clamp(source.Length * 4, FirstGuess, int.MaxValue));
        try
        {
            Drain(inflated, target);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // The source is memory: an I/O error is the decoder's own word for a stream it cannot follow.
            throw new InflateException($"The request body is not valid {name}, or incomplete.", e);
        }
    }

    private static void Drain(Stream inflated, PooledBodyBuilder target)
    {
        Span<byte> beyond = stackalloc byte[1];
        while (true)
        {
            target.Reserve(FirstGuess);
            bool isFull = target.Room == 0;
            int read = inflated.Read(isFull ? beyond : target.Free);
            if (read == 0)
            {
                return;
            }

            if (isFull)
            {
                throw InflateException.TooLarge(target.Limit);
            }

            target.Advance(read);
        }
    }
}
