using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class AffinityTableTests
{
    private static readonly long Now = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero).UtcTicks;
    private readonly Lane _one = RotationScene.Lane("a");
    private readonly Lane _other = RotationScene.Lane("b");

    [Fact]
    public void A_conversation_is_found_where_it_was_bound()
    {
        var table = Table(100);
        table.Bind(1, _one, "x", Now);
        table.Bind(2, _other, "y", Now);
        Assert.Same(_one, table.Find(1, Now, out var family));
        Assert.Equal("x", family);
        Assert.Same(_other, table.Find(2, Now, out _));
        Assert.Null(table.Find(3, Now, out family));
        Assert.Null(family);
    }

    [Fact]
    public void Each_use_prolongs_it_and_quiet_ends_it()
    {
        var table = Table(100);
        var almost = TimeSpan.FromSeconds(59).Ticks;
        table.Bind(1, _one, "x", Now);
        Assert.NotNull(table.Find(1, Now + almost, out _));
        Assert.NotNull(table.Find(1, Now + (2 * almost), out _));
        Assert.Null(table.Find(1, Now + (2 * almost) + TimeSpan.FromSeconds(61).Ticks, out var family));
        Assert.Null(family);
    }

    [Fact]
    public void A_conversation_that_moved_is_found_at_its_new_place_alone()
    {
        var table = Table(100);
        table.Bind(1, _one, "x", Now);
        table.Bind(1, _other, "y", Now);
        Assert.Same(_other, table.Find(1, Now, out var family));
        Assert.Equal("y", family);
        Assert.Equal(1, table.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(1_000)]
    public void It_never_remembers_more_than_it_may(int capacity)
    {
        var table = Table(capacity);
        for (var i = 0; i < 10 * capacity; i++)
        {
            table.Bind(SessionKey.Of($"conversation {i}"), _one, "x", Now + i);
        }

        var known = Enumerable.Range(0, 10 * capacity).Count(i => table.Find(SessionKey.Of($"conversation {i}"), Now, out var _) is not null);
        Assert.InRange(known, 1, capacity);
        Assert.Equal(known, table.Count);
    }

    [Fact]
    public void A_full_table_forgets_quiet_conversations_before_busy_ones()
    {
        var table = Table(1_024);
        var busy = Enumerable.Range(0, 100).Select(static i => SessionKey.Of($"busy {i}")).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            table.Bind(SessionKey.Of($"passing {i}"), _one, "x", Now + i);
            if (i % 100 == 0)
            {
                foreach (var session in busy)
                {
                    if (table.Find(session, Now + i, out _) is null)
                    {
                        table.Bind(session, _other, "x", Now + i);
                    }
                }
            }
        }

        Assert.All(busy, session => Assert.Same(_other, table.Find(session, Now + 20_000, out var _)));

        // The last ones to come stay for about as long as the table is large, not only for a moment.
        var recent = Enumerable.Range(19_600, 400).Count(i => table.Find(SessionKey.Of($"passing {i}"), Now + 20_000, out var _) is not null);
        Assert.InRange(recent, 340, 400);
    }

    [Fact]
    public async Task Threads_in_parallel_leave_a_sound_table()
    {
        var table = Table(256);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 50_000; i++)
            {
                var session = (UInt128)random.Next(1, 1_000);
                var lane = session % 2 == 0 ? _one : _other;
                if (table.Find(session, Now + i, out var family) is { } found)
                {
                    Assert.Same(lane, found);
                    Assert.Equal(lane.Account.Id.Account, family);
                }

                table.Bind(session, lane, lane.Account.Id.Account, Now + i);
            }
        })));
        Assert.InRange(table.Count, 200, 256);
    }

    private static AffinityTable Table(int capacity) => new(capacity, TimeSpan.FromMinutes(1));
}
