using System.Buffers;

namespace Engine.Wire.Json;

/// <summary>
/// A request body as literals and slices of the client's body, in order, with a known length. Large leaves are never copied, and
/// every retry sends the same rope again. Owns its literals, not the slices: the client's body must outlive it.
/// </summary>
public sealed class BodyRope : IBufferWriter<byte>, IDisposable
{
    // Below this a copy is cheaper than another segment for the socket to gather.
    private const int SmallestSlice = 512;
    private const int ChunkSize = 4096;

    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private readonly List<byte[]> _chunks = [];
    private byte[] _chunk = [];
    private int _start;
    private int _position;
    private long _closedLength;

    /// <summary>Total bytes.</summary>
    public long Length => _closedLength + (_position - _start);

    /// <summary>The parts in order. Ends the current literal; more may still be appended.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Segments
    {
        get
        {
            CloseLiteral();
            return _segments;
        }
    }

    /// <summary>A rope of one slice: a body sent on as it came.</summary>
    public static BodyRope Of(ReadOnlyMemory<byte> body)
    {
        var rope = new BodyRope();
        rope.Append(body);
        return rope;
    }

    /// <summary>
    /// <paramref name="body"/> with <paramref name="length"/> bytes at <paramref name="start"/> replaced: the model name of a
    /// same-dialect request whose model is aliased.
    /// </summary>
    public static BodyRope Splice(ReadOnlyMemory<byte> body, int start, int length, ReadOnlySpan<byte> replacement)
    {
        var rope = new BodyRope();
        rope.Append(body[..start]);
        rope.Write(replacement);
        rope.Append(body[(start + length)..]);
        return rope;
    }

    /// <summary>Appends a slice without copying it, unless it is small.</summary>
    public void Append(ReadOnlyMemory<byte> slice)
    {
        if (slice.Length < SmallestSlice)
        {
            this.Write(slice.Span);
            return;
        }

        CloseLiteral();
        _segments.Add(slice);
        _closedLength += slice.Length;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _position += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _chunk.AsMemory(_position);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _chunk.AsSpan(_position);
    }

    /// <summary>Copies the whole body. For tests and small bodies.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        var at = 0;
        foreach (var segment in Segments)
        {
            segment.CopyTo(bytes.AsMemory(at));
            at += segment.Length;
        }

        return bytes;
    }

    /// <summary>Returns the literals to the pool.</summary>
    public void Dispose()
    {
        _segments.Clear();
        _chunks.ForEach(static chunk => ArrayPool<byte>.Shared.Return(chunk));
        _chunks.Clear();
        _chunk = [];
        _start = _position = 0;
        _closedLength = 0;
    }

    private void Reserve(int sizeHint)
    {
        if (_chunk.Length - _position >= Math.Max(sizeHint, 1))
        {
            return;
        }

        CloseLiteral();
        _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, ChunkSize));
        _chunks.Add(_chunk);
        _start = _position = 0;
    }

    private void CloseLiteral()
    {
        if (_position > _start)
        {
            _segments.Add(_chunk.AsMemory(_start, _position - _start));
            _closedLength += _position - _start;
            _start = _position;
        }
    }
}
