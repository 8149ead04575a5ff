using Engine.Wire.Completion;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Exchange;

/// <summary>
/// The client's side of a streamed answer: what is held, when the head goes out, heartbeats while the upstream is silent. The
/// exchange owns it except while it waits for the upstream; then the heartbeat timer may write.
/// </summary>
internal sealed class ClientStream : IAsyncDisposable
{
    private readonly HttpResponse _response;
    private readonly CancellationToken _client;
    private readonly TimeProvider _time;
    private readonly JournalBarrier _barrier;
    private readonly TimeSpan _interval;
    private readonly Action<HttpResponse> _writeHead;
    private readonly Func<System.Buffers.IBufferWriter<byte>, ICompletionWriter> _newWriter;

    // Held by whoever may write to the response: the exchange, or the timer while the exchange waits for the upstream.
    private readonly SemaphoreSlim _turn = new(0, 1);
    private ITimer? _timer;
    private Task _beat = Task.CompletedTask;
    private long _lastWrite;
    private bool _unflushed;

    public ClientStream(
        HttpResponse response,
        TimeProvider time,
        JournalBarrier barrier,
        TimeSpan heartbeatInterval,
        Action<HttpResponse> writeHead,
        Func<System.Buffers.IBufferWriter<byte>, ICompletionWriter> newWriter)
    {
        _response = response;
        _client = response.HttpContext.RequestAborted;
        _time = time;
        _barrier = barrier;
        _interval = heartbeatInterval;
        _writeHead = writeHead;
        _newWriter = newWriter;
        Output = new HeldOutput(response.BodyWriter);
        _lastWrite = time.GetTimestamp();
        if (heartbeatInterval > TimeSpan.Zero)
        {
            _timer = time.CreateTimer(static stream => ((ClientStream)stream!).OnTimer(), this, heartbeatInterval, heartbeatInterval);
        }
    }

    /// <summary>Where writers write.</summary>
    public HeldOutput Output { get; }

    /// <summary>True once the client has its 200.</summary>
    public bool HeadIsOut { get; private set; }

    /// <summary>A writer of the client's dialect over <see cref="Output"/>.</summary>
    public ICompletionWriter NewWriter() => _newWriter(Output);

    /// <summary>Lets heartbeats through while the exchange waits for the upstream.</summary>
    public void GiveTurn() => _turn.Release();

    /// <summary>Takes the response back before writing.</summary>
    public Task TakeTurnAsync() => _turn.WaitAsync(CancellationToken.None);

    /// <summary>Waits for something that is not the upstream: silently for a while, then with heartbeats.</summary>
    public async Task<T> KeepAliveAsync<T>(Task<T> waiting, TimeSpan silence)
    {
        try
        {
            return await waiting.WaitAsync(silence, _time);
        }
        catch (TimeoutException) when (!waiting.IsCompleted)
        {
            GiveTurn();
            try
            {
                return await waiting;
            }
            finally
            {
                await TakeTurnAsync();
            }
        }
    }

    /// <summary>Called once, when content begins.</summary>
    public Action? Committing { get; set; }

    /// <summary>Content has begun: what is held goes out, and from now on everything at once.</summary>
    public void Commit()
    {
        Committing?.Invoke();
        Committing = null;
        SendHead();
        Output.Release();
        _unflushed = true;
    }

    /// <summary>Says that something was written since the last flush.</summary>
    public void Wrote() => _unflushed = true;

    /// <summary>Pushes what was written to the client; nothing when nothing was, or when it is still held.</summary>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public ValueTask FlushAsync()
    {
        if (!_unflushed || !Output.IsReleased)
        {
            return ValueTask.CompletedTask;
        }

        _unflushed = false;
        _lastWrite = _time.GetTimestamp();
        return _barrier.IsOpen ? Flushed(_response.BodyWriter.FlushAsync(_client)) : FlushWhenWrittenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is { } timer)
        {
            await timer.DisposeAsync();
            _timer = null;
        }

        await _beat;
        _turn.Dispose();
        Output.Dispose();
    }

    private async ValueTask FlushWhenWrittenAsync()
    {
        await _barrier.WaitAsync();
        await Flushed(_response.BodyWriter.FlushAsync(_client));
    }

    private static async ValueTask Flushed(ValueTask<System.IO.Pipelines.FlushResult> flush)
    {
        var result = await flush;
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new OperationCanceledException("The client is gone.");
        }
    }

    private void SendHead()
    {
        if (!HeadIsOut)
        {
            HeadIsOut = true;
            _writeHead(_response);
        }
    }

    private void OnTimer()
    {
        if (_time.GetElapsedTime(_lastWrite) < _interval * 0.9 || _client.IsCancellationRequested || !_barrier.IsOpen)
        {
            return;
        }

        try
        {
            if (!_turn.Wait(0, CancellationToken.None))
            {
                return;
            }
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        _beat = BeatAsync();
    }

    private async Task BeatAsync()
    {
        try
        {
            // Held start-up events stay held: a heartbeat commits the head, not the content.
            SendHead();
            _newWriter(_response.BodyWriter).Heartbeat();
            _lastWrite = _time.GetTimestamp();
            await _response.BodyWriter.FlushAsync(_client);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The client is gone; the exchange learns it from the request's own token.
        }
        finally
        {
            _turn.Release();
        }
    }
}
