namespace Engine.Actors.Tests.Journal;

/// <summary>A folder for one test's journal, not created yet, gone afterwards.</summary>
internal sealed class SqliteFolder : IDisposable
{
    internal string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "engine-journal-" + System.IO.Path.GetRandomFileName());

    internal string File => System.IO.Path.Combine(Path, "journal.db");

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
