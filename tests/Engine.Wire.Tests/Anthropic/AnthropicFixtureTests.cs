using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Engine.Testing;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Tests.Anthropic;

/// <summary>Every recorded exchange of this dialect, where the recordings are at hand.</summary>
public class AnthropicFixtureTests(ITestOutputHelper output)
{
    private static readonly string[] AnswerPaths = ["messages", "rawPredict", "streamRawPredict"];

    [Fact]
    public void Every_recorded_answer_is_read_to_its_end_and_written_again()
    {
        var covered = 0;
        foreach (var exchange in Exchanges(row => row.Status == 200 && AnswerPaths.Contains(row.Endpoint) && row.File.StartsWith("anthropic/", StringComparison.Ordinal)))
        {
            var sink = new TranscriptSink();
            Read(exchange, sink);
            Assert.True(sink.Lines[^1] == "end", $"{exchange.File} ends with {sink.Lines[^1]}");
            Assert.Single(sink.Lines, line => line.StartsWith("finish", StringComparison.Ordinal));

            var stream = new ArrayBufferWriter<byte>();
            Read(exchange, AnthropicDialect.Instance.CreateWriter(stream, AnthropicPlay.Context()));
            var sse = Encoding.UTF8.GetString(stream.WrittenSpan);
            Assert.Equal("", AnthropicGrammar.Fault(sse));

            using var fold = new CompletionFold();
            Read(exchange, fold);
            var body = new ArrayBufferWriter<byte>();
            AnthropicDialect.Instance.WriteBody(fold, AnthropicPlay.Context(), body);
            var folded = AnthropicPlay.Folded(each => AnthropicPlay.Feed(sse, each));
            Assert.Equal(folded, AnthropicPlay.Folded(each => AnthropicPlay.FeedBody(Encoding.UTF8.GetString(body.WrittenSpan), each)));
            Assert.Equal(AnthropicPlay.Folded(each => Read(exchange, each)), folded);
            covered++;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{covered} answers"));
        Assert.True(covered > 30);
    }

    [Fact]
    public void Every_recorded_error_is_classified()
    {
        var covered = 0;
        foreach (var exchange in Exchanges(row => row.File.StartsWith("errors/anthropic.", StringComparison.Ordinal)))
        {
            if (exchange.Status == 200)
            {
                Assert.Equal("error Overloaded \"Overloaded\"", AnthropicPlay.ReadStream(exchange.Body).Lines[^1]);
            }
            else
            {
                var error = AnthropicDialect.Instance.ReadError(exchange.Status, Encoding.UTF8.GetBytes(exchange.Body));
                Assert.NotEqual(ErrorKind.UpstreamFault, error.Kind);
                Assert.NotNull(error.Code);
            }

            covered++;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{covered} errors"));
        Assert.True(covered > 0);
    }

    [Fact]
    public void Every_recorded_request_is_read()
    {
        var covered = 0;
        foreach (var exchange in Exchanges(row => row.Status == 200 && row.Endpoint.StartsWith("messages", StringComparison.Ordinal)))
        {
            if (exchange.RequestBody is not { } body)
            {
                continue;
            }

            var counts = exchange.Endpoint != "messages";
            var operation = counts ? Operation.CountTokens : Operation.Generate;
            var client = new ClientRequest { Body = body };
            var head = AnthropicDialect.Instance.ReadHead(client);
            var request = AnthropicDialect.Instance.ReadRequest(client, operation);
            Assert.Equal((head.Model, head.Stream), (request.Model, request.Stream));
            using var written = AnthropicDialect.Instance.WriteRequest(request, request.Model, operation, new LossLedger());
            using var json = JsonDocument.Parse(written.Body.ToArray());
            Assert.NotEqual(0, json.RootElement.GetProperty("messages").GetArrayLength());
            if (counts)
            {
                Assert.True(AnthropicDialect.Instance.ReadTokenCount(Encoding.UTF8.GetBytes(exchange.Body)) > 0);
            }

            covered++;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{covered} requests"));
        Assert.True(covered > 20);
    }

    private static void Read(Exchange exchange, ICompletionSink sink)
    {
        if (exchange.Streams)
        {
            AnthropicPlay.Feed(exchange.Body, sink);
        }
        else
        {
            AnthropicPlay.FeedBody(exchange.Body, sink);
        }
    }

    private static IEnumerable<Exchange> Exchanges(Func<Exchange, bool> wanted)
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        return File.ReadLines(Path.Combine(SharedFixtures.Folder!, "MANIFEST.csv")).Skip(1)
            .Select(line => line.Split(',')).Where(cells => cells[1] == "anthropic")
            .Select(cells => new Exchange(cells[0], cells[3], int.Parse(cells[4], CultureInfo.InvariantCulture), cells[5] == "stream")).Where(wanted);
    }

    private sealed record Exchange(string File, string Endpoint, int Status, bool Streams)
    {
        private string Location => Path.Combine(SharedFixtures.Folder!, File);

        public string Body
        {
            get
            {
                var text = Encoding.UTF8.GetString(System.IO.File.ReadAllBytes(Location));
                return text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            }
        }

        public byte[]? RequestBody
        {
            get
            {
                using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(Location.Replace(".response.http", ".request.json", StringComparison.Ordinal)));
                return json.RootElement.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.Object ? Encoding.UTF8.GetBytes(body.GetRawText()) : null;
            }
        }
    }
}
