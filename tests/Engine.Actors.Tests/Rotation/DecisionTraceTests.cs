using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class DecisionTraceTests
{
    private readonly RotationScene _scene = new();
    private readonly DecisionTrace _trace = new();

    public DecisionTraceTests() => _trace.Begin("r-1", "model", DateTimeOffset.UnixEpoch);

    [Fact]
    public void It_tells_whom_a_request_met_and_why_each_was_passed_over()
    {
        var lanes = RotationScene.Lanes(4);
        _scene.Cool(lanes[0].Account, TimeSpan.FromSeconds(5));
        _scene.Suspend(lanes[1].Account);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new FillFirst(), lanes));
        pool.TryLease(table, new LeaseRequest { Trace = _trace });
        _trace.Ended("overloaded");
        pool.TryLease(table, new LeaseRequest { Trace = _trace, Tried = [lanes[2]] });
        _trace.Ended("answered");

        var decision = _trace.Read();
        Assert.Equal(("r-1", "model", DateTimeOffset.UnixEpoch, 0), (decision.RequestId, decision.Model, decision.At, decision.Unrecorded));
        Assert.Equal(
            ["fill-first: a0 cooling, a1 suspended, a2 taken => overloaded", "fill-first: a0 cooling, a1 suspended, a2 tried, a3 taken => answered"],
            decision.Rounds.Select(static round =>
                $"{round.Strategy}: {string.Join(", ", round.Considered.Select(static each => $"{each.Account.Account} {each.Result}"))} => {round.Outcome}"));
        Assert.Equal(_scene.Time.GetUtcNow().AddSeconds(5), decision.Rounds[0].Considered[0].UsableAt);
        Assert.Null(decision.Rounds[0].Considered[1].UsableAt);
    }

    [Fact]
    public void A_comparing_strategy_tells_who_was_not_chosen()
    {
        var lanes = RotationScene.Lanes(3);
        _scene.Cool(lanes[2].Account, TimeSpan.FromSeconds(5));
        _scene.Pool().TryLease(RotationScene.Table(new LeastBusy(), lanes), new LeaseRequest { Trace = _trace });
        Assert.Equal(
            ["a0 taken", "a1 not_chosen", "a2 cooling"],
            _trace.Read().Rounds.Single().Considered.Select(static each => $"{each.Account.Account} {each.Result}").Order());
    }

    [Fact]
    public void Asking_again_from_the_queue_is_the_same_round()
    {
        var lanes = RotationScene.Lanes(2);
        Array.ForEach(lanes, lane => _scene.Cool(lane.Account, TimeSpan.FromSeconds(5)));
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new RoundRobin(), lanes));
        for (var i = 0; i < 200; i++)
        {
            pool.TryLease(table, new LeaseRequest { Trace = _trace });
            _trace.Queued();
        }

        var round = Assert.Single(_trace.Read().Rounds);
        Assert.True(round.Queued);
        Assert.Equal(2, round.Considered.Length);
    }

    [Fact]
    public void What_does_not_fit_is_counted_and_never_told_as_anothers()
    {
        var lanes = RotationScene.Lanes(2);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new FillFirst(), lanes));
        for (var i = 0; i < 30; i++)
        {
            pool.TryLease(table, new LeaseRequest { Trace = _trace });
            _trace.Ended($"outcome {i}");
        }

        var decision = _trace.Read();
        Assert.Equal(24, decision.Rounds.Length);
        Assert.All(decision.Rounds.Select(static (round, i) => (round, i)), static each =>
        {
            Assert.Single(each.round.Considered);
            Assert.Equal($"outcome {each.i}", each.round.Outcome);
        });
        Assert.Equal(12, decision.Unrecorded);
    }

    [Fact]
    public void Looks_beyond_its_room_are_counted()
    {
        var lanes = RotationScene.Lanes(120);
        Array.ForEach(lanes, lane => _scene.Cool(lane.Account, TimeSpan.FromSeconds(5)));
        _scene.Pool().TryLease(RotationScene.Table(new RoundRobin(), lanes), new LeaseRequest { Trace = _trace });
        Assert.Equal((96, 24), (_trace.Read().Rounds.Single().Considered.Length, _trace.Read().Unrecorded));
        _trace.Begin("r-2", "model", default);
        Assert.Equal((0, 0), (_trace.Read().Rounds.Length, _trace.Read().Unrecorded));
    }
}
