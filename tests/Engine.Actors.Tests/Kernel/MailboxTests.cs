using Engine.Actors.Kernel;
using Engine.Actors.Tests.Kernel.TestKit;

namespace Engine.Actors.Tests.Kernel;

public sealed class MailboxTests
{
    [Fact]
    public async Task A_full_mailbox_refuses_under_backpressure()
    {
        await using var system = new TestSystem();
        using var letters = system.Events.Subscribe<DeadLetter>();
        var gated = await Gated.StartAsync(system, MailboxPolicy.Backpressure);

        Assert.True(gated.Ref.Tell(1));
        Assert.True(gated.Ref.Tell(2));
        Assert.False(gated.Ref.Tell(3));

        Assert.Equal(new DeadLetter(gated.Ref.Path, 3, DeadLetterReason.MailboxFull, null), await letters.Events.ReadAsync());
        Assert.Equal([0, 1, 2], await gated.OpenAsync());
    }

    [Fact]
    public async Task A_sender_may_wait_for_room()
    {
        await using var system = new TestSystem();
        var gated = await Gated.StartAsync(system, MailboxPolicy.Backpressure);
        gated.Ref.Tell(1);
        gated.Ref.Tell(2);

        var waiting = gated.Ref.TellAsync(3, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        using var impatient = new CancellationTokenSource();
        var cancelled = gated.Ref.TellAsync(4, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        gated.Open();
        Assert.True(await waiting.WaitAsync(TestSystem.Guard));
        Assert.Equal([0, 1, 2, 3], await gated.OpenAsync());
    }

    [Fact]
    public async Task The_oldest_makes_room_under_drop_oldest()
    {
        await using var system = new TestSystem();
        using var letters = system.Events.Subscribe<DeadLetter>();
        var gated = await Gated.StartAsync(system, MailboxPolicy.DropOldest);

        Assert.All([1, 2, 3], n => Assert.True(gated.Ref.Tell(n)));

        Assert.Equal(1, (await letters.Events.ReadAsync()).Message);
        Assert.Equal([0, 2, 3], await gated.OpenAsync());
    }

    [Fact]
    public async Task The_arriving_one_is_dropped_under_drop_newest()
    {
        await using var system = new TestSystem();
        using var letters = system.Events.Subscribe<DeadLetter>();
        var gated = await Gated.StartAsync(system, MailboxPolicy.DropNewest);

        Assert.All([1, 2, 3], n => Assert.True(gated.Ref.Tell(n)));

        Assert.Equal(3, (await letters.Events.ReadAsync()).Message);
        Assert.Equal([0, 1, 2], await gated.OpenAsync());
    }

    [Fact]
    public async Task What_a_stopped_actor_has_not_read_becomes_dead_letters()
    {
        await using var system = new TestSystem();
        var gated = await Gated.StartAsync(system, MailboxPolicy.Backpressure);
        gated.Ref.Tell(1);
        gated.Ref.Tell(2);
        var waiting = gated.Ref.TellAsync(3, CancellationToken.None).AsTask();

        gated.Ref.Stop();
        Assert.False(await waiting.WaitAsync(TestSystem.Guard));
        Assert.False(gated.Ref.Tell(4));
        gated.Open();
        await gated.Ref.Termination.WaitAsync(TestSystem.Guard);

        Assert.Equal([0], await gated.OpenAsync());
        Assert.Equal(4, system.Actors.DeadLetters.CountOf(DeadLetterReason.Stopped));
    }

    [Fact]
    public async Task A_drained_actor_works_off_its_mail_first()
    {
        await using var system = new TestSystem();
        var gated = await Gated.StartAsync(system, MailboxPolicy.Backpressure);
        gated.Ref.Tell(1);
        gated.Ref.Tell(2);

        var stopped = gated.Ref.StopAsync(TimeSpan.FromSeconds(1), drain: true).AsTask();
        Assert.False(gated.Ref.Tell(3));
        gated.Open();

        Assert.True(await stopped.WaitAsync(TestSystem.Guard));
        Assert.Equal([0, 1, 2], await gated.OpenAsync());
        Assert.Equal(1, system.Actors.DeadLetters.Count);
    }

    // An actor with room for two that holds its first message (0) until it is opened.
    private sealed class Gated
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<int> _seen = [];

        public required ActorRef<int> Ref { get; init; }

        public static async Task<Gated> StartAsync(TestSystem system, MailboxPolicy policy)
        {
            var holds = new TaskCompletionSource();
            Gated? gated = null;
            var actor = system.Actors.Spawn(new Props<int>(() => new ScriptedActor<int>(async (_, n) =>
            {
                holds.TrySetResult();
                await gated!._gate.Task;
                gated._seen.Add(n);
            }))
            {
                MailboxCapacity = 2,
                MailboxPolicy = policy,
            });
            gated = new Gated { Ref = actor };
            actor.Tell(0);
            await holds.Task.WaitAsync(TestSystem.Guard);
            return gated;
        }

        public void Open() => _gate.TrySetResult();

        public async Task<List<int>> OpenAsync()
        {
            Open();
            Ref.Stop(drain: true);
            await Ref.Termination.WaitAsync(TestSystem.Guard);
            return _seen;
        }
    }
}
