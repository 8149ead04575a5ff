using System.Collections.Immutable;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class RoundRobinPoolTests
{
    private static readonly AccountSlot A = new("up", "a");
    private static readonly AccountSlot B = new("up", "b");
    private static readonly AccountSlot C = new("up", "c");

    [Fact]
    public void Requests_take_the_accounts_in_turn()
    {
        var pool = Pool(A, B, C);

        var taken = Enumerable.Range(0, 7).Select(_ => pool.TryLease([]).Slot!.Account);

        Assert.Equal(["a", "b", "c", "a", "b", "c", "a"], taken);
    }

    [Fact]
    public void A_retry_never_returns_to_an_account_that_refused()
    {
        var pool = Pool(A, B, C);
        var tried = new List<AccountSlot>();
        while (pool.TryLease(tried) is { Answer: LeaseAnswer.Leased, Slot: { } slot })
        {
            Assert.DoesNotContain(slot, tried);
            tried.Add(slot);
        }

        Assert.Equal(3, tried.Count);
    }

    [Fact]
    public void An_empty_table_serves_nobody() => Assert.Equal(LeaseAnswer.NobodyCan, Pool().TryLease([]).Answer);

    [Fact]
    public void Parallel_requests_share_the_accounts_evenly()
    {
        var pool = Pool(A, B, C);
        var counts = new int[3];

        Parallel.For(0, 3000, _ => Interlocked.Increment(ref counts[pool.TryLease([]).Slot!.Account[0] - 'a']));

        Assert.All(counts, count => Assert.Equal(1000, count));
    }

    private static RoundRobinPool Pool(params ImmutableArray<AccountSlot> slots) => new(new RotationTable(slots));
}
