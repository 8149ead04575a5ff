using System.Data.Common;
using System.Globalization;
using Engine.Actors.Journal.Sql;
using Microsoft.Data.Sqlite;

namespace Engine.Actors.Journal.Sqlite;

/// <summary>
/// One SQLite file. The lock file beside it is held for as long as the engine lives, so that two engines never share a journal;
/// who only looks at it does not take the lock.
/// </summary>
internal sealed class SqliteDatabase : IJournalDatabase
{
    // The write-ahead log is copied into the file after this many pages of 4 KiB, and cut to this size afterwards.
    private const int CheckpointPages = 1_000;
    private const long LogBytes = CheckpointPages * 4_096L;

    private readonly string _path;
    private readonly Func<long>? _pageLimit;
    private readonly FileStream? _lock;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    private SqliteDatabase(string path, Func<long>? pageLimit, FileStream? exclusive) => (_path, _pageLimit, _lock) = (path, pageLimit, exclusive);

    /// <summary>Takes the lock, examines the file and creates what is missing.</summary>
    /// <exception cref="JournalUnusableException">Says what is wrong and what to do.</exception>
    internal static SqliteDatabase Open(SqliteJournalOptions options)
    {
        var path = Path.GetFullPath(options.Path);
        var exclusive = SqliteFiles.Lock(path);
        var database = new SqliteDatabase(path, options.PageLimit, exclusive);
        try
        {
            SqliteFiles.CreateIfMissing(path);
            SqliteFiles.CheckHeader(path);
            if (new FileInfo(path).Length > 0)
            {
                database.Examine();
            }

            using var writer = database.OpenWriter();
            SqliteSchema.Create(writer);
            return database;
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            database.Dispose();
            throw new JournalUnusableException(database.Explain(e), e);
        }
        catch (JournalUnusableException)
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>For looking only: another engine may be writing meanwhile.</summary>
    /// <exception cref="JournalUnusableException">Says what is wrong and what to do.</exception>
    internal static SqliteDatabase OpenForInspection(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
        {
            throw new JournalUnusableException($"There is no journal at {path}. Check data-dir in the configuration.");
        }

        SqliteFiles.CheckHeader(path);
        return new SqliteDatabase(path, pageLimit: null, exclusive: null);
    }

    public DbConnection OpenWriter()
    {
        var connection = Connect(SqliteOpenMode.ReadWrite);
        try
        {
            JournalTables.Execute(connection, "PRAGMA journal_mode = WAL");
            JournalTables.Execute(connection, "PRAGMA synchronous = FULL");
            JournalTables.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA wal_autocheckpoint = {CheckpointPages}"));
            JournalTables.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit = {LogBytes}"));
            if (_pageLimit is not null)
            {
                JournalTables.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {_pageLimit()}"));
            }

            return connection;
        }
        catch (DbException)
        {
            connection.Dispose();
            throw;
        }
    }

    public DbConnection OpenReader() => Connect(SqliteOpenMode.ReadOnly);

    public void Settle(DbConnection writer) => JournalTables.Execute(writer, "PRAGMA wal_checkpoint(TRUNCATE)");

    public IReadOnlyList<string> CheckIntegrity(DbConnection connection) => Check(connection, "PRAGMA integrity_check(100)");

    public string Explain(Exception exception) => SqliteFaults.Explain(exception, _path);

    public void Dispose() => _lock?.Dispose();

    // Read-only, so that a file that is refused stays as it is.
    private void Examine()
    {
        using var connection = Connect(SqliteOpenMode.ReadOnly);
        var found = Check(connection, "PRAGMA quick_check(1)");
        if (found.Count > 0)
        {
            throw new JournalUnusableException(SqliteFaults.Damaged(_path, found[0]));
        }

        SqliteSchema.Verify(connection, _path);
    }

    private static List<string> Check(DbConnection connection, string pragma)
    {
        using var command = JournalTables.Command(connection, pragma);
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            if (reader.GetString(0) is var line && line != "ok")
            {
                found.Add(line);
            }
        }

        return found;
    }

    private SqliteConnection Connect(SqliteOpenMode mode)
    {
        // Seconds a statement waits for a lock. Only a tool that holds the file open can make it wait.
        var text = new SqliteConnectionStringBuilder { DataSource = _path, Mode = mode, Pooling = false, DefaultTimeout = 2 };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }
}
