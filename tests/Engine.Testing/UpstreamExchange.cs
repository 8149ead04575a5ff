using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Engine.Testing;

/// <summary>One request a <see cref="ScriptedUpstream"/> received, and the means to answer it byte by byte.</summary>
public sealed class UpstreamExchange
{
    private const int MaxHead = 64 << 10;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly CancellationToken _stop;

    private UpstreamExchange(TcpClient client, string method, string target, IReadOnlyDictionary<string, string> headers, byte[] body, CancellationToken stop)
    {
        _client = client;
        _stream = client.GetStream();
        _stop = stop;
        Method = method;
        Target = target;
        Headers = headers;
        Body = body;
    }

    /// <summary>The request's method.</summary>
    public string Method { get; }

    /// <summary>Path and query as on the request line.</summary>
    public string Target { get; }

    /// <summary>Headers by lower-case name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The body, unchunked.</summary>
    public byte[] Body { get; }

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>True once the connection must not serve another request.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Answers with a whole JSON body.</summary>
    public Task JsonAsync(int status, string json, params (string Name, string Value)[] headers) => WholeAsync(status, "application/json", json, headers);

    /// <summary>Answers with a whole body.</summary>
    public Task WholeAsync(int status, string contentType, string text, params (string Name, string Value)[] headers)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\ncontent-type: {contentType}\r\ncontent-length: {body.Length}\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body]);
    }

    /// <summary>Sends the head of a chunked answer.</summary>
    public Task StartAsync(int status = 200, string contentType = "text/event-stream") => WriteAsync(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\ncontent-type: {contentType}\r\ntransfer-encoding: chunked\r\n\r\n")));

    /// <summary>Sends one chunk.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends one chunk.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes) =>
        WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. bytes.Span, .. "\r\n"u8]);

    /// <summary>Ends a chunked answer properly.</summary>
    public Task EndAsync() => WriteAsync("0\r\n\r\n"u8.ToArray());

    /// <summary>Sends a whole stream: head, one chunk per text, end.</summary>
    public async Task StreamAsync(params string[] chunks)
    {
        await StartAsync();
        foreach (var chunk in chunks)
        {
            await SendAsync(chunk);
        }

        await EndAsync();
    }

    /// <summary>Sends bytes that need not be HTTP.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, _stop);

    /// <summary>Breaks the connection with a reset.</summary>
    public void Reset()
    {
        IsOver = true;
        _client.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Close();
    }

    /// <summary>Closes the connection in order.</summary>
    public void Close()
    {
        IsOver = true;
        _client.Close();
    }

    /// <summary>Completes when the engine has closed its end.</summary>
    public async Task ClosedByEngineAsync(TimeSpan within)
    {
        IsOver = true;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        deadline.CancelAfter(within);
        var scrap = new byte[256];
        try
        {
            while (await _stream.ReadAsync(scrap, deadline.Token) > 0)
            {
                // More bytes of the request; only its end counts.
            }
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }
    }

    internal static async Task<UpstreamExchange?> ReceiveAsync(TcpClient client, CancellationToken stop)
    {
        var stream = client.GetStream();
        if (await ReadHeadAsync(stream, stop) is not { } head)
        {
            return null;
        }

        var lines = head.Split("\r\n");
        var request = lines[0].Split(' ');
        if (request.Length != 3 || request[2] != "HTTP/1.1")
        {
            throw new InvalidDataException($"Not an HTTP/1.1 request line: {lines[0]}");
        }

        var headers = lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1].Trim(), StringComparer.Ordinal);
        var body = headers.TryGetValue("content-length", out var length)
            ? await ReadExactlyAsync(stream, int.Parse(length, CultureInfo.InvariantCulture), stop)
            : headers.ContainsKey("transfer-encoding") ? await ReadChunksAsync(stream, stop) : [];
        return new UpstreamExchange(client, request[0], request[1], headers, body, stop);
    }

    private static async Task<string?> ReadHeadAsync(NetworkStream stream, CancellationToken stop)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < MaxHead)
        {
            if (await stream.ReadAsync(one, stop) == 0)
            {
                return head.Count == 0 ? null : throw new InvalidDataException("The request's head ends early.");
            }

            head.Add(one[0]);
            if (one[0] == '\n' && head.Count >= 4 && head[^2] == '\r' && head[^3] == '\n')
            {
                return Encoding.ASCII.GetString([.. head]);
            }
        }

        throw new InvalidDataException("The request's head is too long.");
    }

    private static async Task<byte[]> ReadExactlyAsync(NetworkStream stream, int length, CancellationToken stop)
    {
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, stop);
        return body;
    }

    private static async Task<byte[]> ReadChunksAsync(NetworkStream stream, CancellationToken stop)
    {
        var body = new List<byte>();
        while (true)
        {
            var size = int.Parse(await ReadLineAsync(stream, stop), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(await ReadExactlyAsync(stream, size, stop));
            await ReadLineAsync(stream, stop);
            if (size == 0)
            {
                return [.. body];
            }
        }
    }

    private static async Task<string> ReadLineAsync(NetworkStream stream, CancellationToken stop)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stop) > 0 && one[0] != '\n')
        {
            if (one[0] != '\r')
            {
                line.Append((char)one[0]);
            }
        }

        return line.ToString();
    }
}
