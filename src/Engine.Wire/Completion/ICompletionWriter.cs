namespace Engine.Wire.Completion;

/// <summary>A sink that writes a stream in one dialect, framing included, into the buffer it was made with.</summary>
public interface ICompletionWriter : ICompletionSink
{
    /// <summary>
    /// Writes the dialect's keep-alive for a silent stream (wire/mapping.md §8), legal before <see cref="ICompletionSink.Start"/>
    /// too. A dialect without one writes nothing.
    /// </summary>
    void Heartbeat();
}
