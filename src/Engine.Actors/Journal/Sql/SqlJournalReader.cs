using System.Data.Common;

namespace Engine.Actors.Journal.Sql;

/// <summary>Some entries, and whether there may be more.</summary>
internal readonly record struct JournalPage(IReadOnlyList<JournalEntry> Entries, bool HasMore, long LastOrdering);

/// <summary>
/// The reading half of a database. Belongs to one thread. Reads in short pages, so that no long read keeps SQLite's write-ahead
/// log from being cut. A connection that failed is replaced at the next call.
/// </summary>
internal sealed class SqlJournalReader(IJournalDatabase database) : IDisposable
{
    private const int PageLength = 256;
    private const long PageBytes = 4 << 20;

    private DbConnection? _connection;

    internal JournalPage PageOf(string persistenceId, long from)
    {
        using var command = JournalTables.Command(
            Connect(), JournalTables.Page, ("@id", persistenceId), ("@number", from), ("@most", PageLength));
        return Read(command);
    }

    internal JournalPage PageAfter(long ordering)
    {
        using var command = JournalTables.Command(Connect(), JournalTables.PageByOrdering, ("@after", ordering), ("@most", PageLength));
        return Read(command);
    }

    internal StoredSnapshot? SnapshotOf(string persistenceId)
    {
        using var command = JournalTables.Command(Connect(), JournalTables.Snapshot, ("@id", persistenceId));
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new StoredSnapshot(
                reader.GetString(0), reader.GetInt64(1), ManifestAt(reader, 2), reader.GetFieldValue<byte[]>(3), InstantAt(reader, 4))
            : null;
    }

    /// <summary>All ids, in no particular order.</summary>
    internal List<string> Ids()
    {
        using var command = JournalTables.Command(Connect(), JournalTables.Ids);
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    internal IReadOnlyList<string> CheckIntegrity() => database.CheckIntegrity(Connect());

    /// <summary>What the caller of a read that failed gets to see.</summary>
    internal Exception Unusable(Exception exception)
    {
        Dispose();
        return exception is JournalUnusableException ? exception : new JournalUnusableException(database.Explain(exception), exception);
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private DbConnection Connect() => _connection ??= database.OpenReader();

    private static JournalPage Read(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        var entries = new List<JournalEntry>();
        long bytes = 0, ordering = 0;
        while (reader.Read())
        {
            ordering = reader.GetInt64(0);
            var payload = reader.GetFieldValue<byte[]>(4);
            entries.Add(new JournalEntry(reader.GetString(1), reader.GetInt64(2), ManifestAt(reader, 3), payload, InstantAt(reader, 5)));
            bytes += payload.Length;
            if (bytes > PageBytes)
            {
                return new JournalPage(entries, HasMore: true, ordering);
            }
        }

        return new JournalPage(entries, entries.Count == PageLength, ordering);
    }

    private static string ManifestAt(DbDataReader reader, int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);

    // A damaged row must not keep the others from being read.
    private static DateTimeOffset InstantAt(DbDataReader reader, int column)
    {
        var ticks = reader.GetInt64(column);
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : DateTimeOffset.MinValue;
    }
}
