using Engine.Actors.Journal;

namespace Engine.Actors.Tests.Journal;

public sealed class JournalBacklogTests
{
    [Fact]
    public void Entries_that_a_waiting_snapshot_covers_make_room_for_new_ones()
    {
        var backlog = new JournalBacklog(3, long.MaxValue);
        backlog.Add(Append("a", 0, 2));
        backlog.Add(Append("b", 0, 1));
        backlog.Add(Snapshot("a", 2));
        Assert.Empty(backlog.Add(Append("a", 2, 2)));

        Assert.Equal((3, 2L, false), (backlog.Entries, backlog.Dropped, backlog.IsCut("a")));
        Assert.Equal([3L, 4], backlog.EntriesOf("a", 1).Select(e => e.SequenceNumber));
    }

    [Fact]
    public void Bytes_are_bounded_like_entries()
    {
        var backlog = new JournalBacklog(100, 25);
        Assert.Empty(backlog.Add(Append("a", 0, 2)));
        Assert.Equal(["b", "a"], backlog.Add(Append("b", 0, 1)));
        Assert.Equal(1, backlog.Dropped);
    }

    [Fact]
    public void An_older_snapshot_neither_mends_a_history_nor_replaces_a_newer_one()
    {
        var backlog = new JournalBacklog(0, 0);
        Assert.Equal(["a"], backlog.Add(Append("a", 4, 1)));
        Assert.Empty(backlog.Add(Append("a", 5, 1)));
        backlog.Mend(Snapshot("a", 5).Snapshot);
        Assert.True(backlog.IsCut("a"));
        backlog.Mend(Snapshot("a", 6).Snapshot);
        Assert.False(backlog.IsCut("a"));

        backlog.Add(Snapshot("a", 6));
        backlog.Add(Snapshot("a", 5));
        Assert.Equal(6, backlog.SnapshotOf("a")!.SequenceNumber);
        Assert.Single(backlog.Peek(10));
    }

    [Fact]
    public void Whatever_happens_no_history_on_disk_has_a_gap_that_its_snapshot_does_not_cover()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            Replay(new Random(seed), seed);
        }
    }

    // A disk that comes and goes, owners that append and save snapshots, in the order in which the writer treats them.
    private static void Replay(Random random, int seed)
    {
        string[] ids = ["a", "b", "c"];
        var backlog = new JournalBacklog(random.Next(0, 8), long.MaxValue);
        var heads = ids.ToDictionary(i => i, _ => 0L);
        var disk = ids.ToDictionary(i => i, _ => new SortedSet<long>());
        var saved = ids.ToDictionary(i => i, _ => 0L);
        var isWriting = true;
        for (var step = 0; step < 60; step++)
        {
            var id = ids[random.Next(ids.Length)];
            switch (random.Next(8))
            {
                case 0:
                    isWriting = !isWriting;
                    for (var works = backlog.Peek(2); isWriting && works.Count > 0; works = backlog.Peek(2))
                    {
                        works.ForEach(Write);
                        backlog.Remove(works);
                    }

                    break;
                case 1 when heads[id] > 0:
                    var snapshot = Snapshot(id, heads[id]);
                    backlog.Mend(snapshot.Snapshot);
                    if (isWriting)
                    {
                        Write(snapshot);
                    }
                    else
                    {
                        backlog.Add(snapshot);
                    }

                    break;
                default:
                    var append = Append(id, heads[id], random.Next(1, 4));
                    heads[id] = append.Last;
                    if (isWriting && !backlog.IsCut(id))
                    {
                        Write(append);
                    }
                    else
                    {
                        backlog.Add(append);
                    }

                    break;
            }

            foreach (var (name, numbers) in disk)
            {
                var tail = numbers.Where(n => n > saved[name]).ToList();
                var unbroken = tail.Select((_, i) => saved[name] + 1 + i);
                if (!tail.SequenceEqual(unbroken))
                {
                    Assert.Fail($"seed {seed}, step {step}: {name} has {string.Join(' ', numbers)} after {saved[name]}");
                }

                if (isWriting && !backlog.IsCut(name))
                {
                    Assert.Equal(heads[name], Math.Max(saved[name], numbers.Count == 0 ? 0 : numbers.Max));
                }
            }
        }

        void Write(JournalWork work)
        {
            if (work is AppendWork append)
            {
                disk[work.PersistenceId].UnionWith(Enumerable.Range(1, append.Entries.Count).Select(i => append.Expected + i));
            }
            else
            {
                saved[work.PersistenceId] = Math.Max(saved[work.PersistenceId], ((SnapshotWork)work).Snapshot.SequenceNumber);
            }
        }
    }

    private static AppendWork Append(string id, long expected, int count) =>
        new(id, expected, [.. Enumerable.Range(0, count).Select(_ => new NewEntry("test/1", new byte[10], JournalSpec.Start))]) { HandedOver = 0 };

    private static SnapshotWork Snapshot(string id, long number) => new(JournalSpec.Snapshot(id, number, "s")) { HandedOver = 0 };
}
