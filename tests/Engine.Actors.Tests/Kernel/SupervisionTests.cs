using System.Collections.Concurrent;
using Engine.Actors.Kernel;
using Engine.Actors.Tests.Kernel.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Actors.Tests.Kernel;

public sealed class SupervisionTests
{
    private static readonly SupervisorStrategy AtOnce = new() { MinBackoff = TimeSpan.Zero, RestartLimit = null };

    [Fact]
    public void A_restart_loses_reorders_and_repeats_no_mail() =>
        Prop.ForAll(ArbMap.Default.ArbFor<bool[]>(), poisons => RunWithPoison(poisons).WaitAsync(TestSystem.Guard).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public async Task Poison_is_a_dead_letter_with_its_cause()
    {
        await using var system = new TestSystem(AtOnce);
        using var letters = system.Events.Subscribe<DeadLetter>();
        using var failures = system.Events.Subscribe<ActorFailed>();
        var actor = Brittle(system);

        actor.Tell("boom");

        var letter = await letters.Events.ReadAsync().AsTask().WaitAsync(TestSystem.Guard);
        Assert.Equal(("/a", "boom", DeadLetterReason.Poison), (letter.Recipient, (string?)letter.Message, letter.Reason));
        Assert.IsType<FormatException>(letter.Cause);
        var failure = await failures.Events.ReadAsync().AsTask().WaitAsync(TestSystem.Guard);
        Assert.Equal(new ActorFailed("/a", letter.Cause!, Directive.Restart, TimeSpan.Zero), failure);
    }

    [Theory]
    [InlineData(1, 0, 100)]
    [InlineData(1, 0.5, 110)]
    [InlineData(2, 0, 200)]
    [InlineData(4, 0, 800)]
    [InlineData(9, 0, 25_600)]
    [InlineData(10, 0, 30_000)]
    [InlineData(10, 0.5, 33_000)]
    [InlineData(int.MaxValue, 0, 30_000)]
    public void The_backoff_doubles_up_to_its_ceiling_and_then_jitters(int restart, double jitter, double milliseconds) =>
        Assert.Equal(milliseconds, SupervisorStrategy.Default.BackoffOf(restart, jitter).TotalMilliseconds, 3);

    [Fact]
    public async Task Mail_waits_for_the_end_of_the_backoff()
    {
        await using var system = new TestSystem(new SupervisorStrategy { MinBackoff = TimeSpan.FromSeconds(1), Jitter = 0 });
        var probe = system.Probe<string>();
        var actor = Brittle(system, probe);

        actor.Tell("boom");
        actor.Tell("one");
        await system.AdvanceAsync(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, system.Time.ActiveTimers);
        system.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("one", await probe.NextAsync());

        actor.Tell("boom");
        actor.Tell("two");
        await system.AdvanceAsync(TimeSpan.FromMilliseconds(1999));
        Assert.Equal(1, system.Time.ActiveTimers);
        system.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("two", await probe.NextAsync());
    }

    [Fact]
    public async Task A_spent_restart_limit_stops_the_child_with_its_failure()
    {
        await using var system = new TestSystem(AtOnce with { RestartLimit = 2 });
        var actor = Brittle(system);
        actor.Tell("boom");
        actor.Tell("boom");
        actor.Tell("boom");
        actor.Tell("unread");

        Assert.IsType<FormatException>(await actor.Termination.WaitAsync(TestSystem.Guard));
        Assert.Equal(3, system.Actors.DeadLetters.CountOf(DeadLetterReason.Poison));
        Assert.Equal(1, system.Actors.DeadLetters.CountOf(DeadLetterReason.Stopped));
    }

    [Fact]
    public async Task A_quiet_window_forgives_earlier_restarts()
    {
        await using var system = new TestSystem(AtOnce with { RestartLimit = 1, Window = TimeSpan.FromSeconds(10) });
        using var failures = system.Events.Subscribe<ActorFailed>();
        var actor = Brittle(system);
        foreach (var expected in new[] { Directive.Restart, Directive.Restart, Directive.Stop })
        {
            actor.Tell("boom");
            Assert.Equal(expected, (await failures.Events.ReadAsync().AsTask().WaitAsync(TestSystem.Guard)).Directive);
            system.Time.Advance(TimeSpan.FromSeconds(expected == Directive.Restart && system.Time.GetUtcNow().Second == 0 ? 11 : 10));
        }
    }

    [Fact]
    public async Task A_resumed_child_keeps_its_instance()
    {
        await using var system = new TestSystem(new SupervisorStrategy { Decider = _ => Directive.Resume });
        var made = 0;
        var probe = system.Probe<string>();
        var actor = Brittle(system, probe, () => made++);

        actor.Tell("boom");
        actor.Tell("after");

        Assert.Equal("after", await probe.NextAsync());
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task A_decider_that_throws_stops_the_child()
    {
        await using var system = new TestSystem(new SupervisorStrategy { Decider = _ => throw new InvalidOperationException() });
        var actor = Brittle(system);
        actor.Tell("boom");
        Assert.IsType<FormatException>(await actor.Termination.WaitAsync(TestSystem.Guard));
    }

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Resume)]
    public async Task A_start_that_fails_is_tried_again_and_the_mail_waits(Directive directive)
    {
        await using var system = new TestSystem(AtOnce with { Decider = _ => directive });
        var probe = system.Probe<int>();
        var tries = 0;
        var actor = system.Spawn(() => new ScriptedActor<int>((_, n) => probe.Ref.Tell(n))
        {
            Started = _ =>
            {
                if (++tries < 3)
                {
                    throw new FormatException();
                }
            },
        });
        actor.Tell(1);
        actor.Tell(2);

        Assert.Equal([1, 2], await probe.TakeAsync(2));
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task An_escalated_failure_is_decided_by_the_grandparent()
    {
        await using var system = new TestSystem();
        using var failures = system.Events.Subscribe<ActorFailed>();
        var starts = new ConcurrentQueue<string>();
        var probe = system.Probe<ActorRef<string>>();
        var child = new Props<string>(() => new ScriptedActor<string>((_, _) => throw new FormatException()) { Started = _ => starts.Enqueue("child") });
        var parent = new Props<string>(() => new ScriptedActor<string>((_, _) => { })
        {
            Started = context =>
            {
                starts.Enqueue("parent");
                probe.Ref.Tell(context.Spawn(child, "child"));
            },
        })
        {
            SupervisorStrategy = new SupervisorStrategy { Decider = _ => Directive.Escalate },
        };
        system.Actors.Spawn(
            new Props<string>(() => new ScriptedActor<string>((_, _) => { }) { Started = context => context.Spawn(parent, "parent") }) { SupervisorStrategy = AtOnce },
            "top");
        var first = await probe.NextAsync();
        first.Tell("boom");

        var second = await probe.NextAsync();
        Assert.NotSame(first, second);
        Assert.Null(await first.Termination.WaitAsync(TestSystem.Guard));
        Assert.Equal([("/top/parent/child", Directive.Escalate), ("/top/parent", Directive.Restart)], [await NextAsync(), await NextAsync()]);
        await TestSystem.EventuallyAsync(() => starts.Count == 4, "both started again");

        async Task<(string, Directive)> NextAsync()
        {
            var failed = await failures.Events.ReadAsync().AsTask().WaitAsync(TestSystem.Guard);
            return (failed.Path, failed.Directive);
        }
    }

    [Fact]
    public async Task A_grandparent_that_resumes_lets_the_failed_child_go_on()
    {
        await using var system = new TestSystem(new SupervisorStrategy { Decider = _ => Directive.Resume });
        var probe = system.Probe<string>();
        var refs = system.Probe<ActorRef<string>>();
        system.Actors.Spawn(
            new Props<string>(() => new ScriptedActor<string>((_, _) => { })
            {
                Started = context => refs.Ref.Tell(context.Spawn(new Props<string>(() => new BrittleActor(probe)))),
            })
            {
                SupervisorStrategy = new SupervisorStrategy { Decider = _ => Directive.Escalate },
            });
        var child = await refs.NextAsync();

        child.Tell("boom");
        child.Tell("after");

        Assert.Equal("after", await probe.NextAsync());
    }

    [Fact]
    public async Task An_actor_stops_during_its_backoff()
    {
        await using var system = new TestSystem();
        var actor = Brittle(system);
        actor.Tell("boom");
        await TestSystem.EventuallyAsync(() => system.Time.ActiveTimers == 1, "backing off");

        actor.Stop();

        Assert.Null(await actor.Termination.WaitAsync(TestSystem.Guard));
        Assert.Equal(0, system.Time.ActiveTimers);
    }

    private static async Task<bool> RunWithPoison(bool[] poisons)
    {
        await using var system = new TestSystem(AtOnce);
        using var letters = system.Events.Subscribe<DeadLetter>(10_000);
        var seen = new List<int>();
        var actor = system.Spawn(() => new ScriptedActor<int>(async (_, n) =>
        {
            if (n % 3 == 0)
            {
                await Task.Yield();
            }

            if (poisons[n])
            {
                throw new FormatException();
            }

            seen.Add(n);
        }));
        for (var i = 0; i < poisons.Length; i++)
        {
            actor.Tell(i);
        }

        actor.Stop(drain: true);
        await actor.Termination;
        letters.Dispose();
        var dead = new List<int>();
        while (letters.Events.TryRead(out var letter))
        {
            dead.Add((int)letter.Message!);
        }

        var all = Enumerable.Range(0, poisons.Length).ToArray();
        return seen.SequenceEqual(all.Where(n => !poisons[n])) && dead.SequenceEqual(all.Where(n => poisons[n]));
    }

    private static ActorRef<string> Brittle(TestSystem system, TestProbe<string>? probe = null, Action? made = null) =>
        system.Spawn(
            () =>
            {
                made?.Invoke();
                return new BrittleActor(probe);
            },
            "a");

    private sealed class BrittleActor(TestProbe<string>? probe) : Actor<string>
    {
        protected override ValueTask OnReceive(string message)
        {
            if (message == "boom")
            {
                throw new FormatException();
            }

            probe?.Ref.Tell(message);
            return default;
        }
    }
}
