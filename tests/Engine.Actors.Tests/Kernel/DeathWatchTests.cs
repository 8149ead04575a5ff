using Engine.Actors.Kernel;
using Engine.Actors.Tests.Kernel.TestKit;

namespace Engine.Actors.Tests.Kernel;

public sealed class DeathWatchTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_watcher_hears_of_an_end_exactly_once(bool isDeadBefore)
    {
        await using var system = new TestSystem();
        var watch = new Watch(system);
        var target = system.Spawn(() => new ScriptedActor<int>((_, _) => { }), "target");
        if (isDeadBefore)
        {
            await target.StopAsync(TimeSpan.FromSeconds(1));
        }

        watch.Ref.Tell((context, _) =>
        {
            context.Watch(target);
            context.Watch(target);
        });
        target.Stop();

        Assert.Equal("/target ended ", await watch.Probe.NextAsync());
        Assert.Empty(await watch.RestAsync());
    }

    [Fact]
    public async Task A_watcher_learns_the_failure_and_keeps_watching_over_its_own_restart()
    {
        await using var system = new TestSystem(new SupervisorStrategy { MinBackoff = TimeSpan.Zero, Decider = e => e is FormatException ? Directive.Stop : Directive.Restart });
        var watch = new Watch(system);
        var target = system.Spawn(() => new ScriptedActor<int>((_, _) => throw new FormatException("broken")), "target");
        watch.Ref.Tell((context, _) => context.Watch(target));
        watch.Ref.Tell((_, _) => throw new InvalidOperationException());
        await watch.SettleAsync();

        target.Tell(1);

        Assert.Equal("/target ended broken", await watch.Probe.NextAsync());
        Assert.Empty(await watch.RestAsync());
    }

    [Fact]
    public async Task Nothing_comes_after_the_watch_is_taken_back()
    {
        await using var system = new TestSystem();
        var watch = new Watch(system);
        var target = system.Spawn(() => new ScriptedActor<int>((_, _) => { }), "target");
        watch.Ref.Tell((context, _) =>
        {
            context.Watch(target);
            context.Unwatch(target);
        });
        await watch.SettleAsync();
        await target.StopAsync(TimeSpan.FromSeconds(1));

        Assert.Empty(await watch.RestAsync());
    }

    [Fact]
    public async Task A_parent_may_replace_a_child_that_has_ended()
    {
        await using var system = new TestSystem();
        var watch = new Watch(system);
        var children = system.Probe<ActorRef<int>>();
        watch.Ref.Tell((context, _) =>
        {
            var child = context.Spawn(new Props<int>(() => new ScriptedActor<int>((inner, _) => inner.Stop())), "child");
            context.Watch(child);
            children.Ref.Tell(child);
        });
        (await children.NextAsync()).Tell(1);

        Assert.EndsWith("/child ended ", await watch.Probe.NextAsync(), StringComparison.Ordinal);
        watch.Ref.Tell((context, probe) => probe.Ref.Tell($"{context.Children.Count} children"));
        Assert.Equal("0 children", await watch.Probe.NextAsync());
    }

    // An actor that does what it is told and tells the probe who has ended.
    private sealed class Watch
    {
        public Watch(TestSystem system)
        {
            Probe = system.Probe<string>();
            Ref = system.Spawn(() => new ScriptedActor<Step>((context, step) => step(context, Probe))
            {
                Terminated = (actor, cause) => Probe.Ref.Tell($"{actor} ended {cause?.Message}"),
            });
        }

        public delegate void Step(ActorContext<Step> context, TestProbe<string> probe);

        public TestProbe<string> Probe { get; }

        public ActorRef<Step> Ref { get; }

        public async Task SettleAsync()
        {
            Ref.Tell((_, probe) => probe.Ref.Tell("settled"));
            Assert.Equal("settled", await Probe.NextAsync());
        }

        public async Task<List<string>> RestAsync()
        {
            await SettleAsync();
            return await Probe.RestAsync();
        }
    }
}
