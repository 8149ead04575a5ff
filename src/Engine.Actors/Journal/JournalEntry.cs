namespace Engine.Actors.Journal;

/// <summary>Something that happened, about to be appended.</summary>
/// <param name="Manifest">Name and version of the event's shape: <c>account.cooled/1</c>.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="At">When it happened.</param>
public readonly record struct NewEntry(string Manifest, ReadOnlyMemory<byte> Payload, DateTimeOffset At);

/// <summary>Something that happened, as the journal keeps it.</summary>
/// <param name="PersistenceId">Whose history it belongs to.</param>
/// <param name="SequenceNumber">Its place in that history; the first is 1, there are no gaps.</param>
/// <param name="Manifest">Name and version of the event's shape.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="At">When it happened.</param>
public readonly record struct JournalEntry(string PersistenceId, long SequenceNumber, string Manifest, ReadOnlyMemory<byte> Payload, DateTimeOffset At);

/// <summary>A state as it was after an entry.</summary>
/// <param name="PersistenceId">Whose state.</param>
/// <param name="SequenceNumber">The last entry it includes.</param>
/// <param name="Manifest">Name and version of the state's shape.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="At">When it was taken.</param>
public sealed record StoredSnapshot(string PersistenceId, long SequenceNumber, string Manifest, ReadOnlyMemory<byte> Payload, DateTimeOffset At);
