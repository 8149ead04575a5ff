using System.Data.Common;
using System.Globalization;

namespace Engine.Actors.Journal.Sql;

/// <summary>The writing half of a database. Belongs to the writer's thread. Opens its connection when it first needs it.</summary>
internal sealed class SqlJournalStore(IJournalDatabase database, string writerId) : IDisposable
{
    private DbConnection? _connection;
    private DbCommand? _insert;

    /// <summary>The last sequence number of an id; 0 when it has none.</summary>
    internal long HeadOf(string persistenceId) => HeadOf(Connect(), persistenceId, transaction: null);

    /// <summary>Writes all of it or nothing, and returns when it is on disk.</summary>
    /// <returns>The number of entries.</returns>
    /// <exception cref="JournalConflictException">One of the histories has been written by somebody else. Nothing was written.</exception>
    internal int Write(IReadOnlyList<JournalWork> works)
    {
        var connection = Connect();
        var transaction = connection.BeginTransaction();
        try
        {
            var events = 0;
            foreach (var work in works)
            {
                switch (work)
                {
                    case AppendWork append:
                        Append(connection, transaction, append);
                        events += append.Entries.Count;
                        break;
                    case SnapshotWork { Snapshot: var snapshot }:
                        Save(connection, transaction, snapshot);
                        break;
                }
            }

            transaction.Commit();
            return events;
        }
        finally
        {
            End(transaction);
        }
    }

    /// <summary>Deletes covered entries, at most <paramref name="most"/>.</summary>
    /// <returns>How many, and the ordering of the last one.</returns>
    internal (int Deleted, long Last) Compact(DateTimeOffset before, long after, int most)
    {
        using var command = JournalTables.Command(
            Connect(), JournalTables.Compact, ("@after", after), ("@before", before.UtcTicks), ("@most", most));
        using var reader = command.ExecuteReader();
        var (deleted, last) = (0, after);
        while (reader.Read())
        {
            deleted++;
            last = Math.Max(last, reader.GetInt64(0));
        }

        return (deleted, last);
    }

    /// <summary>A new connection; the old one may have lost its file or its server.</summary>
    internal void Reopen()
    {
        Abandon();
        Connect();
    }

    /// <summary>Lets go of a connection that failed; what it had not committed is undone.</summary>
    internal void Abandon()
    {
        try
        {
            _insert?.Dispose();
            _connection?.Dispose();
        }
        catch (DbException)
        {
            // It has failed before: nothing is left to be said about it.
        }

        (_insert, _connection) = (null, null);
    }

    internal string Explain(Exception exception) => database.Explain(exception);

    public void Dispose()
    {
        if (_connection is not null)
        {
            try
            {
                database.Settle(_connection);
            }
            catch (DbException)
            {
                // Settling only spares the next start some work.
            }

            Abandon();
        }
    }

    // SQLite undoes a commit that found no room by itself; that a second undoing fails must not hide why.
    private static void End(DbTransaction transaction)
    {
        try
        {
            transaction.Dispose();
        }
        catch (DbException)
        {
            return;
        }
    }

    private DbConnection Connect() => _connection ??= database.OpenWriter();

    private static long HeadOf(DbConnection connection, string persistenceId, DbTransaction? transaction)
    {
        using var command = JournalTables.Command(connection, JournalTables.Head, ("@id", persistenceId));
        command.Transaction = transaction;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private void Append(DbConnection connection, DbTransaction transaction, AppendWork work)
    {
        if (work.IsHeadAssumed)
        {
            // A retry after a commit whose answer was lost finds its own entries: Insert tells them from others'.
            var head = HeadOf(connection, work.PersistenceId, transaction);
            if (head < work.Expected)
            {
                throw new JournalConflictException(work.PersistenceId, work.Expected, head);
            }
        }

        _insert ??= JournalTables.Command(
            connection,
            JournalTables.Insert,
            ("@id", ""),
            ("@number", 0L),
            ("@created", 0L),
            ("@message", Array.Empty<byte>()),
            ("@serializer", JournalTables.JsonSerializerId),
            ("@manifest", ""),
            ("@writer", writerId));
        _insert.Transaction = transaction;
        _insert.Parameters["@id"].Value = work.PersistenceId;
        var number = work.Expected;
        foreach (var entry in work.Entries)
        {
            number++;
            _insert.Parameters["@number"].Value = number;
            _insert.Parameters["@created"].Value = entry.At.UtcTicks;
            _insert.Parameters["@message"].Value = entry.Payload.ToArray();
            _insert.Parameters["@manifest"].Value = entry.Manifest;
            if (_insert.ExecuteNonQuery() == 0 && !IsOurs(connection, transaction, work.PersistenceId, number))
            {
                throw new JournalConflictException(work.PersistenceId, work.Expected, HeadOf(connection, work.PersistenceId, transaction));
            }
        }
    }

    // A commit may have succeeded although its answer was an error: then our own entry is in the way, and all is well.
    private bool IsOurs(DbConnection connection, DbTransaction transaction, string persistenceId, long number)
    {
        using var command = JournalTables.Command(connection, JournalTables.WriterOf, ("@id", persistenceId), ("@number", number));
        command.Transaction = transaction;
        return command.ExecuteScalar() is string writer && writer == writerId;
    }

    private static void Save(DbConnection connection, DbTransaction transaction, StoredSnapshot snapshot)
    {
        using var save = JournalTables.Command(
            connection,
            JournalTables.SaveSnapshot,
            ("@id", snapshot.PersistenceId),
            ("@number", snapshot.SequenceNumber),
            ("@created", snapshot.At.UtcTicks),
            ("@message", snapshot.Payload.ToArray()),
            ("@manifest", snapshot.Manifest),
            ("@serializer", JournalTables.JsonSerializerId));
        save.Transaction = transaction;
        save.ExecuteNonQuery();
        using var forget = JournalTables.Command(connection, JournalTables.ForgetSnapshots, ("@id", snapshot.PersistenceId));
        forget.Transaction = transaction;
        forget.ExecuteNonQuery();
    }
}
