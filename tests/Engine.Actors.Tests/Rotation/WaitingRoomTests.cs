using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class WaitingRoomTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    private readonly RotationScene _scene = new();

    [Fact]
    public async Task Whoever_waits_gets_the_account_when_its_rest_is_over()
    {
        using var room = new WaitingRoom(_scene.Time, 10);
        var (pool, table, lane) = Single();
        _scene.Cool(lane.Account, TimeSpan.FromSeconds(3));
        var waiting = Wait(room, pool, table, "c", TimeSpan.FromSeconds(10));
        room.Pump();
        _scene.Time.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        _scene.Time.Advance(TimeSpan.FromTicks(1));
        var result = await waiting.WaitAsync(Guard, Aborted);
        Assert.Equal((LeaseAnswer.Leased, _scene.Now), (result.Answer, result.Lease.LeasedAt));
        Assert.Equal((0, 0), (room.Count, pool.Waiting));
    }

    [Fact]
    public async Task Nobody_waits_for_an_account_that_comes_too_late()
    {
        using var room = new WaitingRoom(_scene.Time, 10);
        var (pool, table, lane) = Single();
        _scene.Cool(lane.Account, TimeSpan.FromSeconds(3));
        var result = await Wait(room, pool, table, "c", TimeSpan.FromSeconds(3)).WaitAsync(Guard, Aborted);
        Assert.Equal((LeaseAnswer.WaitUntil, _scene.Now + TimeSpan.FromSeconds(3).Ticks), (result.Answer, result.UsableAt));
        Assert.Equal(0, room.Count);
    }

    [Fact]
    public async Task A_wait_that_has_become_useless_ends_at_once()
    {
        using var room = new WaitingRoom(_scene.Time, 10);
        var (pool, table, lane) = Single();
        _scene.Cool(lane.Account, TimeSpan.FromSeconds(3));
        var waiting = Wait(room, pool, table, "c", TimeSpan.FromSeconds(10));
        room.Pump();
        _scene.Exhaust(lane.Account, TimeSpan.FromHours(5));
        room.Signal();
        var result = await waiting.WaitAsync(Guard, Aborted);
        Assert.Equal((LeaseAnswer.WaitUntil, PassedOver.Exhausted), (result.Answer, result.Reason));

        var another = Wait(room, pool, table, "c", TimeSpan.FromHours(6));
        room.Pump();
        _scene.Suspend(lane.Account);
        room.Signal();
        Assert.Equal(LeaseAnswer.NobodyCan, (await another.WaitAsync(Guard, Aborted)).Answer);
    }

    [Fact]
    public async Task A_deadline_ends_the_wait_for_an_instant_that_nobody_knows()
    {
        using var room = new WaitingRoom(_scene.Time, 10);
        var (pool, table, lane) = Single(new AccountLimits(0, 0, 1));
        lane.TryLease(0, _scene.Now, out _, out _);
        var waiting = Wait(room, pool, table, "c", TimeSpan.FromSeconds(2));
        room.Pump();
        for (var i = 0; i < 79; i++)
        {
            _scene.Time.Advance(TimeSpan.FromMilliseconds(25));
        }

        Assert.False(waiting.IsCompleted);
        _scene.Time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal((LeaseAnswer.WaitUntil, PassedOver.ConcurrencyLimit), await Outcome(waiting));
    }

    [Fact]
    public async Task Whoever_stands_behind_its_clients_first_leaves_at_its_own_deadline()
    {
        using var room = new WaitingRoom(_scene.Time, 10);
        var (pool, table, lane) = Single(new AccountLimits(0, 0, 1));
        lane.TryLease(0, _scene.Now, out _, out _);
        var patient = Wait(room, pool, table, "c", TimeSpan.FromMinutes(5));
        var hasty = Wait(room, pool, table, "c", TimeSpan.FromSeconds(1));
        room.Pump();
        _scene.Time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal((LeaseAnswer.WaitUntil, PassedOver.ConcurrencyLimit), await Outcome(hasty));
        Assert.False(patient.IsCompleted);
    }

    [Fact]
    public async Task Whoever_stands_behind_its_clients_first_leaves_at_once_when_waiting_cannot_help()
    {
        using var room = new WaitingRoom(_scene.Time, 10);
        var (pool, table, lane) = Single();
        _scene.Cool(lane.Account, TimeSpan.FromSeconds(20));
        var patient = Wait(room, pool, table, "c", TimeSpan.FromMinutes(5));
        var hasty = Wait(room, pool, table, "c", TimeSpan.FromSeconds(10));
        Assert.Equal((LeaseAnswer.WaitUntil, PassedOver.Cooling), await Outcome(hasty));
        Assert.False(patient.IsCompleted);
    }

    [Fact]
    public async Task Clients_take_turns_and_within_one_the_first_comes_first()
    {
        using var room = new WaitingRoom(_scene.Time, 20);
        var (pool, table, lane) = Single(new AccountLimits(1, 0, 0));
        lane.TryLease(0, _scene.Now, out _, out _);
        List<(string Name, Task<LeaseResult> Task)> waiting = [];
        foreach (var name in (string[])["a1", "a2", "a3", "a4", "b1", "b2", "c1"])
        {
            waiting.Add((name, Wait(room, pool, table, name[..1], TimeSpan.FromHours(1))));
        }

        var served = new List<string>();
        while (waiting.Count > 0)
        {
            room.Pump();
            _scene.Time.Advance(TimeSpan.FromSeconds(61));
            await Task.WhenAny(waiting.Select(static each => each.Task)).WaitAsync(Guard, Aborted);
            var each = Assert.Single(waiting, static each => each.Task.IsCompleted);
            waiting.Remove(each);
            served.Add(each.Name);
        }

        Assert.Equal("a1 b1 c1 a2 b2 a3 a4", string.Join(' ', served));
    }

    [Fact]
    public async Task A_full_room_refuses_and_says_when_to_come_back()
    {
        using var room = new WaitingRoom(_scene.Time, 1);
        var (pool, table, lane) = Single();
        _scene.Cool(lane.Account, TimeSpan.FromSeconds(3));
        var waiting = Wait(room, pool, table, "c", TimeSpan.FromSeconds(10));
        var refused = await Wait(room, pool, table, "d", TimeSpan.FromSeconds(10)).WaitAsync(Guard, Aborted);
        Assert.Equal(
            (LeaseAnswer.Refused, _scene.Now + TimeSpan.FromSeconds(3).Ticks, PassedOver.Cooling), (refused.Answer, refused.UsableAt, refused.Reason));
        Assert.False(waiting.IsCompleted);
        Assert.Equal(1, room.Count);
    }

    [Fact]
    public async Task A_full_room_lets_nobody_overtake_who_waits()
    {
        using var room = new WaitingRoom(_scene.Time, 1);
        var (pool, table, lane) = Single(new AccountLimits(0, 0, 1));
        lane.TryLease(0, _scene.Now, out var held, out _);
        var first = Wait(room, pool, table, "c", TimeSpan.FromSeconds(10));
        room.Pump();
        held.Return(0, wasSent: true, _scene.Now);
        var late = Wait(room, pool, table, "d", TimeSpan.FromSeconds(10));
        Assert.Equal(LeaseAnswer.Leased, (await first.WaitAsync(Guard, Aborted)).Answer);
        Assert.False(late.IsCompleted);
    }

    [Fact]
    public async Task A_client_that_is_gone_frees_its_place_and_takes_no_account()
    {
        using var room = new WaitingRoom(_scene.Time, 10);
        using var gone = new CancellationTokenSource();
        var (pool, table, lane) = Single(new AccountLimits(0, 0, 1));
        lane.TryLease(0, _scene.Now, out var held, out _);
        var leaver = room.WaitAsync(pool, table, new LeaseRequest { Client = "c" }, _scene.Now + TimeSpan.TicksPerMinute, gone.Token).AsTask();
        var stayer = Wait(room, pool, table, "c", TimeSpan.FromMinutes(1));
        await gone.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => leaver);
        Assert.Equal((1, 1), (room.Count, pool.Waiting));
        held.Return(0, wasSent: true, _scene.Now);
        room.Signal();
        Assert.Equal(LeaseAnswer.Leased, (await stayer.WaitAsync(Guard, Aborted)).Answer);
        Assert.Equal((0, 0, 1), (room.Count, pool.Waiting, lane.Account.InFlight));

        await Assert.ThrowsAsync<TaskCanceledException>(() => room.WaitAsync(pool, table, default, long.MaxValue, gone.Token).AsTask());
        Assert.Equal(0, room.Count);
    }

    [Fact]
    public async Task A_deadline_beyond_all_timers_is_no_trouble()
    {
        using var room = new WaitingRoom(TimeProvider.System, 10);
        var lane = RotationScene.Lane("a");
        var pool = new AccountPool("p", TimeProvider.System, _scene.Affinity);
        lane.Account.Publish(lane.Account.State with { Standing = new Standing.Cooling(default, DateTimeOffset.MaxValue.AddYears(-1), CoolingCause.RateLimit, null) });
        var waiting = room.WaitAsync(pool, RotationScene.Table(new RoundRobin(), lane), default, long.MaxValue, Aborted).AsTask();
        room.Pump();
        RotationScene.Free(lane.Account);
        room.Signal();
        Assert.Equal(LeaseAnswer.Leased, (await waiting.WaitAsync(Guard, Aborted)).Answer);
    }

    [Fact]
    public async Task A_waiting_request_is_one_round_of_its_trace()
    {
        using var room = new WaitingRoom(_scene.Time, 10);
        var (pool, table, lane) = Single(new AccountLimits(0, 0, 1));
        lane.TryLease(0, _scene.Now, out var held, out _);
        pool.BeginWait();
        var trace = new DecisionTrace();
        trace.Begin("r", "m", default);
        var request = new LeaseRequest { Trace = trace };
        Assert.Equal(LeaseAnswer.WaitUntil, pool.TryLease(table, request).Answer);
        trace.Queued();
        var waiting = room.WaitAsync(pool, table, request, _scene.Now + TimeSpan.TicksPerMinute, Aborted).AsTask();
        room.Pump();
        for (var i = 0; i < 200; i++)
        {
            _scene.Time.Advance(TimeSpan.FromMilliseconds(25));
        }

        pool.EndWait();
        held.Return(0, wasSent: true, _scene.Now);
        room.Signal();
        await waiting.WaitAsync(Guard, Aborted);
        var round = Assert.Single(trace.Read().Rounds);
        Assert.True(round.Queued);
        Assert.Equal("taken", Assert.Single(round.Considered).Result);
        Assert.Equal(0, trace.Read().Unrecorded);
    }

    [Fact]
    public async Task Under_load_from_many_threads_nobody_is_forgotten()
    {
        const int Requests = 4_000;
        using var room = new WaitingRoom(TimeProvider.System, Requests);
        var pool = new AccountPool("p", TimeProvider.System, _scene.Affinity);
        var table = RotationScene.Table(new LeastBusy(), RotationScene.Lane("a", new AccountLimits(0, 0, 1)), RotationScene.Lane("b", new AccountLimits(0, 0, 2)));
        var deadline = TimeProvider.System.GetUtcNow().AddMinutes(1).UtcTicks;
        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(i => Task.Run(async () =>
        {
            using var gone = new CancellationTokenSource();
            var request = new LeaseRequest { Client = $"c{i % 7}" };
            var result = pool.TryLease(table, request);
            try
            {
                if (result.Answer == LeaseAnswer.WaitUntil)
                {
                    var waiting = room.WaitAsync(pool, table, request, deadline, gone.Token).AsTask();
                    if (i % 5 == 0)
                    {
                        await gone.CancelAsync();
                    }

                    result = await waiting;
                }
            }
            catch (OperationCanceledException)
            {
                return true;
            }

            await Task.Yield();
            if (result.Answer == LeaseAnswer.Leased)
            {
                result.Lease.Return(0, wasSent: true, 0);
                room.Signal();
            }

            return result.Answer == LeaseAnswer.Leased;
        }))).WaitAsync(TimeSpan.FromSeconds(50), Aborted);
        Assert.All(answers, Assert.True);
        Assert.Equal((0, 0), (room.Count, pool.Waiting));
        Assert.All(table.Lanes, static lane => Assert.Equal(0, lane.Account.InFlight));
    }

    private (AccountPool Pool, RotationTable Table, Lane Lane) Single(AccountLimits? limits = null)
    {
        var lane = RotationScene.Lane("a", limits);
        return (_scene.Pool(), RotationScene.Table(new RoundRobin(), lane), lane);
    }

    private Task<LeaseResult> Wait(WaitingRoom room, AccountPool pool, RotationTable table, string client, TimeSpan patience) =>
        room.WaitAsync(pool, table, new LeaseRequest { Client = client }, _scene.Now + patience.Ticks, Aborted).AsTask();

    private static async Task<(LeaseAnswer Answer, PassedOver Reason)> Outcome(Task<LeaseResult> waiting)
    {
        var result = await waiting.WaitAsync(Guard, Aborted);
        return (result.Answer, result.Reason);
    }
}
