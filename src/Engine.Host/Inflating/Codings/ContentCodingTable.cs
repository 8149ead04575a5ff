using System.IO.Compression;

namespace Engine.Host.Inflating.Codings;

/// <summary>The codings that a request body may carry, by their registered names.</summary>
internal static class ContentCodingTable
{
    private static readonly StreamCoding Gzip = new("gzip", static source => new GZipStream(source, CompressionMode.Decompress));
    private static readonly DeflateCoding Deflate = new();
    private static readonly BrotliCoding Brotli = new();
    private static readonly ZstandardCoding Zstandard = new();

    /// <summary>What a 415 offers in <c>Accept-Encoding</c> (RFC 9110 §15.5.16).</summary>
    public const string Supported = "gzip, br, deflate, zstd";

    public static bool IsIdentity(ReadOnlySpan<char> name) => name.Equals("identity", StringComparison.OrdinalIgnoreCase);

    /// <summary>The coding of that name in any case, or null. RFC 9110 §8.4.1.3 wants x-gzip read as gzip.</summary>
    public static IContentCoding? Find(ReadOnlySpan<char> name) => name switch
    {
        _ when Is(name, "gzip") || Is(name, "x-gzip") => Gzip,
        _ when Is(name, "br") => Brotli,
        _ when Is(name, "deflate") => Deflate,
        _ when Is(name, "zstd") => Zstandard,
        _ => null,
    };

    private static bool Is(ReadOnlySpan<char> name, string coding) => name.Equals(coding, StringComparison.OrdinalIgnoreCase);
}
