using System.Collections.Concurrent;
using Engine.Actors.Kernel;
using Engine.Actors.Tests.Kernel.TestKit;

namespace Engine.Actors.Tests.Kernel;

public sealed class ActorTests
{
    [Fact]
    public async Task Messages_of_one_sender_arrive_in_order()
    {
        await using var system = new TestSystem();
        var probe = system.Probe<int>();
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(probe.Ref.Tell(i));
        }

        Assert.Equal(Enumerable.Range(0, 1000), await probe.TakeAsync(1000));
    }

    [Fact]
    public async Task An_actor_has_one_turn_even_where_its_handler_awaits()
    {
        await using var system = new TestSystem();
        var inside = 0;
        var most = 0;
        var done = new TaskCompletionSource();
        var count = 0;
        var actor = system.Spawn(() => new ScriptedActor<int>(async (_, message) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            if (++count == 800)
            {
                done.SetResult();
            }
        }));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                actor.Tell(i);
            }
        })));

        await done.Task.WaitAsync(TestSystem.Guard);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Eight_producers_lose_nothing_and_keep_their_order()
    {
        const int Each = 100_000;
        await using var system = new TestSystem();
        var next = new int[8];
        var seen = 0;
        var outOfOrder = 0;
        var done = new TaskCompletionSource();
        var actor = system.Spawn(() => new ScriptedActor<(int Sender, int Number)>((_, message) =>
        {
            outOfOrder += next[message.Sender]++ == message.Number ? 0 : 1;
            if (++seen == 8 * Each)
            {
                done.SetResult();
            }
        }));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                Assert.True(await actor.TellAsync((sender, i), CancellationToken.None));
            }
        })));

        await done.Task.WaitAsync(TestSystem.Guard);
        Assert.Equal(0, outOfOrder);
        Assert.Equal(0, system.Actors.DeadLetters.Count);
    }

    [Fact]
    public async Task Ten_thousand_actors_answer()
    {
        await using var system = new TestSystem();
        var actors = Enumerable.Range(0, 10_000)
            .Select(i => system.Spawn(() => new ScriptedActor<ReplyTo<int>>((_, reply) => reply.Tell(i))))
            .ToArray();

        var answers = await Task.WhenAll(actors.Select(a => a.AskAsync<int>(reply => reply, TimeSpan.FromSeconds(1)))).WaitAsync(TestSystem.Guard);

        Assert.Equal(Enumerable.Range(0, 10_000), answers);
    }

    [Fact]
    public async Task A_behaviour_replaces_stacks_and_is_taken_back()
    {
        await using var system = new TestSystem();
        var probe = system.Probe<string>();
        var actor = system.Spawn(() => new ScriptedActor<string>((context, message) =>
        {
            probe.Ref.Tell($"first {message}");
            context.Become(second =>
            {
                probe.Ref.Tell($"second {second}");
                context.BecomeStacked(third =>
                {
                    probe.Ref.Tell($"third {third}");
                    context.Unbecome();
                    return default;
                });
                return default;
            });
        }));

        foreach (var message in "abcd")
        {
            actor.Tell(message.ToString());
        }

        Assert.Equal(["first a", "second b", "third c", "second d"], await probe.TakeAsync(4));
    }

    [Fact]
    public async Task A_question_that_nobody_answers_ends_at_its_deadline()
    {
        await using var system = new TestSystem();
        var silent = system.Spawn(() => new ScriptedActor<ReplyTo<int>>((_, _) => { }));

        var answer = silent.AskAsync<int>(reply => reply, TimeSpan.FromSeconds(5));
        system.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(answer.IsCompleted);
        system.Time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(TestSystem.Guard));
    }

    [Fact]
    public async Task A_question_whose_handler_throws_fails_at_once_with_the_cause()
    {
        await using var system = new TestSystem();
        var actor = system.Spawn(() => new ScriptedActor<Question>((_, _) => throw new FormatException("no")));

        var e = await Assert.ThrowsAsync<FormatException>(() => actor.AskAsync<int>(reply => new Question(reply), TimeSpan.FromSeconds(5)).WaitAsync(TestSystem.Guard));
        Assert.Equal("no", e.Message);
    }

    [Fact]
    public async Task A_question_to_an_ended_actor_fails_at_once()
    {
        await using var system = new TestSystem();
        var actor = system.Spawn(() => new ScriptedActor<Question>((_, _) => { }));
        Assert.True(await actor.StopAsync(TimeSpan.FromSeconds(1)));

        var e = await Assert.ThrowsAsync<UndeliveredException>(() => actor.AskAsync<int>(reply => new Question(reply), TimeSpan.FromSeconds(5)).WaitAsync(TestSystem.Guard));
        Assert.Equal(DeadLetterReason.Stopped, e.Reason);
    }

    [Fact]
    public async Task Names_are_unique_among_siblings_until_their_end()
    {
        await using var system = new TestSystem();
        var first = system.Spawn(() => new ScriptedActor<int>((_, _) => { }), "one");
        Assert.Equal("/one", first.Path);
        Assert.Throws<InvalidOperationException>(() => system.Spawn(() => new ScriptedActor<int>((_, _) => { }), "one"));
        Assert.Throws<ArgumentException>(() => system.Spawn(() => new ScriptedActor<int>((_, _) => { }), "a/b"));

        await first.StopAsync(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, system.Spawn(() => new ScriptedActor<int>((_, _) => { }), "one"));
    }

    [Fact]
    public async Task Stopping_ends_children_before_their_parents()
    {
        await using var system = new TestSystem();
        var ended = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource();
        var count = 0;
        system.Spawn(
            () => new ScriptedActor<int>((_, _) => { })
            {
                Stopped = () => ended.Enqueue("parent"),
                Started = context =>
                {
                    for (var i = 0; i < 3; i++)
                    {
                        var child = i;
                        context.Spawn(new Props<int>(() => new ScriptedActor<int>((_, _) => { })
                        {
                            Stopped = () => ended.Enqueue("child"),
                            Started = inner => inner.Spawn(new Props<int>(() => new ScriptedActor<int>((_, _) => { }) { Stopped = () => ended.Enqueue("grandchild"), Started = _ => Count() })),
                        }));
                    }
                },
            });
        void Count()
        {
            if (Interlocked.Increment(ref count) == 3)
            {
                ready.SetResult();
            }
        }

        await ready.Task.WaitAsync(TestSystem.Guard);
        Assert.True(await system.Actors.StopAsync(TimeSpan.FromSeconds(1)));

        Assert.Equal(7, ended.Count);
        Assert.Equal("parent", ended.Last());
        Assert.Equal(3, ended.Take(6).Count(e => e == "child"));
        Assert.Equal("grandchild", ended.First());
        Assert.Throws<InvalidOperationException>(() => system.Probe<int>());
    }

    [Fact]
    public async Task A_handler_that_awaits_is_told_that_its_actor_stops()
    {
        await using var system = new TestSystem();
        var waiting = new TaskCompletionSource();
        var actor = system.Spawn(() => new ScriptedActor<int>(async (context, _) =>
        {
            waiting.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, system.Time, context.Stopping);
        }));
        actor.Tell(1);
        await waiting.Task.WaitAsync(TestSystem.Guard);

        actor.Stop();

        Assert.Null(await actor.Termination.WaitAsync(TestSystem.Guard));
    }

    private sealed record Question(ReplyTo<int> Reply) : IAwaited
    {
        public void Abandon(Exception cause) => Reply.Fail(cause);
    }
}
