using Engine.Actors.Kernel;
using Engine.Actors.Tests.Kernel.TestKit;

namespace Engine.Actors.Tests.Kernel;

[CollectionDefinition(nameof(ActorAllocationTests), DisableParallelization = true)]
[Collection(nameof(ActorAllocationTests))]
public sealed class ActorAllocationTests
{
    private const int Tells = 10_000;

    [Fact]
    public async Task A_tell_of_a_struct_allocates_nothing_on_either_side()
    {
        await using var system = new TestSystem();
        var received = 0;
        var actor = system.Actors.Spawn(new Props<Sample>(() => new ScriptedActor<Sample>((_, _) =>
        {
            Interlocked.Increment(ref received);
            return default;
        }))
        {
            MailboxCapacity = Tells,
        });

        // Buffers grow in the first rounds; other threads of the test run may allocate in any one of them.
        var own = long.MaxValue;
        var total = long.MaxValue;
        for (var round = 0; round < 8; round++)
        {
            Volatile.Write(ref received, 0);
            var totalBefore = GC.GetTotalAllocatedBytes(precise: true);
            var ownBefore = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Tells; i++)
            {
                actor.Tell(new Sample(i, round));
            }

            own = Math.Min(own, GC.GetAllocatedBytesForCurrentThread() - ownBefore);
            SpinWait.SpinUntil(() => Volatile.Read(ref received) == Tells, TestSystem.Guard);
            Assert.Equal(Tells, received);
            total = Math.Min(total, GC.GetTotalAllocatedBytes(precise: true) - totalBefore);
        }

        Assert.Equal(0, own);
        Assert.True(total < Tells / 2, $"{total} bytes for {Tells} tells");
    }

    private readonly record struct Sample(long Number, long Round);
}
