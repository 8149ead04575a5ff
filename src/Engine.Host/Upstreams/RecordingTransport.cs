using Engine.Host.Recording;

namespace Engine.Host.Upstreams;

/// <summary>Records what another transport carries. The exchange does not know.</summary>
internal sealed class RecordingTransport : IUpstreamTransport
{
    private readonly IUpstreamTransport _inner;
    private readonly FixtureRecorder _recorder;

    public RecordingTransport(IUpstreamTransport inner, FixtureRecorder recorder)
    {
        _inner = inner;
        _recorder = recorder;
    }

    public async ValueTask<UpstreamResponse> SendAsync(UpstreamCall call, CancellationToken cancellation)
    {
        var exchange = _recorder.Begin(call.Method, call.Url.Host, call.Url.PathAndQuery, call.Headers);
        foreach (var segment in call.Body?.Segments ?? [])
        {
            exchange.AddRequestBody(segment.Span);
        }

        try
        {
            var response = await _inner.SendAsync(call, cancellation);
            exchange.SetHead(response.Status, [.. response.Headers]);
            return new UpstreamResponse(response.Status, response.Headers, new RecordingStream(response.Body, exchange), response);
        }
        catch
        {
            exchange.Abandon();
            throw;
        }
    }

    /// <summary>Copies what is read. An answer that was not read to its end is not recorded.</summary>
    private sealed class RecordingStream : Stream
    {
        private readonly Stream _inner;
        private readonly RecordedExchange _exchange;

        public RecordingStream(Stream inner, RecordedExchange exchange)
        {
            _inner = inner;
            _exchange = exchange;
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                var count = await _inner.ReadAsync(buffer, cancellationToken);
                _exchange.AddChunk(buffer.Span[..count]);
                if (count == 0 && buffer.Length > 0)
                {
                    _exchange.Complete();
                }

                return count;
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException)
            {
                _exchange.Complete(reset: true);
                throw;
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _exchange.Abandon();
                _inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
