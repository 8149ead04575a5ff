using Microsoft.Data.Sqlite;

namespace Engine.Actors.Journal.Sqlite;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) in words for an operator.</summary>
internal static class SqliteFaults
{
    internal static string Explain(Exception exception, string path) => exception switch
    {
        JournalUnusableException e => e.Message,
        SqliteException { SqliteErrorCode: 13 } => $"The disk of {path} is full. Make room: the engine catches up by itself.",
        SqliteException { SqliteErrorCode: 10 } e =>
            $"The disk of {path} fails (SQLite code {e.SqliteExtendedErrorCode}). Check the disk and the system log.",
        SqliteException { SqliteErrorCode: 8 } => $"{path} is read-only. Let the user the engine runs as write the file and its folder.",
        SqliteException { SqliteErrorCode: 14 } =>
            $"{path} or its log cannot be opened. Check that the folder is there and belongs to the user the engine runs as.",
        SqliteException { SqliteErrorCode: 5 or 6 } => $"{path} is locked by another program. Close that program.",
        SqliteException { SqliteErrorCode: 11 or 26 } e => Damaged(path, e.Message),
        SqliteException e => $"SQLite refuses {path} with code {e.SqliteExtendedErrorCode}: {e.Message}",
        UnauthorizedAccessException => $"{path} may not be used. Give the file and its folder to the user the engine runs as.",
        _ => $"The journal {path} fails: {exception.Message}",
    };

    internal static string Damaged(string path, string detail) =>
        $"The journal {path} is damaged ({detail.Trim()}). It is left as it is. Restore it together with its -wal file from a backup, " +
        "or move both away to start with an empty history: cooling and exhausted accounts are then found out anew.";
}
