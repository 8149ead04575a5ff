namespace Engine.Host.Recording;

/// <summary>
/// A recorded body that arrives like one from the network: a read waits until its piece is due and never returns bytes of
/// two pieces. For one reader at a time.
/// </summary>
/// <param name="resets">After the last piece the stream fails as a broken connection does, instead of ending.</param>
internal sealed class ReplayBodyStream(ReadOnlyMemory<byte> body, ReplayPlan plan, TimeProvider time, bool resets) : Stream
{
    private readonly long _started = time.GetTimestamp();
    private ReadOnlyMemory<byte> _rest = body;

    /// <summary>What a read left of the current piece.</summary>
    private ReadOnlyMemory<byte> _piece;
    private int _next;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>True when the next piece, or the end, would not have to wait.</summary>
    internal bool IsDue => _next >= plan.Sizes.Count || Wait() <= TimeSpan.Zero;

    /// <summary>The next piece whole, without a copy; empty at the end.</summary>
    /// <exception cref="IOException">The recording ends in a broken connection.</exception>
    internal async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_next >= plan.Sizes.Count)
        {
            return resets ? throw new IOException("The recorded upstream broke the connection here.") : default;
        }

        // A timer may fire a tick early by the clock that the wait is measured with.
        while (Wait() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait, time, cancellation);
        }

        var piece = _rest[..plan.Sizes[_next]];
        _rest = _rest[piece.Length..];
        _next++;
        return piece;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_piece.IsEmpty)
        {
            _piece = await NextAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _piece.Length);
        _piece[..count].CopyTo(buffer);
        _piece = _piece[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Replay is asynchronous only.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private TimeSpan Wait()
    {
        var due = plan.Due[_next];
        return due == TimeSpan.Zero ? due : due - time.GetElapsedTime(_started);
    }
}
