using System.Buffers;
using System.IO.Compression;

namespace Engine.Host.Inflating.Codings;

/// <summary>
/// <c>deflate</c> means the zlib format (RFC 9110 §8.4.1.2), but some clients send the bare deflate stream; the two bytes of
/// a zlib header (RFC 1950 §2.2) tell them apart.
/// </summary>
internal sealed class DeflateCoding : IContentCoding
{
    private static readonly StreamCoding Zlib = new("deflate", static source => new ZLibStream(source, CompressionMode.Decompress));
    private static readonly StreamCoding Bare = new("deflate", static source => new DeflateStream(source, CompressionMode.Decompress));

    public void Inflate(in ReadOnlySequence<byte> source, PooledBodyBuilder target)
    {
        StreamCoding format = HasZlibHeader(source) ? Zlib : Bare;
        format.Inflate(source, target);
    }

    private static bool HasZlibHeader(in ReadOnlySequence<byte> source)
    {
        Span<byte> header = stackalloc byte[2];
        if (source.Length < header.Length)
        {
            return false;
        }

        source.Slice(0, header.Length).CopyTo(header);
        bool isDeflate = (header[0] & 0x0F) == 8 && header[0] >> 4 <= 7;
        return isDeflate && ((header[0] << 8) | header[1]) % 31 == 0;
    }
}
