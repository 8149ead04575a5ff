using System.Text;
using Engine.Host.Recording;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Host.Tests.Recording;

public class FixtureFormatTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var cases =
            from body in ArbMap.Default.GeneratorFor<byte[]>()
            from sizes in Gen.Choose(1, 9).ArrayOf()
            from request in Gen.Elements("", "{}", """{"model":"m","n":1.0,"big":12345678901234567890,"s":"\u00fc\/ü"}""", "plain \"text\" ü", "[1,2]")
            from host in Gen.Elements("api.example.com", null)
            from status in Gen.Choose(200, 599)
            from gaps in Gen.Choose(0, 5000).ArrayOf(body.Length)
            from header in Gen.Elements("", "application/json", "a: b; c=\"d\"")
            from knowsChunks in ArbMap.Default.GeneratorFor<bool>()
            from knowsTiming in ArbMap.Default.GeneratorFor<bool>()
            from flags in Gen.Choose(0, 3)
            select (body, sizes, request, host, status, gaps, header, knowsChunks, knowsTiming, flags);

        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var chunks = c.knowsChunks && c.body.Length > 0 ? Cut(c.body.Length, c.sizes) : null;
            var request = new FixtureRequest
            {
                Method = "POST",
                Host = c.host,
                Target = "/v1/x?a=ü&b=%20",
                Headers = [new("accept", "x/y"), new("user-agent", "a \"b\" <c>")],
                Body = Encoding.UTF8.GetBytes(c.request),
                Meta = new FixtureMeta
                {
                    Chunks = chunks,
                    Timing = chunks is not null && c.knowsTiming ? Rising(chunks.Count, c.gaps) : null,
                    HeadDelay = c.gaps.FirstOrDefault() / 10d,
                    WasEncoded = (c.flags & 1) != 0,
                    EndsInReset = (c.flags & 2) != 0,
                },
            };
            var head = new FixtureHead(c.status, [new("content-type", c.header), new("x-a", "1"), new("x-a", "2")]);

            Assert.True(FixtureReader.TryReadRequest(FixtureWriter.WriteRequest(request), out var readRequest, out var problem), problem);
            byte[] file = [.. FixtureWriter.WriteHead(head), .. c.body];
            Assert.True(FixtureReader.TryReadHead(file, out var readHead, out var start, out problem), problem);

            Assert.Equal(c.body, file[start..]);
            Assert.Equal(head.Status, readHead.Status);
            Assert.Equal(head.Headers, readHead.Headers);
            Assert.Equal(request.Body.ToArray(), readRequest.Body.ToArray());
            Assert.Equal(request.Headers, readRequest.Headers);
            Assert.Equal((request.Method, request.Host, request.Target), (readRequest.Method, readRequest.Host, readRequest.Target));
            Assert.Equal(request.Meta.Chunks ?? [], readRequest.Meta.Chunks ?? []);
            Assert.Equal(request.Meta.Timing ?? [], readRequest.Meta.Timing ?? []);
            Assert.Equal(
                (request.Meta.HeadDelay, request.Meta.WasEncoded, request.Meta.EndsInReset),
                (readRequest.Meta.HeadDelay, readRequest.Meta.WasEncoded, readRequest.Meta.EndsInReset));
            Assert.Null(FixtureReader.Contradiction(readRequest.Meta, c.body.Length));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("", "blank line")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-type: x\r\n", "blank line")]
    [InlineData("HTTP/1.1 200 OK\n\n", "blank line")]
    [InlineData("HTTP/2 200\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1 200OK\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "line 2 of the head")]
    [InlineData("HTTP/1.1 200 OK\r\na: b\r\nx y: z\r\n\r\n", "line 3 of the head")]
    [InlineData("HTTP/1.1 200 OK\r\na: gr\u00fcn\r\n\r\n", "line 2 of the head")]
    [InlineData("HTTP/1.1 200 OK\r\na: b\nc: d\r\n\r\n", "line 2 of the head")]
    public void A_broken_head_is_refused_with_its_reason(string text, string reason)
    {
        Assert.False(FixtureReader.TryReadHead(Encoding.Latin1.GetBytes(text), out _, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_line_needs_no_reason_phrase()
    {
        Assert.True(FixtureReader.TryReadHead("HTTP/1.1 529\r\nContent-Type: a\r\n\r\nbody"u8, out var head, out var start, out _));
        Assert.Equal(529, head.Status);
        Assert.Equal("a", head.Header("content-type"));
        Assert.Equal("HTTP/1.1 529\r\nContent-Type: a\r\n\r\n".Length, start);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{\n\n\"method\":", "not JSON (line 3)")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "\"method\" and \"path\"")]
    [InlineData("""{"method":"GET","path":"v1"}""", "\"method\" and \"path\"")]
    [InlineData("""{"method":"GET","path":"/","meta":{"chunks":[1,0]}}""", "meta.chunks")]
    [InlineData("""{"method":"GET","path":"/","meta":{"chunks":[1.5]}}""", "meta.chunks")]
    [InlineData("""{"method":"GET","path":"/","meta":{"chunks":["1"]}}""", "meta.chunks")]
    [InlineData("""{"method":"GET","path":"/","meta":{"chunks":[1,1],"timing":[1]}}""", "meta.timing needs")]
    [InlineData("""{"method":"GET","path":"/","meta":{"timing":[1]}}""", "meta.timing needs")]
    [InlineData("""{"method":"GET","path":"/","meta":{"chunks":[1,1],"timing":[2,1]}}""", "never fall")]
    [InlineData("""{"method":"GET","path":"/","meta":{"chunks":[1],"timing":[-1]}}""", "never fall")]
    [InlineData("""{"method":"GET","path":"/","meta":{"head_delay":"soon"}}""", "meta.head_delay")]
    [InlineData("""{"method":"GET","path":"/","meta":{"head_delay":1e300}}""", "meta.head_delay")]
    [InlineData("""{"method":"\ud800","path":"/"}""", "not UTF-8")]
    public void A_broken_request_is_refused_with_its_reason(string text, string reason)
    {
        Assert.False(FixtureReader.TryReadRequest(Encoding.UTF8.GetBytes(text), out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_json_body_is_kept_byte_for_byte()
    {
        var body = """{"b":1.0,"a":1e2,"n":9007199254740993,"s":"\u003c\/é"}""";
        var written = FixtureWriter.WriteRequest(new FixtureRequest { Method = "POST", Target = "/", Body = Encoding.UTF8.GetBytes(body) });
        Assert.Contains(body, Encoding.UTF8.GetString(written), StringComparison.Ordinal);
    }

    private static List<int> Cut(int length, int[] sizes)
    {
        var cut = new List<int>();
        for (var i = 0; length > 0; i++)
        {
            var size = Math.Min(length, sizes.Length == 0 ? length : sizes[i % sizes.Length]);
            cut.Add(size);
            length -= size;
        }

        return cut;
    }

    private static List<double> Rising(int count, int[] gaps)
    {
        var at = 0d;
        return [.. Enumerable.Range(0, count).Select(i => at += gaps[i % gaps.Length] / 10d)];
    }
}
