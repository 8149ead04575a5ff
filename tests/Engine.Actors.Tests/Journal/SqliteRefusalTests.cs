using Engine.Actors.Journal;
using Engine.Actors.Journal.Sqlite;
using Engine.Testing;
using Microsoft.Data.Sqlite;

namespace Engine.Actors.Tests.Journal;

public sealed class SqliteRefusalTests : IDisposable
{
    private readonly SqliteFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_something_else_is_refused_and_kept()
    {
        Directory.CreateDirectory(_folder.Path);
        await File.WriteAllTextAsync(_folder.File, "This is my shopping list. Bread, milk, eggs.", Cancellation);
        await AssertRefusedAsync("is not a journal");
    }

    [Fact]
    public async Task A_damaged_page_is_refused_and_kept()
    {
        await FillAsync();
        var bytes = await File.ReadAllBytesAsync(_folder.File, Cancellation);
        Array.Fill(bytes, (byte)0xA5, 8_192, bytes.Length - 8_192);
        await File.WriteAllBytesAsync(_folder.File, bytes, Cancellation);
        await AssertRefusedAsync("is damaged");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task A_truncated_file_is_refused_and_kept(double part)
    {
        await FillAsync();
        using (var file = new FileStream(_folder.File, FileMode.Open))
        {
            file.SetLength((long)(file.Length * part));
        }

        await AssertRefusedAsync("is damaged");
    }

    [Fact]
    public async Task A_file_that_ends_within_its_header_is_refused_and_kept()
    {
        await FillAsync();
        using (var file = new FileStream(_folder.File, FileMode.Open))
        {
            file.SetLength(60);
        }

        await AssertRefusedAsync("is damaged");
    }

    [Fact]
    public async Task A_torn_end_of_the_log_costs_only_what_was_never_acknowledged()
    {
        using var copy = new SqliteFolder();
        Directory.CreateDirectory(copy.Path);
        await using (var journal = await OpenAsync())
        {
            await journal.AppendAsync("a", 0, [JournalSpec.Entry("1")]);
            File.Copy(_folder.File, copy.File);
            File.Copy(_folder.File + "-wal", copy.File + "-wal");
        }

        // The half-written frame of a commit that a power cut interrupted.
        await File.AppendAllBytesAsync(copy.File + "-wal", new byte[3_000], Cancellation);
        await using var again = await SqliteJournal.OpenAsync(new SqliteJournalOptions(copy.File), "second", _time, Cancellation);
        Assert.Single(await JournalSpec.ReadAllAsync(again, "a"));
        await again.AppendAsync("a", 1, [JournalSpec.Entry("2")]);
    }

    [Fact]
    public async Task A_newer_version_is_refused_and_kept()
    {
        await FillAsync();
        Execute("PRAGMA user_version = 99");
        await AssertRefusedAsync("has version 99; this engine knows 1");
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_kept()
    {
        Directory.CreateDirectory(_folder.Path);
        Execute("CREATE TABLE songs (title TEXT)", SqliteOpenMode.ReadWriteCreate);
        await AssertRefusedAsync("is a database of another program");
    }

    [Fact]
    public async Task A_second_engine_is_refused_while_the_first_one_lives()
    {
        await using (var first = await OpenAsync())
        {
            var refusal = await Assert.ThrowsAsync<JournalUnusableException>(OpenAsync);
            Assert.Contains("in use by another engine", refusal.Message, StringComparison.Ordinal);
            await first.AppendAsync("a", 0, [JournalSpec.Entry("1")]);
        }

        await using var second = await OpenAsync();
        Assert.Single(await JournalSpec.ReadAllAsync(second, "a"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused()
    {
        Directory.CreateDirectory(_folder.Path);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "file"), "", Cancellation);
        var refusal = await Assert.ThrowsAsync<JournalUnusableException>(
            () => SqliteJournal.OpenAsync(new SqliteJournalOptions(Path.Combine(_folder.Path, "file", "journal.db")), "w", _time, Cancellation));
        Assert.Contains("data-dir", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_refused()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Folder modes do not bind this user.");
            return;
        }

        Directory.CreateDirectory(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var refusal = await Assert.ThrowsAsync<JournalUnusableException>(OpenAsync);
        Assert.Contains("cannot be written", refusal.Message, StringComparison.Ordinal);
    }

    private Task<DurableJournal> OpenAsync() => SqliteJournal.OpenAsync(new SqliteJournalOptions(_folder.File), "writer", _time, Cancellation);

    private async Task FillAsync()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("a", 0, [.. Enumerable.Range(0, 2_000).Select(i => JournalSpec.Entry("entry " + i))]);
    }

    private async Task AssertRefusedAsync(string words)
    {
        var before = await File.ReadAllBytesAsync(_folder.File, Cancellation);
        var refusal = await Assert.ThrowsAsync<JournalUnusableException>(OpenAsync);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.File, Cancellation));

        // The lock is free again: the next try gets the same answer, not "in use".
        Assert.Equal(refusal.Message, (await Assert.ThrowsAsync<JournalUnusableException>(OpenAsync)).Message);
    }

    private void Execute(string sql, SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _folder.File, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
