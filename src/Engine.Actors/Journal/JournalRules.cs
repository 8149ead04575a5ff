namespace Engine.Actors.Journal;

/// <summary>What every journal asks of what it is given.</summary>
internal static class JournalRules
{
    internal const int LongestId = 255;
    internal const int LongestManifest = 500;

    internal static void CheckAppend(string persistenceId, long expectedSequenceNumber, IReadOnlyList<NewEntry> entries)
    {
        CheckId(persistenceId);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedSequenceNumber);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfZero(entries.Count, nameof(entries));
        foreach (var entry in entries)
        {
            CheckManifest(entry.Manifest, nameof(entries));
        }
    }

    internal static void CheckSnapshot(StoredSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        CheckId(snapshot.PersistenceId);
        CheckManifest(snapshot.Manifest, nameof(snapshot));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(snapshot.SequenceNumber, nameof(snapshot));
    }

    internal static void CheckId(string persistenceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(persistenceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(persistenceId.Length, LongestId, nameof(persistenceId));
    }

    private static void CheckManifest(string manifest, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(manifest, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(manifest.Length, LongestManifest, parameter);
    }
}
