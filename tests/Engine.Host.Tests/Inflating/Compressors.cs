using System.IO.Compression;

namespace Engine.Host.Tests.Inflating;

/// <summary>The client's side of the codings that the framework can write.</summary>
internal static class Compressors
{
    public static byte[] Compress(string coding, byte[] body)
    {
        if (coding == "identity")
        {
            return body;
        }

        using var output = new MemoryStream();
        using (Stream compressing = Open(coding, output))
        {
            compressing.Write(body);
        }

        return output.ToArray();
    }

    private static Stream Open(string coding, Stream output) => coding switch
    {
        "gzip" => new GZipStream(output, CompressionLevel.Optimal),
        "deflate" => new ZLibStream(output, CompressionLevel.Optimal),
        "br" => new BrotliStream(output, CompressionLevel.Fastest),
        _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "No compressor."),
    };
}
