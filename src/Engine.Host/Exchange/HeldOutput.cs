using System.Buffers;
using System.IO.Pipelines;
using Engine.Wire.Json;

namespace Engine.Host.Exchange;

/// <summary>
/// Where an answer is written. Until <see cref="Release"/> it is held back, so that a start-up event followed by an overload can
/// be forgotten and the request tried elsewhere; afterwards it goes straight to the client's pipe.
/// </summary>
internal sealed class HeldOutput : IBufferWriter<byte>, IDisposable
{
    /// <summary>Start-up events an answer may have before its first content, in bytes. A full hold commits.</summary>
    public const int Capacity = 256 << 10;

    private readonly PipeWriter _client;
    private readonly PooledBytes _held = new();

    /// <summary>Holds in front of the client's pipe.</summary>
    public HeldOutput(PipeWriter client) => _client = client;

    /// <summary>True once nothing is held any more.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>True when the hold is full and must be released.</summary>
    public bool IsFull => _held.Length >= Capacity;

    /// <summary>Forgets what one attempt wrote.</summary>
    public void Discard() => _held.Clear();

    /// <summary>Hands what was held to the client's pipe and stops holding. The caller flushes.</summary>
    public void Release()
    {
        if (IsReleased)
        {
            return;
        }

        IsReleased = true;
        _client.Write(_held.Span);
        _held.Dispose();
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        if (IsReleased)
        {
            _client.Advance(count);
        }
        else
        {
            _held.Advance(count);
        }
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => IsReleased ? _client.GetMemory(sizeHint) : _held.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => IsReleased ? _client.GetSpan(sizeHint) : _held.GetSpan(sizeHint);

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();
}
