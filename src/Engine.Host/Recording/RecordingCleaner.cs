using System.IO.Compression;

namespace Engine.Host.Recording;

/// <summary>A recording ready to be written: no secrets, no compression.</summary>
internal sealed record CleanRecording(FixtureEndpoint Endpoint, FixtureRequest Request, FixtureHead Head, ReadOnlyMemory<byte> Body);

/// <summary>Turns an exchange as it was on the wire into one that may be kept.</summary>
internal static class RecordingCleaner
{
    /// <summary>False when the body has an encoding that cannot be undone: then nothing could be stripped from it.</summary>
    internal static bool TryClean(RecordedExchange exchange, int maxBody, out CleanRecording clean)
    {
        clean = null!;
        var encoding = exchange.ResponseHeaders
            .FirstOrDefault(h => string.Equals(h.Key, "content-encoding", StringComparison.OrdinalIgnoreCase)).Value;
        var wasEncoded = encoding is not (null or "" or "identity");
        var body = exchange.ResponseBody;
        if (wasEncoded && !TryDecode(encoding!, body, maxBody, out body))
        {
            return false;
        }

        var stripper = new SecretStripper(exchange.RequestHeaders, exchange.Target);
        stripper.StripBody(body.Span, isError: exchange.Status >= 400);
        SecretStripper.StripIdentityFields(exchange.RequestBody.Span);
        stripper.StripBody(exchange.RequestBody.Span, isError: false);

        var keepsChunks = !wasEncoded && exchange.Chunks.Count > 0;
        var request = new FixtureRequest
        {
            Method = exchange.Method,
            Host = exchange.Host,
            Target = stripper.StripTarget(exchange.Target),
            Headers = stripper.KeepRequestHeaders(exchange.RequestHeaders),
            Body = exchange.RequestBody,
            Meta = new FixtureMeta
            {
                WasEncoded = wasEncoded,
                Chunks = keepsChunks ? exchange.Chunks : null,
                Timing = keepsChunks ? exchange.Timing : null,
                HeadDelay = exchange.HeadDelay,
                EndsInReset = exchange.EndsInReset,
            },
        };
        // Classified before stripping: a Google key in the query tells whose model list it is.
        var endpoint = FixtureEndpoint.Classify(exchange.Method, exchange.Target, exchange.RequestHeaders, exchange.Host ?? "");
        clean = new CleanRecording(
            endpoint, request, new FixtureHead(exchange.Status, stripper.KeepResponseHeaders(exchange.ResponseHeaders)), body);
        return true;
    }

    private static bool TryDecode(string encoding, ReadOnlyMemory<byte> body, int maxBody, out Memory<byte> decoded)
    {
        decoded = default;
        using var source = new MemoryStream(body.ToArray());
        using Stream? decoder = encoding switch
        {
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            "deflate" => new ZLibStream(source, CompressionMode.Decompress),
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            _ => null,
        };
        if (decoder is null)
        {
            return false;
        }

        try
        {
            using var target = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (int read; (read = decoder.Read(buffer)) > 0;)
            {
                if (target.Length + read > maxBody)
                {
                    return false;
                }

                target.Write(buffer, 0, read);
            }

            decoded = target.ToArray();
            return true;
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException)
        {
            return false;
        }
    }
}
