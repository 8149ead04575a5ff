namespace Engine.Actors.Journal.Sqlite;

/// <summary>Where a journal on SQLite is and what it may keep in memory.</summary>
/// <param name="Path">The database file. Its folder is created when it does not exist.</param>
public sealed record SqliteJournalOptions(string Path)
{
    /// <summary>Bounds in memory.</summary>
    public JournalLimits Limits { get; init; } = new();

    /// <summary>Pages of 4 KiB the file may have, asked at each opening; a test's way to fill a disk.</summary>
    internal Func<long>? PageLimit { get; init; }
}
