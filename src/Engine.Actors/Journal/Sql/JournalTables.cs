using System.Data.Common;

namespace Engine.Actors.Journal.Sql;

/// <summary>
/// The tables, named and shaped as Akka.Persistence.Sql does with its default table mapping (its <c>persistence.conf</c> and
/// <c>snapshot.conf</c>, blocks <c>default</c>), so that a move to Akka.NET keeps its history: <c>created</c> counts ticks of
/// UTC since the year 1, the <c>tags</c> table is there and empty, and <c>identifier</c> is the serializer's number.
/// The statements are those that SQLite and PostgreSQL understand alike.
/// </summary>
internal static class JournalTables
{
    /// <summary>The shape below. A database with a higher version belongs to a newer engine.</summary>
    internal const int Version = 1;

    /// <summary>The serializer's number of our JSON; Akka's own are below 100.</summary>
    internal const int JsonSerializerId = 74_001;

    internal const string Insert = """
        INSERT INTO journal (deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid)
        VALUES (FALSE, @id, @number, @created, @message, @serializer, @manifest, @writer)
        ON CONFLICT (persistence_id, sequence_number) DO NOTHING
        """;

    internal const string WriterOf = "SELECT writer_uuid FROM journal WHERE persistence_id = @id AND sequence_number = @number";

    internal const string Head = """
        SELECT COALESCE(MAX(n), 0) FROM (
          SELECT MAX(sequence_number) AS n FROM journal WHERE persistence_id = @id
          UNION ALL SELECT MAX(sequence_number) FROM snapshot WHERE persistence_id = @id) AS heads
        """;

    internal const string SaveSnapshot = """
        INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
        VALUES (@id, @number, @created, @message, @manifest, @serializer)
        ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET
          created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id
        """;

    internal const string ForgetSnapshots = """
        DELETE FROM snapshot WHERE persistence_id = @id
          AND sequence_number < (SELECT MAX(sequence_number) FROM snapshot WHERE persistence_id = @id)
        """;

    internal const string Compact = """
        DELETE FROM journal WHERE ordering IN (
          SELECT j.ordering FROM journal j JOIN snapshot s ON s.persistence_id = j.persistence_id
          WHERE j.ordering > @after AND j.created < @before AND j.sequence_number <= s.sequence_number
            AND j.sequence_number < (SELECT MAX(m.sequence_number) FROM journal m WHERE m.persistence_id = j.persistence_id)
          ORDER BY j.ordering LIMIT @most)
        RETURNING ordering
        """;

    internal const string Page = """
        SELECT ordering, persistence_id, sequence_number, manifest, message, created FROM journal
        WHERE persistence_id = @id AND sequence_number >= @number AND NOT deleted ORDER BY sequence_number LIMIT @most
        """;

    internal const string PageByOrdering = """
        SELECT ordering, persistence_id, sequence_number, manifest, message, created FROM journal
        WHERE ordering > @after AND NOT deleted ORDER BY ordering LIMIT @most
        """;

    internal const string Snapshot = """
        SELECT persistence_id, sequence_number, manifest, snapshot, created FROM snapshot
        WHERE persistence_id = @id ORDER BY sequence_number DESC LIMIT 1
        """;

    internal const string Ids = "SELECT persistence_id FROM journal UNION SELECT persistence_id FROM snapshot";

    /// <summary>A statement with its parameters; owned by the caller.</summary>
    internal static DbCommand Command(DbConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    internal static void Execute(DbConnection connection, string text)
    {
        using var command = Command(connection, text);
        command.ExecuteNonQuery();
    }
}
