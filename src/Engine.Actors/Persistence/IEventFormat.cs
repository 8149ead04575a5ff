namespace Engine.Actors.Persistence;

/// <summary>An event or a state as the journal stores it.</summary>
/// <param name="Manifest">Name and version of its shape: <c>account.cooled/1</c>.</param>
/// <param name="Payload">UTF-8 JSON; belongs to the journal from here on and must not change.</param>
public readonly record struct Stored(string Manifest, ReadOnlyMemory<byte> Payload);

/// <summary>Turns events and states into what the journal stores, and back. Pure and thread-safe.</summary>
public interface IEventFormat<TEvent, TState>
{
    /// <summary>An event to store.</summary>
    Stored WriteEvent(TEvent happened);

    /// <summary>A stored event; also of an older manifest.</summary>
    /// <exception cref="Exception">Whatever says best that the manifest is unknown or the payload damaged; recovery names the place.</exception>
    TEvent ReadEvent(string manifest, ReadOnlyMemory<byte> payload);

    /// <summary>A state to store as a snapshot.</summary>
    Stored WriteState(TState state);

    /// <summary>A stored state; also of an older manifest.</summary>
    /// <exception cref="Exception">As <see cref="ReadEvent"/>.</exception>
    TState ReadState(string manifest, ReadOnlyMemory<byte> payload);
}
