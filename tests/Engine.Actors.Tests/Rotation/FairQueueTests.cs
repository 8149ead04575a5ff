using Engine.Actors.Rotation;
using Engine.Testing;

namespace Engine.Actors.Tests.Rotation;

public sealed class FairQueueTests
{
    private readonly AccountPool _pool = new("m", new ManualTimeProvider(), new AffinityTable(16, TimeSpan.FromHours(1)));

    [Fact]
    public void A_request_that_comes_back_stands_before_those_that_came_after_it()
    {
        var queue = new FairQueue();
        foreach (var since in (long[])[2, 4, 3, 1, 4])
        {
            queue.Add(Waiter("c", since));
        }

        Assert.Equal([1, 2, 3, 4, 4], Drain(queue));
    }

    [Fact]
    public void Clients_take_turns_whoever_came_first()
    {
        var queue = new FairQueue();
        foreach (var (client, since) in ((string, long)[])[("a", 1), ("a", 2), ("a", 3), ("b", 4)])
        {
            queue.Add(Waiter(client, since));
        }

        Assert.Equal([1, 4, 2, 3], Drain(queue));
    }

    private static List<long> Drain(FairQueue queue)
    {
        var order = new List<long>();
        while (!queue.IsEmpty)
        {
            var next = queue.Next();
            order.Add(next.Request.Since);
            queue.Remove(next);
        }

        return order;
    }

    private Waiter Waiter(string client, long since) =>
        new(_pool, new RotationTable([], [], new RoundRobin()), new LeaseRequest { Client = client, Since = since }, long.MaxValue);
}
