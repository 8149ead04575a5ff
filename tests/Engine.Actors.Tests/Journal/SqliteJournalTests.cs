using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Engine.Actors.Journal;
using Engine.Actors.Journal.Sqlite;

namespace Engine.Actors.Tests.Journal;

public sealed class SqliteJournalTests : JournalSpec, IDisposable
{
    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async ValueTask<IJournal> OpenAsync() => await OpenSqliteAsync();

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_journal_was_opened_again()
    {
        await using (var journal = await OpenSqliteAsync())
        {
            await journal.AppendAsync("a", 0, [Entry("1"), Entry("2")]);
            await journal.SaveSnapshotAsync(Snapshot("a", 1, "s"));
        }

        await using var again = await OpenSqliteAsync();
        Assert.Equal(["\"1\"", "\"2\""], (await ReadAllAsync(again, "a")).Select(Text));
        Assert.Equal(1, (await again.ReadSnapshotAsync("a", Cancellation))!.SequenceNumber);
        await Assert.ThrowsAsync<JournalConflictException>(async () => await again.AppendAsync("a", 1, [Entry("x")]));
        await again.AppendAsync("a", 2, [Entry("3")]);
    }

    [Fact]
    public async Task What_was_acknowledged_is_in_a_copy_of_the_files_of_a_journal_that_was_never_closed()
    {
        await using var journal = await OpenSqliteAsync();
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(Durability.Durable, await journal.AppendAsync("a", i, [Entry("" + i)]));
        }

        // What a kill leaves behind: file and log, nothing checkpointed, nothing closed.
        using var copy = new SqliteFolder();
        Directory.CreateDirectory(copy.Path);
        File.Copy(_folder.File, copy.File);
        File.Copy(_folder.File + "-wal", copy.File + "-wal");
        await using var revived = await SqliteJournal.OpenAsync(new SqliteJournalOptions(copy.File), "second", Time, Cancellation);
        Assert.Equal(50, (await ReadAllAsync(revived, "a")).Count);
    }

    [Fact]
    public async Task Appends_that_wait_share_a_commit()
    {
        await using var journal = await OpenSqliteAsync();
        var appends = Enumerable.Range(0, 400).Select(i => journal.AppendAsync("id" + i, 0, [Entry("1")]).AsTask()).ToList();
        await Task.WhenAll(appends);

        // 400 appends without waiting: the first commit may take one alone, the others pile up behind it.
        Assert.InRange(journal.Commits, 1, 200);
        Assert.Equal(400, (await journal.PersistenceIdsAsync(Cancellation).ToListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task A_queue_shorter_than_its_callers_loses_and_reorders_nothing()
    {
        var options = new SqliteJournalOptions(_folder.File) { Limits = new JournalLimits { QueueLength = 2, CommitLength = 3 } };
        await using var journal = await SqliteJournal.OpenAsync(options, "writer", Time, Cancellation);
        var appends = Enumerable.Range(0, 200).Select(i => journal.AppendAsync("a", i, [Entry("" + i)]).AsTask()).ToList();
        await Task.WhenAll(appends);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"\"{i}\""), (await ReadAllAsync(journal, "a")).Select(Text));
    }

    [Fact]
    public async Task Closing_writes_what_waits()
    {
        var journal = await OpenSqliteAsync();
        var appends = Enumerable.Range(0, 300).Select(i => journal.AppendAsync("a", i, [Entry("" + i)]).AsTask()).ToList();
        await journal.DisposeAsync();
        Assert.All(await Task.WhenAll(appends), d => Assert.Equal(Durability.Durable, d));

        await using var again = await OpenSqliteAsync();
        Assert.Equal(300, (await ReadAllAsync(again, "a")).Count);
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_files()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        await using var journal = await OpenSqliteAsync();
        await journal.AppendAsync("a", 0, [Entry("1")]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Path));
        Assert.Contains(_folder.File + "-wal", Directory.GetFiles(_folder.Path));
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Compaction_of_a_long_history_goes_in_steps_and_the_log_stays_bounded()
    {
        await using var journal = await OpenSqliteAsync();
        var batch = Enumerable.Range(0, 1000).Select(i => Entry("" + i)).ToArray();
        for (var i = 0; i < 100; i++)
        {
            await journal.AppendAsync("a", i * 1000, batch);
        }

        await journal.SaveSnapshotAsync(Snapshot("a", 100_000, "s"));
        var before = journal.Commits;
        var compaction = journal.CompactAsync(Start.AddDays(1), Cancellation).AsTask();
        await journal.AppendAsync("b", 0, [Entry("meanwhile")]);
        Assert.Equal(99_999, await compaction);
        Assert.Equal(before + 1, journal.Commits);
        Assert.Equal([100_000L], (await ReadAllAsync(journal, "a")).Select(e => e.SequenceNumber));
        Assert.InRange(new FileInfo(_folder.File + "-wal").Length, 0, 16 << 20);
    }

    [Fact]
    public async Task Its_instruments_count_events_commits_and_the_time_of_appends()
    {
        await using var journal = await OpenSqliteAsync();
        var longs = new ConcurrentDictionary<string, long>();
        var appends = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, journal) && instrument.Meter.Name == "Engine.Actors")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((i, value, _, _) => longs.AddOrUpdate(i.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => longs[i.Name] = value);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref appends));
        listener.Start();
        await journal.AppendAsync("a", 0, [Entry("1"), Entry("2")]);
        await journal.AppendAsync("a", 2, [Entry("3")]);
        await journal.DisposeAsync();

        Assert.Equal((3L, 2L, 2), (longs["engine.journal.events"], longs["engine.journal.commits"], appends));
    }

    private async Task<DurableJournal> OpenSqliteAsync() =>
        await SqliteJournal.OpenAsync(new SqliteJournalOptions(_folder.File), "writer-1", Time, Cancellation);
}
