using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Engine.Testing;

/// <summary>
/// An upstream on a real socket that does exactly what a test scripts, byte by byte, and keeps what it received. Every exchange
/// is handed to the script; HTTP it does not understand fails the exchange loudly.
/// </summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<UpstreamExchange, Task> _script;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;
    private int _accepted;

    /// <summary>Starts on a free loopback port.</summary>
    public ScriptedUpstream(Func<UpstreamExchange, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, without a trailing slash.</summary>
    public string BaseUrl => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _accepted);

    /// <summary>Every request, in order of arrival.</summary>
    public ConcurrentQueue<UpstreamExchange> Exchanges { get; } = new();

    /// <summary>What went wrong inside scripts; a test that cares asserts that it is empty.</summary>
    public ConcurrentQueue<Exception> Faults { get; } = new();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _connections.Keys]);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                var serving = ServeAsync(client);
                _connections[serving] = true;
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        using (client)
        {
            client.NoDelay = true;
            try
            {
                while (await UpstreamExchange.ReceiveAsync(client, _stop.Token) is { } exchange)
                {
                    Exchanges.Enqueue(exchange);
                    await _script(exchange);
                    if (exchange.IsOver)
                    {
                        return;
                    }
                }
            }
            catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The engine hung up, or the test is over.
            }
            catch (Exception fault)
            {
                Faults.Enqueue(fault);
            }
        }
    }
}
