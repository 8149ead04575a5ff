namespace Engine.Wire.Framing;

/// <summary>Where the data of a <see cref="Frame"/> came from.</summary>
public enum FrameKind
{
    /// <summary>One event of the stream, in the framing that was announced.</summary>
    Event,

    /// <summary>
    /// A JSON value that stood in an SSE stream outside any field: nearly always an error body inside a 200
    /// (wire/pitfalls.md 14). It may be cut off where the stream ended.
    /// </summary>
    BareJson,
}

/// <summary>
/// One whole event. All spans look into the buffer it was read from, or into a scratch area of the framer: they are valid
/// until the next call to the framer or to that buffer.
/// </summary>
public readonly ref struct Frame
{
    internal Frame(FrameKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> raw)
    {
        Kind = kind;
        Name = name;
        Data = data;
        Raw = raw;
    }

    /// <summary>Whether this is a regular event.</summary>
    public FrameKind Kind { get; }

    /// <summary>The value of the SSE <c>event:</c> field; empty when there was none, and in every other framing.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The payload, without anything of the framing. Never empty or blank in a frame that was announced as such.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>
    /// Every byte that was consumed for this frame, as received: the Raw of all frames, silent ones included, add up to the input.
    /// </summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>Length of <see cref="Raw"/> in bytes.</summary>
    public int Length => Raw.Length;

    internal static Frame Silent(ReadOnlySpan<byte> raw) => new(FrameKind.Event, default, default, raw);

    internal Frame WithData(ReadOnlySpan<byte> data) => new(Kind, Name, data, Raw);
}
