namespace Engine.Wire.Framing;

/// <summary>
/// Finds whole frames in bytes that arrive in pieces. A framer is a struct that owns no bytes, only offsets into what its
/// caller keeps; it is driven by one caller at a time and must not be copied once it was used.
/// </summary>
internal interface IFramer : IDisposable
{
    /// <summary>
    /// Looks for the next frame at the start of <paramref name="unread"/>. After <see cref="FrameStatus.Frame"/> and
    /// <see cref="FrameStatus.Silent"/> the caller removes <see cref="Frame.Length"/> bytes before it asks again; after
    /// <see cref="FrameStatus.NeedMore"/> it asks again with the same bytes and more behind them. No byte is searched twice.
    /// </summary>
    /// <param name="unread">Everything received and not yet consumed.</param>
    /// <param name="isFinal">Nothing will follow these bytes.</param>
    /// <param name="frame">Set after Frame and Silent only.</param>
    FrameStatus Read(ReadOnlySpan<byte> unread, bool isFinal, out Frame frame);
}
