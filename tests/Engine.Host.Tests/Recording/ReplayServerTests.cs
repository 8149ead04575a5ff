using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Engine.Host.Recording;
using Engine.Testing;

namespace Engine.Host.Tests.Recording;

public class ReplayServerTests
{
    private const string Head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recorded_reads_are_chunks_on_the_wire()
    {
        using var folder = new TempFolder();
        folder.PutChat("a", """{"stream":true}""", Head + "data: grün\n\ndata: b\n\n", """{"chunks":[9,4,9]}""");
        await using var server = await StartAsync(folder);
        using var client = await PostAsync(server, """{"model":"m","stream":true}""");

        var head = await ReadHeadAsync(client);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Contains("content-type: text/event-stream\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("transfer-encoding: chunked\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("x-replay-fixture: a\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("data: gr\xc3", await ReadChunkAsync(client));
        Assert.Equal("\xbcn\n\n", await ReadChunkAsync(client));
        Assert.Equal("data: b\n\n", await ReadChunkAsync(client));
        Assert.Equal("", await ReadChunkAsync(client));
    }

    [Fact]
    public async Task Each_piece_is_flushed_when_it_is_due_and_the_head_before_the_first()
    {
        using var folder = new TempFolder();
        folder.PutChat("a", """{"stream":true}""", Head + "12345", """{"chunks":[2,3],"timing":[1000,2000]}""");
        var time = new ManualTimeProvider();
        await using var server = await StartAsync(folder, time, ReplaySpeed.Recorded);
        using var client = await PostAsync(server, """{"stream":true}""");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await ReadHeadAsync(client), StringComparison.Ordinal);
        await AdvanceAsync(time, 1000);
        Assert.Equal("12", await ReadChunkAsync(client));
        await AdvanceAsync(time, 1000);
        Assert.Equal("345", await ReadChunkAsync(client));
        Assert.Equal("", await ReadChunkAsync(client));
    }

    [Fact]
    public async Task A_whole_answer_states_its_length()
    {
        using var folder = new TempFolder();
        folder.PutChat("a", """{"model":"m"}""", "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\nretry-after: 7\r\n\r\n{\"error\":{}}");
        await using var server = await StartAsync(folder);
        using var client = await PostAsync(server, """{"model":"m"}""");
        var head = await ReadHeadAsync(client);
        Assert.StartsWith("HTTP/1.1 429 Too Many Requests\r\n", head, StringComparison.Ordinal);
        Assert.Contains("content-length: 12\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("retry-after: 7\r\n", head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("data: 1\n\n")]
    [InlineData("")]
    public async Task A_recorded_reset_breaks_the_connection_after_its_bytes(string body)
    {
        using var folder = new TempFolder();
        folder.PutChat("a", """{"stream":true}""", Head + body, """{"ended":"reset"}""");
        await using var server = await StartAsync(folder);
        using var client = await PostAsync(server, """{"stream":true}""");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await ReadHeadAsync(client), StringComparison.Ordinal);
        if (body.Length > 0)
        {
            Assert.Equal(body, await ReadChunkAsync(client));
        }

        await Assert.ThrowsAnyAsync<IOException>(() => ReadChunkAsync(client));
    }

    [Fact]
    public async Task A_body_above_the_limit_is_a_413_of_the_dialect()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder);
        using var client = await ConnectAsync(server);
        var length = (ReplayServer.MaxRequestBody + 1).ToString(CultureInfo.InvariantCulture);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n"), Cancel);
        Assert.StartsWith("HTTP/1.1 413 ", await ReadHeadAsync(client), StringComparison.Ordinal);
        using var reader = new StreamReader(client.GetStream());
        Assert.Contains("request_too_large", await reader.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_breaks_what_is_in_flight()
    {
        using var folder = new TempFolder();
        folder.PutChat("a", """{"stream":true}""", Head + "12", """{"chunks":[1,1],"timing":[0,3600000]}""");
        var server = await StartAsync(folder, new ManualTimeProvider(), ReplaySpeed.Recorded);
        using var client = await PostAsync(server, """{"stream":true}""");
        await ReadHeadAsync(client);
        Assert.Equal("1", await ReadChunkAsync(client));
        await server.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => ReadChunkAsync(client));
    }

    [Fact]
    public async Task The_command_serves_until_it_is_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var output = new LineWriter();
        var run = ReplayCommand.RunAsync(Repository.PathOf("fixtures"), "http://127.0.0.1:0", "max", output, TextWriter.Null, stop.Token);
        var line = await output.FirstLine.WaitAsync(Cancel);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..]).Port, Cancel);
        await client.GetStream().WriteAsync("GET /health HTTP/1.1\r\nhost: x\r\n\r\n"u8.ToArray(), Cancel);
        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(client), StringComparison.Ordinal);
        await stop.CancelAsync();
        Assert.Equal(0, await run.WaitAsync(Cancel));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", "soon", "--speed")]
    [InlineData("127.0.0.1:80", "1", "--listen")]
    [InlineData("https://127.0.0.1:1", "1", "--listen")]
    [InlineData("http://example.com:1", "1", "--listen")]
    [InlineData("http://127.0.0.1:0/v1", "1", "--listen")]
    [InlineData("http://127.0.0.1:0", "1", "--fixtures")]
    public async Task The_command_says_which_argument_is_wrong(string listen, string speed, string expected)
    {
        using var folder = new TempFolder();
        var errors = new StringWriter();
        Assert.Equal(1, await ReplayCommand.RunAsync(folder.Path, listen, speed, TextWriter.Null, errors, Cancel));
        Assert.StartsWith(expected, errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_says_that_its_address_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var errors = new StringWriter();
        Assert.Equal(1, await ReplayCommand.RunAsync(Repository.PathOf("fixtures"), $"http://{taken.LocalEndpoint}", "1", TextWriter.Null, errors, Cancel));
        Assert.StartsWith("--listen", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:9000", "127.0.0.1:9000")]
    [InlineData("http://[::1]:9000", "[::1]:9000")]
    [InlineData("http://*:9000/", "0.0.0.0:9000")]
    public void Listen_takes_addresses_localhost_and_all(string url, string expected)
    {
        Assert.True(ReplayCommand.TryReadListen(url, out var listen));
        Assert.Equal(expected, listen.ToString());
    }

    private static Task<ReplayServer> StartAsync(TempFolder folder) => StartAsync(folder, new ManualTimeProvider(), ReplaySpeed.Max);

    private static Task<ReplayServer> StartAsync(TempFolder folder, TimeProvider time, ReplaySpeed speed) =>
        ReplayServer.StartAsync(new ReplayUpstream(folder.Load(), speed, time), new IPEndPoint(IPAddress.Loopback, 0), Cancel);

    /// <summary>Waits until the server waits, then lets time pass.</summary>
    private static async Task AdvanceAsync(ManualTimeProvider time, int milliseconds)
    {
        while (time.ActiveTimers == 0)
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    private static async Task<TcpClient> ConnectAsync(ReplayServer server)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port, Cancel);
        return client;
    }

    private static async Task<TcpClient> PostAsync(ReplayServer server, string body)
    {
        var client = await ConnectAsync(server);
        await client.GetStream().WriteAsync(
            Encoding.UTF8.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {body.Length}\r\n\r\n{body}"), Cancel);
        return client;
    }

    private static async Task<string> ReadHeadAsync(TcpClient client)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(await ReadLatin1Async(client, 1));
        }

        return head.ToString();
    }

    /// <summary>One chunk of the chunked coding; empty at its proper end.</summary>
    private static async Task<string> ReadChunkAsync(TcpClient client)
    {
        var size = "";
        while (!size.EndsWith("\r\n", StringComparison.Ordinal))
        {
            size += await ReadLatin1Async(client, 1);
        }

        var chunk = await ReadLatin1Async(client, int.Parse(size.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) + 2);
        return chunk[..^2];
    }

    private static async Task<string> ReadLatin1Async(TcpClient client, int count)
    {
        var bytes = new byte[count];
        await client.GetStream().ReadExactlyAsync(bytes, Cancel);
        return Encoding.Latin1.GetString(bytes);
    }

    private sealed class LineWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<string> FirstLine => _line.Task;

        public override Task WriteLineAsync(string? value)
        {
            _line.TrySetResult(value ?? "");
            return Task.CompletedTask;
        }
    }
}
