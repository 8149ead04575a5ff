using Engine.Actors.Kernel;
using Engine.Actors.Tests.Kernel.TestKit;

namespace Engine.Actors.Tests.Kernel;

public sealed class EventStreamTests
{
    [Fact]
    public void Each_subscriber_of_the_type_gets_every_event_in_order()
    {
        var stream = new EventStream();
        using var first = stream.Subscribe<int>();
        using var second = stream.Subscribe<int>();
        using var other = stream.Subscribe<string>();

        stream.Publish(1);
        stream.Publish(2);

        Assert.Equal([1, 2], Drain(first));
        Assert.Equal([1, 2], Drain(second));
        Assert.Empty(Drain(other));
    }

    [Fact]
    public void A_slow_subscriber_loses_its_oldest_events_and_knows_how_many()
    {
        var stream = new EventStream();
        using var slow = stream.Subscribe<int>(capacity: 2);
        for (var i = 0; i < 5; i++)
        {
            stream.Publish(i);
        }

        Assert.Equal(3, slow.Lost);
        Assert.Equal([3, 4], Drain(slow));
    }

    [Fact]
    public void A_disposed_subscription_ends()
    {
        var stream = new EventStream();
        var subscription = stream.Subscribe<int>();
        Assert.True(stream.HasSubscribers<int>());

        subscription.Dispose();
        stream.Publish(1);

        Assert.False(stream.HasSubscribers<int>());
        Assert.Empty(Drain(subscription));
        Assert.True(subscription.Events.Completion.IsCompleted);
    }

    [Fact]
    public async Task An_actor_subscribes_until_its_end()
    {
        await using var system = new TestSystem();
        var probe = system.Probe<int>();
        system.Events.Subscribe(probe.Ref);

        system.Events.Publish(1);
        Assert.Equal(1, await probe.NextAsync());
        await probe.RestAsync();

        await TestSystem.EventuallyAsync(() => !system.Events.HasSubscribers<int>(), "unsubscribed");
    }

    [Fact]
    public async Task A_dead_letter_listener_that_is_full_makes_no_more_dead_letters()
    {
        await using var system = new TestSystem();
        using var gate = new ManualResetEventSlim();
        var listener = system.Actors.Spawn(new Props<DeadLetter>(() => new ScriptedActor<DeadLetter>((_, _) => { gate.Wait(TestSystem.Guard); })) { MailboxCapacity = 1 });
        using var subscription = system.Events.Subscribe(listener);
        var ended = system.Spawn(() => new ScriptedActor<int>((_, _) => { }));
        await ended.StopAsync(TimeSpan.FromSeconds(1));

        for (var i = 0; i < 10; i++)
        {
            ended.Tell(i);
        }

        Assert.Equal(10, system.Actors.DeadLetters.Count);
        Assert.InRange(subscription.Lost, 8, 9);
        gate.Set();
    }

    private static List<T> Drain<T>(EventSubscription<T> subscription)
    {
        var all = new List<T>();
        while (subscription.Events.TryRead(out var e))
        {
            all.Add(e);
        }

        return all;
    }
}
