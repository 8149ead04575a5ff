using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class AccountPoolTests
{
    private readonly RotationScene _scene = new();

    [Fact]
    public void A_barred_account_is_passed_over()
    {
        var lanes = RotationScene.Lanes(3);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new RoundRobin(), lanes));
        _scene.Cool(lanes[1].Account, TimeSpan.FromSeconds(5));
        Assert.Equal(["a0", "a2", "a2", "a0"], Enumerable.Range(0, 4).Select(_ => _scene.Turn(pool, table)));
    }

    [Fact]
    public void Who_refused_this_request_is_not_asked_again_by_it()
    {
        var lanes = RotationScene.Lanes(2);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new FillFirst(), lanes));
        Assert.Equal("a1", _scene.Turn(pool, table, new LeaseRequest { Tried = [lanes[0]] }));
        var none = pool.TryLease(table, new LeaseRequest { Tried = lanes });
        Assert.Equal((LeaseAnswer.NobodyCan, PassedOver.Tried), (none.Answer, none.Reason));
    }

    [Fact]
    public void The_soonest_account_says_how_long_to_wait()
    {
        var lanes = RotationScene.Lanes(4);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new RoundRobin(), lanes));
        _scene.Cool(lanes[0].Account, TimeSpan.FromSeconds(9));
        _scene.Exhaust(lanes[1].Account, TimeSpan.FromSeconds(4));
        _scene.CoolModel(lanes[2], TimeSpan.FromMinutes(5));
        _scene.Cool(lanes[2].Account, TimeSpan.FromSeconds(1));
        _scene.Suspend(lanes[3].Account);
        var result = pool.TryLease(table, default);
        Assert.Equal(
            (LeaseAnswer.WaitUntil, _scene.Now + TimeSpan.FromSeconds(4).Ticks, PassedOver.Exhausted),
            (result.Answer, result.UsableAt, result.Reason));
        _scene.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("a1", pool.TryLease(table, default).Lease.Lane.Account.Id.Account);
    }

    [Fact]
    public void A_tried_account_that_rests_counts_for_waiting()
    {
        var lanes = RotationScene.Lanes(2);
        _scene.Cool(lanes[0].Account, TimeSpan.FromSeconds(3));
        _scene.Cool(lanes[1].Account, TimeSpan.FromSeconds(7));
        var result = _scene.Pool().TryLease(RotationScene.Table(new RoundRobin(), lanes), new LeaseRequest { Tried = [lanes[0]] });
        Assert.Equal((LeaseAnswer.WaitUntil, _scene.Now + TimeSpan.FromSeconds(3).Ticks), (result.Answer, result.UsableAt));
    }

    [Fact]
    public void When_time_does_not_help_nobody_can()
    {
        var lanes = RotationScene.Lanes(2);
        _scene.Suspend(lanes[0].Account);
        _scene.Suspend(lanes[1].Account);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new RoundRobin(), lanes));
        Assert.Equal((LeaseAnswer.NobodyCan, PassedOver.Suspended), (pool.TryLease(table, default).Answer, pool.TryLease(table, default).Reason));
        Assert.Equal(LeaseAnswer.NobodyCan, pool.TryLease(RotationScene.Table(new RoundRobin()), default).Answer);
    }

    [Theory]
    [InlineData("round-robin")]
    [InlineData("least-busy")]
    public void A_conversation_stays_where_it_is_and_moves_when_its_account_cannot_serve(string strategy)
    {
        var lanes = RotationScene.Lanes(3);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(strategy == "least-busy" ? new LeastBusy() : new RoundRobin(), lanes));
        var request = new LeaseRequest { Session = 77 };
        var home = _scene.Turn(pool, table, request);
        for (var i = 0; i < 5; i++)
        {
            _scene.Turn(pool, table);
            Assert.Equal(home, _scene.Turn(pool, table, request));
        }

        _scene.Cool(lanes.Single(lane => lane.Account.Id.Account == home).Account, TimeSpan.FromSeconds(5));
        var next = _scene.Turn(pool, table, request);
        Assert.NotEqual(home, next);
        _scene.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(next, _scene.Turn(pool, table, request));
    }

    [Fact]
    public void A_conversation_of_one_pool_is_another_one_in_the_next()
    {
        var lanes = RotationScene.Lanes(2);
        var table = RotationScene.Table(new RoundRobin(), lanes);
        var (one, other) = (_scene.Pool("one"), _scene.Pool("other"));
        var request = new LeaseRequest { Session = 77 };
        Assert.Equal("a0", _scene.Turn(one, table, request));
        _scene.Turn(other, table);
        Assert.Equal("a1", _scene.Turn(other, table, request));
        Assert.Equal("a0", _scene.Turn(one, table, request));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_conversation_stays_in_its_family_as_long_as_that_can_serve(bool compares)
    {
        var lanes = RotationScene.Lanes(4);
        var table = new RotationTable([.. lanes], ["x", "y", "x", "y"], compares ? new LeastBusy() : new RoundRobin());
        var pool = _scene.Pool();
        var request = new LeaseRequest { Session = 5 };
        Assert.Equal("a0", _scene.Turn(pool, table, request));
        _scene.Cool(lanes[0].Account, TimeSpan.FromSeconds(9));
        var cousin = pool.TryLease(table, request);
        Assert.Equal(("a2", false), (cousin.Lease.Lane.Account.Id.Account, cousin.FamilyChanged));
        _scene.Return(cousin);

        _scene.Cool(lanes[2].Account, TimeSpan.FromSeconds(9));
        var stranger = pool.TryLease(table, request);
        Assert.True(stranger is { Answer: LeaseAnswer.Leased, FamilyChanged: true });
        _scene.Return(stranger);
        var again = pool.TryLease(table, request);
        Assert.Equal((stranger.Lease.Lane, false), (again.Lease.Lane, again.FamilyChanged));
    }

    [Fact]
    public void Quota_exhausted_overflows_while_its_account_rests_and_moves_when_its_quota_is_gone()
    {
        var lanes = RotationScene.Lanes(3);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new QuotaExhausted(), lanes));
        _scene.Cool(lanes[0].Account, TimeSpan.FromSeconds(5));
        var overflow = pool.TryLease(table, default);
        Assert.Equal(("a1", null), (overflow.Lease.Lane.Account.Id.Account, overflow.Rotation));
        RotationScene.Free(lanes[0].Account);
        Assert.Equal("a0", _scene.Turn(pool, table));

        _scene.Exhaust(lanes[0].Account, TimeSpan.FromHours(5));
        var moved = pool.TryLease(table, default);
        Assert.Equal(new RotationMove(lanes[0].Account, lanes[1].Account, "exhausted"), moved.Rotation);
        RotationScene.Free(lanes[0].Account);
        var settled = pool.TryLease(table, default);
        Assert.Equal(("a1", null), (settled.Lease.Lane.Account.Id.Account, settled.Rotation));
    }

    [Fact]
    public void Request_count_switches_after_its_number_and_says_so()
    {
        var lanes = RotationScene.Lanes(2);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new RequestCount(2), lanes));
        var results = Enumerable.Range(0, 5).Select(_ => pool.TryLease(table, default)).ToArray();
        Assert.Equal(["a0", "a0", "a1", "a1", "a0"], results.Select(static result => result.Lease.Lane.Account.Id.Account));
        Assert.Equal(
            [null, null, new RotationMove(lanes[0].Account, lanes[1].Account, "request_count"), null, new RotationMove(lanes[1].Account, lanes[0].Account, "request_count")],
            results.Select(static result => result.Rotation));
    }

    [Fact]
    public void Asking_in_vain_is_nobodys_turn()
    {
        var lanes = RotationScene.Lanes(2);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new RequestCount(2), lanes));
        Assert.Equal("a0", _scene.Turn(pool, table));
        Array.ForEach(lanes, lane => _scene.Cool(lane.Account, TimeSpan.FromSeconds(1)));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(LeaseAnswer.WaitUntil, pool.TryLease(table, default).Answer);
        }

        Array.ForEach(lanes, static lane => RotationScene.Free(lane.Account));
        Assert.Equal(["a0", "a1"], [_scene.Turn(pool, table), _scene.Turn(pool, table)]);
    }

    [Fact]
    public void One_requests_retry_does_not_move_the_pool()
    {
        var lanes = RotationScene.Lanes(2);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new RequestCount(100), lanes));
        var retry = pool.TryLease(table, new LeaseRequest { Tried = [lanes[0]] });
        Assert.Equal(("a1", null), (retry.Lease.Lane.Account.Id.Account, retry.Rotation));
        Assert.Equal("a0", _scene.Turn(pool, table));
    }

    [Fact]
    public void A_restored_pool_is_where_it_was()
    {
        var table = RotationScene.Table(new QuotaExhausted(), RotationScene.Lanes(3));
        var pool = _scene.Pool();
        pool.Restore(table, "up", "a2");
        Assert.Equal("a2", _scene.Turn(pool, table));
        pool.Restore(table, "up", "gone");
        pool.Restore(table, "elsewhere", "a0");
        Assert.Equal("a2", _scene.Turn(pool, table));
    }

    [Fact]
    public void Waiting_requests_come_first()
    {
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new RoundRobin(), RotationScene.Lanes(1)));
        pool.BeginWait();
        var result = pool.TryLease(table, default);
        Assert.Equal((LeaseAnswer.WaitUntil, PassedOver.OthersWait, _scene.Now), (result.Answer, result.Reason, result.UsableAt));
        pool.EndWait();
        Assert.Equal(LeaseAnswer.Leased, pool.TryLease(table, default).Answer);
    }

    [Fact]
    public void Weighted_turns_follow_the_weights_and_a_barred_account_is_asked_once()
    {
        Lane[] lanes = [RotationScene.Lane("a0", weight: 5), RotationScene.Lane("a1"), RotationScene.Lane("a2")];
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new Weighted(), lanes));
        Assert.Equal("a0 a0 a1 a0 a0 a2 a0", string.Join(' ', Enumerable.Range(0, 7).Select(_ => _scene.Turn(pool, table))));
        Array.ForEach(lanes, lane => _scene.Cool(lane.Account, TimeSpan.FromSeconds(1)));
        var trace = new DecisionTrace();
        trace.Begin("r", "m", default);
        pool.TryLease(table, new LeaseRequest { Trace = trace });
        Assert.Equal(["a0", "a1", "a2"], trace.Read().Rounds.Single().Considered.Select(static each => each.Account.Account).Order());
    }

    [Fact]
    public void Least_busy_fills_evenly_and_takes_the_next_when_the_best_has_no_room()
    {
        Lane[] lanes = [RotationScene.Lane("a0", new AccountLimits(0, 0, 1)), RotationScene.Lane("a1"), RotationScene.Lane("a2")];
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new LeastBusy(), lanes));
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(LeaseAnswer.Leased, pool.TryLease(table, default).Answer);
        }

        Assert.Equal([1, 3, 3], lanes.Select(static lane => lane.Account.InFlight));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void A_comparing_strategy_serves_whom_it_can_among_many(int count)
    {
        var lanes = RotationScene.Lanes(count);
        var table = RotationScene.Table(new LeastBusy(), lanes);
        foreach (var lane in lanes[..^1])
        {
            _scene.Cool(lane.Account, TimeSpan.FromSeconds(1));
        }

        Assert.Same(lanes[^1], _scene.Pool().TryLease(table, default).Lease.Lane);
    }

    [Fact]
    public void A_strategy_can_change_while_the_pool_runs()
    {
        var lanes = RotationScene.Lanes(3);
        var pool = _scene.Pool();
        Assert.Equal(["a0", "a1"], Enumerable.Range(0, 2).Select(_ => _scene.Turn(pool, RotationScene.Table(new RoundRobin(), lanes))));
        Assert.Equal("a2", _scene.Turn(pool, RotationScene.Table(new QuotaExhausted(), lanes)));
        Assert.Equal("a0", _scene.Turn(pool, RotationScene.Table(new QuotaExhausted(), lanes[..2])));
    }

    [Fact]
    public async Task Requests_in_parallel_take_turns_exactly()
    {
        var lanes = RotationScene.Lanes(4);
        var (pool, table) = (_scene.Pool(), RotationScene.Table(new RoundRobin(), lanes));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                pool.TryLease(table, default);
            }
        })));
        Assert.All(lanes, static lane => Assert.Equal(10_000, lane.Account.InFlight));
    }
}
