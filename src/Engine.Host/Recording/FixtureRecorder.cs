using System.Threading.Channels;

namespace Engine.Host.Recording;

/// <summary>Why an exchange was not written.</summary>
internal enum RecordingDrop
{
    /// <summary>The disk is slower than the traffic.</summary>
    QueueFull,

    /// <summary>One exchange above <see cref="FixtureRecorderOptions.MaxExchange"/>.</summary>
    TooLarge,

    /// <summary>All exchanges in flight together above <see cref="FixtureRecorderOptions.MaxMemory"/>.</summary>
    MemoryFull,

    /// <summary><see cref="FixtureRecorderOptions.MaxExchanges"/> are written.</summary>
    FolderFull,

    /// <summary>An encoding that cannot be undone here, so its secrets could not be found.</summary>
    Encoded,
    WriteFailed,
}

/// <summary>Where and how much to record.</summary>
internal sealed record FixtureRecorderOptions
{
    internal required string Folder { get; init; }

    /// <summary>The upstream's name: the first part of every file name.</summary>
    internal required string Provider { get; init; }

    /// <summary>Finished exchanges that may wait for the disk.</summary>
    internal int QueueCapacity { get; init; } = 64;

    /// <summary>Bytes of one exchange, both bodies together.</summary>
    internal int MaxExchange { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of all exchanges that are not written yet.</summary>
    internal long MaxMemory { get; init; } = 128L * 1024 * 1024;

    /// <summary>Network reads of one exchange.</summary>
    internal int MaxChunks { get; init; } = 65_536;

    /// <summary>Exchanges written in one run.</summary>
    internal int MaxExchanges { get; init; } = 10_000;
}

/// <summary>
/// Writes upstream exchanges as fixtures, away from the request's way: an exchange collects its bytes in memory and is
/// queued when it ends. Whenever a bound is met the whole exchange is dropped and counted; half a recording never exists.
/// </summary>
internal sealed class FixtureRecorder : IAsyncDisposable
{
    private readonly FixtureRecorderOptions _options;
    private readonly TimeProvider _time;
    private readonly RecordingFolder _folder;
    private readonly Channel<RecordedExchange> _finished;
    private readonly Task _writing;
    private readonly long[] _dropped = new long[Enum.GetValues<RecordingDrop>().Length];
    private long _memory;
    private long _written;

    internal FixtureRecorder(FixtureRecorderOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _folder = new RecordingFolder(options.Folder, options.Provider, time);
        // Wait mode, but only TryWrite is used: a full queue refuses.
        _finished = Channel.CreateBounded<RecordedExchange>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Exchanges on disk.</summary>
    internal long Written => Interlocked.Read(ref _written);

    /// <summary>Exchanges lost to any bound.</summary>
    internal long Dropped => Enum.GetValues<RecordingDrop>().Sum(DroppedFor);

    internal FixtureRecorderOptions Options => _options;

    internal long DroppedFor(RecordingDrop reason) => Interlocked.Read(ref _dropped[(int)reason]);

    /// <summary>Starts one exchange at the moment its request is sent. The headers may hold credentials: they are not written.</summary>
    internal RecordedExchange Begin(string method, string? host, string target, IReadOnlyList<KeyValuePair<string, string>> headers) =>
        new(this, _time, method, host, target, headers);

    /// <summary>Writes what is queued, then stops. Exchanges that end later are dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        _finished.Writer.TryComplete();
        await _writing;
    }

    internal bool TryTakeMemory(int bytes)
    {
        if (Interlocked.Add(ref _memory, bytes) <= _options.MaxMemory)
        {
            return true;
        }

        Interlocked.Add(ref _memory, -bytes);
        return false;
    }

    internal void ReturnMemory(int bytes) => Interlocked.Add(ref _memory, -bytes);

    internal void CountDrop(RecordingDrop reason) => Interlocked.Increment(ref _dropped[(int)reason]);

    internal bool TryQueue(RecordedExchange exchange) => _finished.Writer.TryWrite(exchange);

    private async Task WriteAllAsync()
    {
        await foreach (var exchange in _finished.Reader.ReadAllAsync())
        {
            if (await WriteAsync(exchange) is { } reason)
            {
                CountDrop(reason);
            }
            else
            {
                Interlocked.Increment(ref _written);
            }

            exchange.Release();
        }
    }

    private async Task<RecordingDrop?> WriteAsync(RecordedExchange exchange)
    {
        if (Written >= _options.MaxExchanges)
        {
            return RecordingDrop.FolderFull;
        }

        try
        {
            if (!RecordingCleaner.TryClean(exchange, _options.MaxExchange, out var clean))
            {
                return RecordingDrop.Encoded;
            }

            await _folder.WriteAsync(clean);
            return null;
        }
        catch (Exception)
        {
            // A full disk, a folder that went away, a body no rule can be run over: the next exchange is still recorded.
            return RecordingDrop.WriteFailed;
        }
    }
}
