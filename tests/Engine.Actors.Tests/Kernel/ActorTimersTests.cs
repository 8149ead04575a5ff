using Engine.Actors.Kernel;
using Engine.Actors.Tests.Kernel.TestKit;

namespace Engine.Actors.Tests.Kernel;

public sealed class ActorTimersTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_single_timer_fires_once_and_a_periodic_one_until_cancelled()
    {
        await using var system = new TestSystem();
        var (actor, probe) = await StartAsync(system, timers =>
        {
            timers.StartSingle("once", "single", Second);
            timers.StartPeriodic("often", "tick", 2 * Second);
        });

        system.Time.Advance(Second);
        Assert.Equal("single", await probe.NextAsync());
        system.Time.Advance(Second);
        Assert.Equal("tick", await probe.NextAsync());
        system.Time.Advance(2 * Second);
        Assert.Equal("tick", await probe.NextAsync());
        actor.Tell(timers =>
        {
            Assert.False(timers.IsActive("once"));
            Assert.True(timers.IsActive("often"));
            timers.Cancel("often");
            return "cancelled";
        });
        Assert.Equal("cancelled", await probe.NextAsync());
        Assert.Equal(0, system.Time.ActiveTimers);
    }

    [Fact]
    public async Task A_timer_of_the_same_name_replaces_even_one_that_was_due()
    {
        await using var system = new TestSystem();
        var (actor, probe) = await StartAsync(system, timers => timers.StartSingle("t", "old", Second));
        using var held = new ManualResetEventSlim();
        var holds = new TaskCompletionSource();
        actor.Tell(timers =>
        {
            holds.SetResult();
            held.Wait(TestSystem.Guard);
            timers.StartSingle("t", "new", Second);
            return "replaced";
        });
        await holds.Task.WaitAsync(TestSystem.Guard);
        system.Time.Advance(Second);
        held.Set();
        Assert.Equal("replaced", await probe.NextAsync());
        system.Time.Advance(Second);
        Assert.Equal("new", await probe.NextAsync());
    }

    [Fact]
    public async Task A_periodic_timer_whose_message_waits_skips()
    {
        await using var system = new TestSystem();
        var (actor, probe) = await StartAsync(system, timers => timers.StartPeriodic("t", "tick", Second));
        using var held = new ManualResetEventSlim();
        var holds = new TaskCompletionSource();
        actor.Tell(_ =>
        {
            holds.SetResult();
            held.Wait(TestSystem.Guard);
            return "held";
        });
        await holds.Task.WaitAsync(TestSystem.Guard);
        system.Time.Advance(5 * Second);
        held.Set();
        actor.Tell(_ => "end");

        Assert.Equal(["held", "tick", "end"], await probe.TakeAsync(3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Timers_end_with_their_instance(bool restart)
    {
        await using var system = new TestSystem(new SupervisorStrategy { MinBackoff = TimeSpan.Zero });
        var started = 0;
        var (actor, probe) = await StartAsync(system, timers =>
        {
            if (started++ == 0)
            {
                timers.StartPeriodic("t", "tick", Second);
            }
        });
        Assert.Equal(1, system.Time.ActiveTimers);

        if (restart)
        {
            actor.Tell(_ => throw new FormatException());
            actor.Tell(_ => "restarted");
            Assert.Equal("restarted", await probe.NextAsync());
        }
        else
        {
            actor.Stop();
            await actor.Termination.WaitAsync(TestSystem.Guard);
        }

        Assert.Equal(0, system.Time.ActiveTimers);
        Assert.Empty(await probe.RestAsync());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(50L * 24 * 3600 * 1000)]
    public async Task A_delay_out_of_range_is_refused(long milliseconds)
    {
        await using var system = new TestSystem();
        var (actor, probe) = await StartAsync(system, _ => { });
        actor.Tell(timers => Assert.Throws<ArgumentOutOfRangeException>(() => timers.StartSingle("t", "x", TimeSpan.FromMilliseconds(milliseconds))).ParamName!);
        actor.Tell(timers => Assert.Throws<ArgumentOutOfRangeException>(() => timers.StartPeriodic("t", "x", TimeSpan.Zero)).ParamName!);
        Assert.Equal(2, (await probe.TakeAsync(2)).Count);
    }

    private static async Task<(Handle Actor, TestProbe<string> Probe)> StartAsync(TestSystem system, Action<ITimers<object>> start)
    {
        var probe = system.Probe<string>();
        var actor = system.Spawn(() => new ScriptedActor<object>((context, message) =>
        {
            probe.Ref.Tell(message as string ?? ((Func<ITimers<object>, string>)message)(context.Timers));
        })
        {
            Started = context => start(context.Timers),
        });
        var handle = new Handle(actor);
        handle.Tell(_ => "started");
        Assert.Equal("started", await probe.NextAsync());
        return (handle, probe);
    }

    private sealed class Handle(ActorRef<object> actor)
    {
        public Task<Exception?> Termination => actor.Termination;

        public void Tell(Func<ITimers<object>, string> step) => actor.Tell(step);

        public void Stop() => actor.Stop();
    }
}
