using System.Text;
using Engine.Actors.Journal;
using Engine.Testing;

namespace Engine.Actors.Tests.Journal;

/// <summary>What every journal must do. A store's test class derives from it and opens its own.</summary>
public abstract class JournalSpec
{
    internal static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    protected ManualTimeProvider Time { get; } = new(Start);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A new, empty journal.</summary>
    protected abstract ValueTask<IJournal> OpenAsync();

    [Fact]
    public async Task What_is_appended_is_read_back_in_order_and_numbered_from_one()
    {
        await using var journal = await OpenAsync();
        Assert.Equal(Durability.Durable, await journal.AppendAsync("account/a", 0, [Entry("one"), Entry("two", seconds: 1)]));
        Assert.Equal(Durability.Durable, await journal.AppendAsync("account/a", 2, [Entry("three", seconds: 2)]));

        var read = await ReadAllAsync(journal, "account/a");
        Assert.Equal([1L, 2, 3], read.Select(e => e.SequenceNumber));
        Assert.Equal(["\"one\"", "\"two\"", "\"three\""], read.Select(Text));
        Assert.All(read, e => Assert.Equal("account/a", e.PersistenceId));
        Assert.All(read, e => Assert.Equal("test.happened/1", e.Manifest));
        Assert.Equal(Start.AddSeconds(2), read[2].At);
    }

    [Fact]
    public async Task An_instant_comes_back_to_the_tick()
    {
        await using var journal = await OpenAsync();
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2)).AddTicks(1_234_567);
        await journal.AppendAsync("a", 0, [new NewEntry("test.happened/1", "1"u8.ToArray(), at)]);
        await journal.SaveSnapshotAsync(new StoredSnapshot("a", 1, "state/1", "2"u8.ToArray(), at));

        Assert.Equal(at.UtcTicks, (await ReadAllAsync(journal, "a"))[0].At.UtcTicks);
        Assert.Equal(at.UtcTicks, (await journal.ReadSnapshotAsync("a", Cancellation))!.At.UtcTicks);
    }

    [Fact]
    public async Task Reading_starts_at_the_number_asked_for()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("a", 0, [Entry("1"), Entry("2"), Entry("3")]);

        Assert.Equal([2L, 3], (await ReadAllAsync(journal, "a", from: 2)).Select(e => e.SequenceNumber));
        Assert.Empty(await ReadAllAsync(journal, "a", from: 4));
        Assert.Empty(await ReadAllAsync(journal, "nobody"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_append_that_expects_another_number_conflicts_and_writes_nothing(long expected)
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("a", 0, [Entry("1"), Entry("2")]);

        var conflict = await Assert.ThrowsAsync<JournalConflictException>(
            async () => await journal.AppendAsync("a", expected, [Entry("late")]));
        Assert.Contains("ends with 2, not with " + expected, conflict.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await ReadAllAsync(journal, "a")).Count);
        await journal.AppendAsync("a", 2, [Entry("3")]);
        Assert.Equal(3, (await ReadAllAsync(journal, "a")).Count);
    }

    [Fact]
    public async Task A_conflict_of_one_id_does_not_touch_the_others_of_the_same_moment()
    {
        await using var journal = await OpenAsync();
        var appends = Enumerable.Range(0, 40)
            .Select(async i => await journal.AppendAsync("id" + i, i % 4 == 0 ? 7 : 0, [Entry("x")]))
            .ToList();
        for (var i = 0; i < appends.Count; i++)
        {
            if (i % 4 == 0)
            {
                await Assert.ThrowsAsync<JournalConflictException>(() => appends[i]);
            }
            else
            {
                Assert.Equal(Durability.Durable, await appends[i]);
            }
        }

        Assert.Equal(30, (await journal.PersistenceIdsAsync(Cancellation).ToListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task Appends_that_are_not_awaited_one_by_one_keep_their_order()
    {
        await using var journal = await OpenAsync();
        var appends = Enumerable.Range(0, 500).Select(i => journal.AppendAsync("a", i, [Entry(i.ToString())]).AsTask()).ToList();
        await Task.WhenAll(appends);

        var read = await ReadAllAsync(journal, "a");
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"\"{i}\""), read.Select(Text));
    }

    [Fact]
    public async Task The_latest_snapshot_is_the_one_that_counts()
    {
        await using var journal = await OpenAsync();
        Assert.Null(await journal.ReadSnapshotAsync("a", Cancellation));
        await journal.AppendAsync("a", 0, [Entry("1"), Entry("2"), Entry("3")]);
        await journal.SaveSnapshotAsync(Snapshot("a", 1, "early"));
        await journal.SaveSnapshotAsync(Snapshot("a", 3, "new"));
        await journal.SaveSnapshotAsync(Snapshot("a", 2, "late"));

        var snapshot = await journal.ReadSnapshotAsync("a", Cancellation);
        Assert.Equal((3L, "state/1", "\"new\""), (snapshot!.SequenceNumber, snapshot.Manifest, Encoding.UTF8.GetString(snapshot.Payload.Span)));
        Assert.Equal(3, (await ReadAllAsync(journal, "a")).Count);
    }

    [Fact]
    public async Task A_snapshot_of_the_same_number_replaces_the_first()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("a", 0, [Entry("1")]);
        await journal.SaveSnapshotAsync(Snapshot("a", 1, "first"));
        await journal.SaveSnapshotAsync(Snapshot("a", 1, "second"));

        Assert.Equal("\"second\"", Encoding.UTF8.GetString((await journal.ReadSnapshotAsync("a", Cancellation))!.Payload.Span));
    }

    [Fact]
    public async Task Compaction_deletes_only_what_is_old_and_covered_and_never_the_last_entry()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("covered", 0, [Entry("1"), Entry("2", 10), Entry("3", 20)]);
        await journal.SaveSnapshotAsync(Snapshot("covered", 3, "s"));
        await journal.AppendAsync("half", 0, [Entry("1"), Entry("2"), Entry("3"), Entry("4")]);
        await journal.SaveSnapshotAsync(Snapshot("half", 2, "s"));
        await journal.AppendAsync("bare", 0, [Entry("1"), Entry("2")]);

        Assert.Equal(3, await journal.CompactAsync(Start.AddSeconds(10), Cancellation));
        Assert.Equal([2L, 3], (await ReadAllAsync(journal, "covered")).Select(e => e.SequenceNumber));
        Assert.Equal([3L, 4], (await ReadAllAsync(journal, "half")).Select(e => e.SequenceNumber));
        Assert.Equal([1L, 2], (await ReadAllAsync(journal, "bare")).Select(e => e.SequenceNumber));

        Assert.Equal(1, await journal.CompactAsync(Start.AddSeconds(100), Cancellation));
        Assert.Equal([3L], (await ReadAllAsync(journal, "covered")).Select(e => e.SequenceNumber));
        await journal.AppendAsync("covered", 3, [Entry("4")]);
        Assert.Equal(0, await journal.CompactAsync(Start, Cancellation));
    }

    [Fact]
    public async Task Ids_come_in_ordinal_order_with_or_without_entries()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("b", 0, [Entry("1")]);
        await journal.AppendAsync("a/ö", 0, [Entry("1")]);
        await journal.AppendAsync("B", 0, [Entry("1")]);
        await journal.SaveSnapshotAsync(Snapshot("a", 5, "only a snapshot"));

        Assert.Equal(["B", "a", "a/ö", "b"], await journal.PersistenceIdsAsync(Cancellation).ToListAsync(Cancellation));
        await journal.AppendAsync("a", 5, [Entry("6")]);
        Assert.Equal([6L], (await ReadAllAsync(journal, "a")).Select(e => e.SequenceNumber));
    }

    [Fact]
    public async Task A_long_history_is_read_whole_and_a_large_payload_survives()
    {
        await using var journal = await OpenAsync();
        var large = new byte[300_000];
        Array.Fill(large, (byte)'7');
        await journal.AppendAsync("a", 0, [.. Enumerable.Range(1, 1500).Select(i => Entry(i.ToString()))]);
        await journal.AppendAsync("a", 1500, [new NewEntry("test.happened/1", large, Start)]);

        var read = await ReadAllAsync(journal, "a");
        Assert.Equal(Enumerable.Range(1, 1501).Select(i => (long)i), read.Select(e => e.SequenceNumber));
        Assert.True(read[^1].Payload.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task A_closed_journal_refuses_entries()
    {
        var journal = await OpenAsync();
        await journal.DisposeAsync();
        await journal.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.AppendAsync("a", 0, [Entry("1")]));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.SaveSnapshotAsync(Snapshot("a", 1, "s")));
    }

    [Fact]
    public async Task Senseless_arguments_are_refused_before_anything_is_written()
    {
        await using var journal = await OpenAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await journal.AppendAsync("", 0, [Entry("1")]));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await journal.AppendAsync(new string('x', 256), 0, [Entry("1")]));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await journal.AppendAsync("a", -1, [Entry("1")]));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await journal.AppendAsync("a", 0, []));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await journal.SaveSnapshotAsync(Snapshot("a", 0, "s")));
        Assert.Empty(await journal.PersistenceIdsAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_journal_that_writes_says_so()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("a", 0, [Entry("1")]);
        Assert.Equal(new JournalHealth(IsWriting: true, Start, Fault: null, Deferred: 0, Dropped: 0), journal.Health);
    }

    internal static NewEntry Entry(string text, int seconds = 0) =>
        new("test.happened/1", Encoding.UTF8.GetBytes($"\"{text}\""), Start.AddSeconds(seconds));

    internal static StoredSnapshot Snapshot(string id, long sequenceNumber, string text) =>
        new(id, sequenceNumber, "state/1", Encoding.UTF8.GetBytes($"\"{text}\""), Start);

    internal static string Text(JournalEntry entry) => Encoding.UTF8.GetString(entry.Payload.Span);

    internal static async Task<List<JournalEntry>> ReadAllAsync(IJournal journal, string id, long from = 1) =>
        await journal.ReadAsync(id, from, Cancellation).ToListAsync(Cancellation);
}
