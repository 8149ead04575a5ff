using Engine.Actors.Journal.Inspection;

namespace Engine.Actors.Journal.Postgres;

/// <summary>
/// The journal of several engines that share a PostgreSQL server. Each history still has one writer at a time: the expected
/// sequence number and a unique index see to it.
/// </summary>
public static class PostgresJournal
{
    /// <summary>Connects and creates what is missing.</summary>
    /// <param name="options">Where, and within which bounds.</param>
    /// <param name="writerId">Names this process in the rows it writes; unique for each start, at most 128 characters.</param>
    /// <param name="time">Instants of the journal's health, and its pauses before another try.</param>
    /// <param name="cancellation">Gives up before the server is called.</param>
    /// <exception cref="JournalUnusableException">The server cannot be used. The message says why and what to do.</exception>
    public static async Task<DurableJournal> OpenAsync(
        PostgresJournalOptions options, string writerId, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(writerId);
        ArgumentNullException.ThrowIfNull(time);
        var database = await Task.Run(() => PostgresDatabase.Open(options.ConnectionString), cancellation);
        return new DurableJournal(database, writerId, options.Limits, time);
    }

    /// <summary>A look at a journal, whether or not engines are writing it. Changes nothing; connects at the first call.</summary>
    /// <exception cref="JournalUnusableException">The connection string cannot be read.</exception>
    public static JournalInspection Inspect(string connectionString) => new(new PostgresDatabase(connectionString));
}
