using Engine.Actors.Journal.Inspection;

namespace Engine.Actors.Journal.Sqlite;

/// <summary>The journal of an engine that runs alone: one SQLite file in its data folder.</summary>
public static class SqliteJournal
{
    /// <summary>Opens the journal, creating it when there is none. Examines the whole file before it is used.</summary>
    /// <param name="options">Where, and within which bounds.</param>
    /// <param name="writerId">Names this process in the rows it writes; unique for each start, at most 128 characters.</param>
    /// <param name="time">Instants of the journal's health, and its pauses before another try.</param>
    /// <param name="cancellation">Gives up before the file is opened.</param>
    /// <exception cref="JournalUnusableException">The file cannot be used; it is as it was. The message says why and what to do.</exception>
    public static async Task<DurableJournal> OpenAsync(
        SqliteJournalOptions options, string writerId, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(writerId);
        ArgumentNullException.ThrowIfNull(time);
        var database = await Task.Run(() => SqliteDatabase.Open(options), cancellation);
        return new DurableJournal(database, writerId, options.Limits, time);
    }

    /// <summary>A look at a journal, whether or not an engine is writing it. Changes nothing.</summary>
    /// <exception cref="JournalUnusableException">There is no journal at that path, or it cannot be read.</exception>
    public static JournalInspection Inspect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new JournalInspection(SqliteDatabase.OpenForInspection(path));
    }
}
