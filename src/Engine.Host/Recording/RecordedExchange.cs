namespace Engine.Host.Recording;

/// <summary>
/// One exchange while it happens. Called by the request's own flow, one call at a time; every call is cheap (a copy and a
/// timestamp) and none fails. It ends with <see cref="Complete"/> or <see cref="Abandon"/>, and must not be used after that.
/// </summary>
internal sealed class RecordedExchange
{
    private readonly FixtureRecorder _recorder;
    private readonly TimeProvider _time;
    private readonly long _sentAt;
    private readonly List<int> _chunks = [];
    private readonly List<double> _timing = [];
    private long _headAt;
    private byte[] _request = [];
    private byte[] _response = [];
    private int _requestLength;
    private int _responseLength;

    /// <summary>Bytes taken from the recorder's memory, to be returned once.</summary>
    private int _taken;
    private bool _ended;

    internal RecordedExchange(
        FixtureRecorder recorder, TimeProvider time, string method, string? host, string target,
        IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        _recorder = recorder;
        _time = time;
        _sentAt = time.GetTimestamp();
        Method = method;
        Host = host;
        Target = target;
        RequestHeaders = headers;
    }

    internal string Method { get; }

    internal string? Host { get; }

    internal string Target { get; }

    internal IReadOnlyList<KeyValuePair<string, string>> RequestHeaders { get; }

    internal int Status { get; private set; }

    internal IReadOnlyList<KeyValuePair<string, string>> ResponseHeaders { get; private set; } = [];

    internal double HeadDelay { get; private set; }

    internal bool EndsInReset { get; private set; }

    internal IReadOnlyList<int> Chunks => _chunks;

    internal IReadOnlyList<double> Timing => _timing;

    internal Memory<byte> RequestBody => _request.AsMemory(0, _requestLength);

    internal Memory<byte> ResponseBody => _response.AsMemory(0, _responseLength);

    /// <summary>Adds a piece of the request's body, copied.</summary>
    internal void AddRequestBody(ReadOnlySpan<byte> piece) => Append(ref _request, ref _requestLength, piece);

    /// <summary>The response's head has arrived.</summary>
    internal void SetHead(int status, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        Status = status;
        ResponseHeaders = headers;
        HeadDelay = Milliseconds(_sentAt);
        _headAt = _time.GetTimestamp();
    }

    /// <summary>One network read of the response's body, copied.</summary>
    internal void AddChunk(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || _ended)
        {
            return;
        }

        if (_chunks.Count == _recorder.Options.MaxChunks)
        {
            Drop(RecordingDrop.TooLarge);
            return;
        }

        if (Append(ref _response, ref _responseLength, bytes))
        {
            _chunks.Add(bytes.Length);
            _timing.Add(Milliseconds(_headAt));
        }
    }

    /// <summary>The upstream has ended the exchange: it is queued for writing.</summary>
    /// <param name="reset">It broke the connection after the head instead of ending the body.</param>
    internal void Complete(bool reset = false)
    {
        if (_ended)
        {
            return;
        }

        if (Status == 0)
        {
            Abandon();
            return;
        }

        EndsInReset = reset;
        if (_recorder.TryQueue(this))
        {
            _ended = true;
        }
        else
        {
            Drop(RecordingDrop.QueueFull);
        }
    }

    /// <summary>Ends the exchange unrecorded, uncounted: the client left, or there was no answer.</summary>
    internal void Abandon()
    {
        if (!_ended)
        {
            _ended = true;
            Release();
        }
    }

    /// <summary>Returns the memory; for the recorder, after writing.</summary>
    internal void Release()
    {
        _recorder.ReturnMemory(_taken);
        _taken = 0;
        _request = _response = [];
        _requestLength = _responseLength = 0;
    }

    private bool Append(ref byte[] buffer, ref int length, ReadOnlySpan<byte> bytes)
    {
        if (_ended)
        {
            return false;
        }

        if (_requestLength + _responseLength + (long)bytes.Length > _recorder.Options.MaxExchange)
        {
            Drop(RecordingDrop.TooLarge);
            return false;
        }

        if (buffer.Length - length < bytes.Length)
        {
            var grown = Math.Max(length + bytes.Length, Math.Min(buffer.Length * 2, _recorder.Options.MaxExchange));
            if (!_recorder.TryTakeMemory(grown - buffer.Length))
            {
                Drop(RecordingDrop.MemoryFull);
                return false;
            }

            _taken += grown - buffer.Length;
            Array.Resize(ref buffer, grown);
        }

        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
        return true;
    }

    private void Drop(RecordingDrop reason)
    {
        _recorder.CountDrop(reason);
        Abandon();
    }

    private double Milliseconds(long since) => Math.Round(_time.GetElapsedTime(since).TotalMilliseconds, 1);
}
