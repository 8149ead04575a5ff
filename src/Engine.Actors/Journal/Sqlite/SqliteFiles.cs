namespace Engine.Actors.Journal.Sqlite;

/// <summary>The files around a database: folder, lock, first bytes.</summary>
internal static class SqliteFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates the folder (0700) when it is missing, and locks the journal for this process. Dispose unlocks.</summary>
    internal static FileStream Lock(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            CreateFolder(folder);
            return Open(path + ".lock", FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalUnusableException(
                $"The folder {folder} cannot be written. Give it to the user the engine runs as, or set another data-dir.", e);
        }
        catch (IOException e) when (File.Exists(path + ".lock"))
        {
            throw new JournalUnusableException(
                $"The journal {path} is in use by another engine. Stop that one, or give this one a data-dir of its own.", e);
        }
        catch (IOException e)
        {
            throw new JournalUnusableException($"The folder {folder} cannot be used: {e.Message} Set another data-dir.", e);
        }
    }

    /// <summary>An empty file that only its owner may read (0600); SQLite gives its log the same mode.</summary>
    internal static void CreateIfMissing(string path) => Open(path, FileShare.ReadWrite | FileShare.Delete).Dispose();

    /// <exception cref="JournalUnusableException">It is something else than a database of SQLite.</exception>
    internal static void CheckHeader(string path)
    {
        Span<byte> start = stackalloc byte[16];
        int read;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnusableException($"The journal {path} cannot be read: {e.Message} Give it to the user the engine runs as.", e);
        }

        if (read > 0 && !start[..read].SequenceEqual("SQLite format 3\0"u8))
        {
            throw new JournalUnusableException(
                $"{path} is not a journal: it does not begin like a SQLite database. Move it elsewhere, or set another data-dir.");
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }
}
