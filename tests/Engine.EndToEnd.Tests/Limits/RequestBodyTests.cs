using System.IO.Compression;
using System.Text;

namespace Engine.EndToEnd.Tests.Limits;

/// <summary>What a request body may be, and how one that may not is refused in the caller's dialect.</summary>
public sealed class RequestBodyTests(PlainUpstreams upstreams) : IClassFixture<PlainUpstreams>
{
    public static IEnumerable<TheoryDataRow<string, string>> Encodings() =>
        from client in ClientDialects.Names
        from encoding in (string[])["gzip", "br", "deflate", "zstd"]
        select new TheoryDataRow<string, string>(client, encoding);

    [Theory]
    [MemberData(nameof(ClientDialects.Each), MemberType = typeof(ClientDialects))]
    public async Task A_body_too_large_is_a_413(string client)
    {
        foreach (var chunked in (bool[])[false, true])
        {
            using var request = ClientDialects.Send(client, "anthropic/m", stream: false, new string(' ', PlainUpstreams.LargestBody) + ClientDialects.Body(client, "anthropic/m", stream: false));
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await upstreams.Engine.Http.SendAsync(request);

            await ClientDialects.AssertErrorAsync(client, 413, Word(client, "request_too_large", "request_too_large", "INVALID_ARGUMENT"), response);
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_compressed_body_is_inflated(string client, string encoding)
    {
        foreach (var upstream in UpstreamScripts.Dialects)
        {
            using var request = Compressed(client, upstream + "/m", encoding, ClientDialects.Body(client, upstream + "/m", stream: false));
            using var response = await upstreams.Engine.Http.SendAsync(request);

            Assert.Equal("Hello wörld", ClientDialects.Text(client, await response.Content.ReadAsStringAsync()));
        }
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Each), MemberType = typeof(ClientDialects))]
    public async Task A_body_too_large_after_inflation_is_a_413(string client)
    {
        using var request = Compressed(client, "anthropic/m", "gzip", new string(' ', PlainUpstreams.LargestBody) + "{}");
        using var response = await upstreams.Engine.Http.SendAsync(request);

        await ClientDialects.AssertErrorAsync(client, 413, null, response);
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Each), MemberType = typeof(ClientDialects))]
    public async Task An_unknown_encoding_is_a_415(string client)
    {
        using var request = ClientDialects.Ask(client, "anthropic/m", stream: false);
        request.Content!.Headers.ContentEncoding.Add("lzma");
        using var response = await upstreams.Engine.Http.SendAsync(request);

        var error = await ClientDialects.AssertErrorAsync(client, 415, Word(client, "unsupported_media_type", "invalid_request_error", "INVALID_ARGUMENT"), response);
        Assert.Contains("lzma", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Each), MemberType = typeof(ClientDialects))]
    public async Task A_damaged_compressed_body_is_a_400(string client)
    {
        using var request = ClientDialects.Ask(client, "anthropic/m", stream: false);
        request.Content!.Headers.ContentEncoding.Add("gzip");
        using var response = await upstreams.Engine.Http.SendAsync(request);

        await ClientDialects.AssertErrorAsync(client, 400, null, response);
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Pairs), MemberType = typeof(ClientDialects))]
    public async Task Invalid_json_is_a_400_that_names_the_position(string client, string upstream)
    {
        var broken = ClientDialects.Body(client, upstream + "/m", stream: false).Replace("\"Say hello\"", "\"Say hello", StringComparison.Ordinal);
        using var request = ClientDialects.Send(client, upstream + "/m", stream: false, broken);
        using var response = await upstreams.Engine.Http.SendAsync(request);

        var error = await ClientDialects.AssertErrorAsync(client, 400, null, response);
        Assert.Matches("line [0-9]+, byte [0-9]+", error.GetProperty("message").GetString());
        Assert.Equal("", ClientDialects.Header(response, "x-engine-attempts"));
    }

    [Theory]
    [InlineData("openai-chat", "{\"messages\":[{\"role\":\"user\",\"content\":\"Say hello\"}]}")]
    [InlineData("anthropic", "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Say hello\"}]}")]
    [InlineData("openai-chat", "{\"model\":7,\"messages\":[]}")]
    [InlineData("anthropic", "{\"model\":null,\"max_tokens\":9,\"messages\":[]}")]
    public async Task A_missing_model_is_a_400_that_names_the_field(string client, string body)
    {
        using var request = ClientDialects.Send(client, "", stream: false, body);
        using var response = await upstreams.Engine.Http.SendAsync(request);

        var error = await ClientDialects.AssertErrorAsync(client, 400, null, response);
        Assert.Contains("model", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static string Word(string client, string openAi, string anthropic, string gemini) => client switch
    {
        "openai-chat" => openAi,
        "anthropic" => anthropic,
        _ => gemini,
    };

    private static HttpRequestMessage Compressed(string client, string model, string encoding, string body)
    {
        var request = ClientDialects.Ask(client, model, stream: false);
        request.Content = new ByteArrayContent(Compress(encoding, Encoding.UTF8.GetBytes(body)));
        request.Content.Headers.ContentType = new("application/json");
        request.Content.Headers.ContentEncoding.Add(encoding);
        return request;
    }

    private static byte[] Compress(string encoding, byte[] body)
    {
        if (encoding == "zstd")
        {
            // One frame of a single segment: magic, a one-byte size, one stored block (RFC 8878 §3.1.1).
            Assert.InRange(body.Length, 1, 255);
            return [0x28, 0xB5, 0x2F, 0xFD, 0x20, (byte)body.Length, (byte)((body.Length << 3) | 1), (byte)(body.Length >> 5), 0, .. body];
        }

        using var compressed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Optimal),
            "br" => new BrotliStream(compressed, CompressionLevel.Optimal),
            _ => new ZLibStream(compressed, CompressionLevel.Optimal),
        })
        {
            stream.Write(body);
        }

        return compressed.ToArray();
    }
}
