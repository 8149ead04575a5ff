using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class DecisionLogTests
{
    private readonly RotationScene _scene = new();

    [Fact]
    public void The_last_requests_are_found_and_older_ones_are_not()
    {
        var log = new DecisionLog(3);
        for (var i = 0; i < 5; i++)
        {
            log.Add(log.Rent($"r{i}", "m", default));
        }

        Assert.Equal([null, null, "r2", "r3", "r4"], Enumerable.Range(0, 5).Select(i => log.Find($"r{i}")?.RequestId));
        Assert.NotNull(log.Find("r3"));
        Assert.Null(log.Find("unknown"));
    }

    [Fact]
    public void Of_an_id_that_was_used_twice_the_latest_is_found()
    {
        var log = new DecisionLog(3);
        log.Add(log.Rent("r", "first", default));
        log.Add(log.Rent("r", "second", default));
        Assert.Equal("second", log.Find("r")?.Model);
    }

    [Fact]
    public async Task Readers_and_writers_in_parallel_never_see_a_torn_trace()
    {
        var log = new DecisionLog(64);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new FillFirst(), RotationScene.Lanes(1)));
        var done = 0;
        var writers = Enumerable.Range(0, 2).Select(writer => Task.Run(() =>
        {
            try
            {
                for (var i = 0; i < 20_000; i++)
                {
                    var id = $"{writer}-{i % 50}";
                    var trace = log.Rent(id, id, default);
                    pool.TryLease(table, new LeaseRequest { Trace = trace });
                    trace.Ended(id);
                    log.Add(trace);
                }
            }
            finally
            {
                Interlocked.Increment(ref done);
            }
        }));
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            var found = 0;
            for (var i = 0; Volatile.Read(ref done) < 2 || found == 0; i++)
            {
                var id = $"{(i + reader) % 2}-{i / 2 % 50}";
                if (log.Find(id) is { } decision)
                {
                    found++;
                    Assert.Equal((id, id), (decision.RequestId, decision.Model));
                    Assert.Equal(id, Assert.Single(decision.Rounds).Outcome);
                }
            }
        }));
        await Task.WhenAll([.. writers, .. readers]);
    }

    [Fact]
    public async Task A_reader_never_misses_what_another_one_reads()
    {
        var log = new DecisionLog(8);
        log.Add(log.Rent("r", "m", default));
        var missed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 10_000).Count(_ => log.Find("r") is null))));
        Assert.Equal(0, missed.Sum());
    }
}
