using System.Data.Common;
using System.Globalization;
using Engine.Actors.Journal.Sql;

namespace Engine.Actors.Journal.Sqlite;

/// <summary>The tables of <see cref="JournalTables"/> in SQLite's types; version and owner are in the file's header.</summary>
internal static class SqliteSchema
{
    // "EngJ", in the header's application id: what a file of another program lacks.
    private const int ApplicationId = 0x456E674A;

    private const string Tables = """
        CREATE TABLE journal (
          ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
          deleted BOOLEAN NOT NULL,
          persistence_id VARCHAR(255) NOT NULL,
          sequence_number INTEGER NOT NULL,
          created INTEGER NOT NULL,
          tags VARCHAR(100) NULL,
          message BLOB NOT NULL,
          identifier INTEGER NULL,
          manifest VARCHAR(500) NULL,
          writer_uuid VARCHAR(128) NULL);
        CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE snapshot (
          persistence_id VARCHAR(255) NOT NULL,
          sequence_number INTEGER NOT NULL,
          created INTEGER NOT NULL,
          snapshot BLOB NOT NULL,
          manifest VARCHAR(500) NULL,
          serializer_id INTEGER NULL,
          PRIMARY KEY (persistence_id, sequence_number));
        CREATE TABLE tags (
          ordering_id INTEGER NOT NULL,
          tag VARCHAR(64) NOT NULL,
          sequence_nr INTEGER NOT NULL,
          persistence_id VARCHAR(255) NOT NULL,
          PRIMARY KEY (ordering_id, tag));
        """;

    /// <summary>Whether the file is a journal of this version, or empty.</summary>
    /// <exception cref="JournalUnusableException">It is another program's, or a newer engine's.</exception>
    internal static void Verify(DbConnection connection, string path)
    {
        var (owner, version) = (Number(connection, "PRAGMA application_id"), Number(connection, "PRAGMA user_version"));
        if (owner == ApplicationId && version > JournalTables.Version)
        {
            throw new JournalUnusableException(
                $"The journal {path} has version {version}; this engine knows {JournalTables.Version}. Run the newer engine that wrote it.");
        }

        if (owner != ApplicationId && Number(connection, "SELECT COUNT(*) FROM sqlite_master") > 0)
        {
            throw new JournalUnusableException($"{path} is a database of another program. Set another data-dir.");
        }
    }

    /// <summary>Creates the tables in a file that has none.</summary>
    internal static void Create(DbConnection connection)
    {
        if (Number(connection, "PRAGMA user_version") == JournalTables.Version)
        {
            return;
        }

        JournalTables.Execute(connection, string.Create(
            CultureInfo.InvariantCulture,
            $"BEGIN IMMEDIATE; {Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {JournalTables.Version}; COMMIT"));
    }

    private static long Number(DbConnection connection, string query)
    {
        using var command = JournalTables.Command(connection, query);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
