using Engine.Actors.Journal;
using Engine.Actors.Journal.Sqlite;
using Engine.Testing;

namespace Engine.Actors.Tests.Journal;

public sealed class SqliteFullDiskTests : IDisposable
{
    private const int Small = 24;

    private readonly SqliteFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _wanted = [];

    // Read by the journal's writer, set by the test.
    private long _pages = Small;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_defers_entries_which_can_be_read_and_are_written_in_order_when_there_is_room()
    {
        long last;
        await using (var journal = await OpenAsync(new JournalLimits()))
        {
            last = await FillAsync(journal, "a");
            Assert.Equal(Durability.Deferred, await journal.AppendAsync("b", 0, [Large(), Large()]));
            Assert.Equal(Durability.Deferred, await journal.SaveSnapshotAsync(JournalSpec.Snapshot("a", last, "s")));

            Assert.False(journal.Health.IsWriting);
            Assert.Contains("is full", journal.Health.Fault, StringComparison.Ordinal);
            Assert.Equal((3, 0L), (journal.Health.Deferred, journal.Health.Dropped));
            Assert.Equal(last, (await JournalSpec.ReadAllAsync(journal, "a"))[^1].SequenceNumber);
            Assert.Equal([2L], (await JournalSpec.ReadAllAsync(journal, "b", from: 2)).Select(e => e.SequenceNumber));
            Assert.Equal(last, (await journal.ReadSnapshotAsync("a", Cancellation))!.SequenceNumber);
            Assert.Equal(["a", "b"], await journal.PersistenceIdsAsync(Cancellation).ToListAsync(Cancellation));
            await Assert.ThrowsAsync<JournalConflictException>(async () => await journal.AppendAsync("b", 1, [Large()]));

            await MakeRoomAsync(journal, TimeSpan.FromMilliseconds(100));
            Assert.Equal((true, null, 0, 0L), (journal.Health.IsWriting, journal.Health.Fault, journal.Health.Deferred, journal.Health.Dropped));
            Assert.Equal(_time.GetUtcNow(), journal.Health.Since);
            Assert.Equal(Durability.Durable, await journal.AppendAsync("b", 2, [Large()]));
        }

        await using var again = await OpenAsync(new JournalLimits());
        Assert.Equal(Enumerable.Range(1, (int)last).Select(i => (long)i), (await JournalSpec.ReadAllAsync(again, "a")).Select(e => e.SequenceNumber));
        Assert.Equal([1L, 2, 3], (await JournalSpec.ReadAllAsync(again, "b")).Select(e => e.SequenceNumber));
        Assert.Equal(last, (await again.ReadSnapshotAsync("a", Cancellation))!.SequenceNumber);
    }

    [Fact]
    public async Task The_pause_before_another_try_doubles_and_traffic_does_not_push_it_away()
    {
        await using var journal = await OpenAsync(new JournalLimits());
        var last = await FillAsync(journal, "a");

        // Still full: the next try comes 200 ms after this one. An append in between must not restart the wait.
        _time.Advance(TimeSpan.FromMilliseconds(100));
        while (_time.ActiveTimers == 0)
        {
            await Task.Yield();
        }

        _time.Advance(TimeSpan.FromMilliseconds(150));
        await journal.AppendAsync("a", last, [Large()]);
        await journal.AppendAsync("unheard of", 0, [Large()]);
        await MakeRoomAsync(journal, TimeSpan.FromMilliseconds(50));
        Assert.Equal(last + 1, (await JournalSpec.ReadAllAsync(journal, "a"))[^1].SequenceNumber);
    }

    [Fact]
    public async Task A_journal_that_is_closed_while_the_disk_is_full_tries_a_last_time()
    {
        var journal = await OpenAsync(new JournalLimits());
        var last = await FillAsync(journal, "a");
        _pages = 10_000;
        await journal.DisposeAsync();

        await using var again = await OpenAsync(new JournalLimits());
        Assert.Equal(last, (await JournalSpec.ReadAllAsync(again, "a"))[^1].SequenceNumber);
    }

    [Fact]
    public async Task A_full_backlog_cuts_a_history_until_its_owner_saves_a_snapshot()
    {
        long last;
        await using (var journal = await OpenAsync(new JournalLimits { BacklogEntries = 3 }))
        {
            last = await FillAsync(journal, "a");
            Assert.Equal(Durability.Deferred, await journal.AppendAsync("b", 0, [Large(), Large()]));
            Assert.Empty(_wanted);

            // No room for this one: b is cut, and a, whose entry is the oldest, could make room.
            Assert.Equal(Durability.Deferred, await journal.AppendAsync("b", 2, [Large()]));
            Assert.Equal(["b", "a"], _wanted);
            Assert.Equal(1, journal.Health.Dropped);

            await MakeRoomAsync(journal, TimeSpan.FromMilliseconds(100));
            Assert.Equal(["b", "a", "b"], _wanted);

            // The disk takes entries again, but this one would leave a gap.
            Assert.Equal(Durability.Deferred, await journal.AppendAsync("b", 3, [Large()]));
            Assert.Equal(2, journal.Health.Dropped);
            Assert.Equal(Durability.Durable, await journal.SaveSnapshotAsync(JournalSpec.Snapshot("b", 4, "s")));
            Assert.Equal(Durability.Durable, await journal.AppendAsync("b", 4, [Large()]));
        }

        await using var again = await OpenAsync(new JournalLimits());
        Assert.Equal([1L, 2, 5], (await JournalSpec.ReadAllAsync(again, "b")).Select(e => e.SequenceNumber));
        Assert.Equal(4, (await again.ReadSnapshotAsync("b", Cancellation))!.SequenceNumber);
        Assert.Equal(last, (await JournalSpec.ReadAllAsync(again, "a"))[^1].SequenceNumber);
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_stop_the_writer()
    {
        await using var journal = await OpenAsync(new JournalLimits());
        journal.HealthChanged += _ => throw new InvalidOperationException("a listener's mistake");
        await FillAsync(journal, "a");
        await MakeRoomAsync(journal, TimeSpan.FromMilliseconds(100));
        Assert.Equal(Durability.Durable, await journal.AppendAsync("b", 0, [Large()]));
    }

    /// <summary>The environment variable ENGINE_TEST_SMALL_DISK names an empty folder on a file system of 0.7 to 2 MiB.</summary>
    [Fact]
    public async Task A_disk_that_is_really_full_is_named_and_caught_up_with()
    {
        var disk = Environment.GetEnvironmentVariable("ENGINE_TEST_SMALL_DISK");
        Assert.SkipWhen(string.IsNullOrEmpty(disk), "ENGINE_TEST_SMALL_DISK names no folder.");
        var folder = Path.Combine(disk, Path.GetRandomFileName());
        var ballast = Path.Combine(disk, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[300_000], Cancellation);
        try
        {
            var options = new SqliteJournalOptions(Path.Combine(folder, "journal.db"));
            long last;
            await using (var journal = await SqliteJournal.OpenAsync(options, "writer", _time, Cancellation))
            {
                last = await FillAsync(journal, "a");
                Assert.Contains("is full", journal.Health.Fault, StringComparison.Ordinal);
                Assert.Equal(last, (await JournalSpec.ReadAllAsync(journal, "a")).Count);
                File.Delete(ballast);
                await MakeRoomAsync(journal, TimeSpan.FromMilliseconds(100));
                Assert.Equal(Durability.Durable, await journal.AppendAsync("a", last, [Large()]));
            }

            await using var again = await SqliteJournal.OpenAsync(options, "second", _time, Cancellation);
            Assert.Equal(last + 1, (await JournalSpec.ReadAllAsync(again, "a")).Count);
        }
        finally
        {
            File.Delete(ballast);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static NewEntry Large()
    {
        var payload = new byte[3_000];
        Array.Fill(payload, (byte)'1');
        return new NewEntry("test.happened/1", payload, JournalSpec.Start);
    }

    private async Task<DurableJournal> OpenAsync(JournalLimits limits)
    {
        var options = new SqliteJournalOptions(_folder.File) { Limits = limits, PageLimit = () => Volatile.Read(ref _pages) };
        var journal = await SqliteJournal.OpenAsync(options, "writer", _time, Cancellation);
        journal.SnapshotWanted += _wanted.Add;
        return journal;
    }

    // Appends until one is deferred, and returns its number.
    private static async Task<long> FillAsync(DurableJournal journal, string id)
    {
        for (long i = 0; i < 1_000; i++)
        {
            if (await journal.AppendAsync(id, i, [Large()]) == Durability.Deferred)
            {
                return i + 1;
            }
        }

        throw new InvalidOperationException("The file never became full.");
    }

    private async Task MakeRoomAsync(DurableJournal journal, TimeSpan advance)
    {
        var writes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        journal.HealthChanged += OnChanged;
        Volatile.Write(ref _pages, 10_000);
        _time.Advance(advance);
        await writes.Task.WaitAsync(Cancellation);

        // Everything the writer raises while it catches up is raised before its next answer.
        await journal.SaveSnapshotAsync(JournalSpec.Snapshot("barrier", 1, "s"));
        journal.HealthChanged -= OnChanged;

        void OnChanged(JournalHealth health)
        {
            if (health.IsWriting)
            {
                writes.TrySetResult();
            }
        }
    }
}
