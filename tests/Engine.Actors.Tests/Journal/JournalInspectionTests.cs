using System.Text;
using Engine.Actors.Journal;
using Engine.Actors.Journal.Inspection;
using Engine.Actors.Journal.Sqlite;
using Engine.Testing;
using Microsoft.Data.Sqlite;

namespace Engine.Actors.Tests.Journal;

public sealed class JournalInspectionTests : IDisposable
{
    private readonly SqliteFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Entries_of_all_ids_come_in_the_order_in_which_they_were_written_while_the_engine_runs()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("b", 0, [JournalSpec.Entry("1"), JournalSpec.Entry("2", seconds: 20)]);
        await journal.AppendAsync("a", 0, [JournalSpec.Entry("3", seconds: 10)]);
        await journal.AppendAsync("b", 2, [.. Enumerable.Range(4, 600).Select(i => JournalSpec.Entry("" + i, seconds: 30))]);

        using var inspection = SqliteJournal.Inspect(_folder.File);
        Assert.Equal(Enumerable.Range(1, 603).Select(i => $"\"{i}\""), inspection.Entries().Select(JournalSpec.Text));
        Assert.Equal(602, inspection.Entries("b").Count());
        Assert.Equal([2L], inspection.Entries("b", JournalSpec.Start.AddSeconds(20)).Take(1).Select(e => e.SequenceNumber));
        Assert.Equal(602, inspection.Entries(since: JournalSpec.Start.AddSeconds(10)).Count());
        Assert.Empty(inspection.Entries("nobody"));
    }

    [Fact]
    public async Task A_sound_journal_has_no_findings_before_and_after_compaction()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("a", 0, [JournalSpec.Entry("1"), JournalSpec.Entry("2"), JournalSpec.Entry("3")]);
        await journal.SaveSnapshotAsync(JournalSpec.Snapshot("a", 2, "s"));
        Assert.Empty(Verify());
        Assert.Equal(2, await journal.CompactAsync(JournalSpec.Start.AddDays(1), Cancellation));
        Assert.Empty(Verify());
    }

    [Fact]
    public async Task Missing_entries_are_harmful_unless_a_snapshot_covers_them()
    {
        await using (var journal = await OpenAsync())
        {
            foreach (var id in (string[])["bare", "covered", "beheaded"])
            {
                await journal.AppendAsync(id, 0, [.. Enumerable.Range(1, 6).Select(i => JournalSpec.Entry("" + i))]);
            }

            await journal.SaveSnapshotAsync(JournalSpec.Snapshot("covered", 4, "s"));
            await journal.SaveSnapshotAsync(JournalSpec.Snapshot("ahead", 9, "s"));
        }

        Execute("DELETE FROM journal WHERE persistence_id <> 'beheaded' AND sequence_number IN (3, 4)");
        Execute("DELETE FROM journal WHERE persistence_id = 'beheaded' AND sequence_number < 3");
        Assert.Equal(
            [
                (JournalFindingKind.SnapshotAhead, "ahead", 9L, false),
                (JournalFindingKind.Gap, "bare", 3L, true),
                (JournalFindingKind.Gap, "beheaded", 1L, true),
                (JournalFindingKind.CoveredGap, "covered", 3L, false),
            ],
            Verify().Select(f => (f.Kind, f.PersistenceId!, f.SequenceNumber, f.IsHarmful)));
    }

    [Fact]
    public async Task Unknown_manifests_and_payloads_that_cannot_be_decoded_are_found_in_entries_and_snapshots()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("a", 0, [JournalSpec.Entry("1"), new NewEntry("future.event/7", "{}"u8.ToArray(), JournalSpec.Start)]);
        await journal.AppendAsync("a", 2, [new NewEntry("test.happened/1", "broken"u8.ToArray(), JournalSpec.Start)]);
        await journal.SaveSnapshotAsync(new StoredSnapshot("a", 3, "state/9", "{}"u8.ToArray(), JournalSpec.Start));

        Assert.Equal(
            [(JournalFindingKind.UnknownManifest, 3L), (JournalFindingKind.UnknownManifest, 2L), (JournalFindingKind.Undecodable, 3L)],
            Verify().Select(f => (f.Kind, f.SequenceNumber)));
    }

    [Fact]
    public async Task A_damaged_file_is_a_finding_and_not_a_crash()
    {
        await using (var journal = await OpenAsync())
        {
            await journal.AppendAsync("a", 0, [.. Enumerable.Range(0, 2_000).Select(i => JournalSpec.Entry("entry " + i))]);
        }

        var bytes = await File.ReadAllBytesAsync(_folder.File, Cancellation);
        Array.Fill(bytes, (byte)0xA5, 8_192, bytes.Length - 8_192);
        await File.WriteAllBytesAsync(_folder.File, bytes, Cancellation);
        Assert.Contains(Verify(), f => f is { Kind: JournalFindingKind.Damaged, IsHarmful: true });
    }

    [Fact]
    public async Task Findings_are_bounded()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync("a", 0, [.. Enumerable.Range(0, 3_000).Select(_ => new NewEntry("x/1", "1"u8.ToArray(), JournalSpec.Start))]);
        Assert.Equal(JournalInspection.MostFindings, Verify().Count);
    }

    [Fact]
    public void A_journal_that_is_not_there_is_said_to_be_missing_and_not_created()
    {
        var refusal = Assert.Throws<JournalUnusableException>(() => SqliteJournal.Inspect(_folder.File));
        Assert.Contains("There is no journal", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path));
    }

    private Task<DurableJournal> OpenAsync() => SqliteJournal.OpenAsync(new SqliteJournalOptions(_folder.File), "writer", _time, Cancellation);

    private IReadOnlyList<JournalFinding> Verify()
    {
        using var inspection = SqliteJournal.Inspect(_folder.File);
        return inspection.Verify(
            manifest => manifest is "test.happened/1" or "state/1",
            (_, payload) => Encoding.UTF8.GetString(payload.Span).StartsWith('"') ? null : "it does not begin with a quote");
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _folder.File, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
