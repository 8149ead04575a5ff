using Engine.Actors.Retries;

namespace Engine.Actors.Tests.Retries;

public sealed class RetryBudgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Five_requests_earn_one_retry_beyond_the_reserve()
    {
        var budget = new RetryBudget();
        Assert.Equal(10, Spend(budget, Now));
        for (var i = 0; i < 4; i++)
        {
            budget.Earn();
        }

        Assert.False(budget.TrySpend(Now));
        budget.Earn();
        Assert.True(budget.TrySpend(Now));
        Assert.False(budget.TrySpend(Now));
    }

    [Fact]
    public void A_second_has_its_own_reserve_and_what_it_leaves_is_lost()
    {
        var budget = new RetryBudget();
        Assert.Equal(10, Spend(budget, Now));
        Assert.Equal(0, Spend(budget, Now.AddMilliseconds(999)));
        Assert.Equal(10, Spend(budget, Now.AddSeconds(1)));
        Assert.Equal(10, Spend(budget, Now.AddSeconds(60)));
    }

    [Fact]
    public void No_more_than_a_hundred_are_stored()
    {
        var budget = new RetryBudget();
        for (var i = 0; i < 100_000; i++)
        {
            budget.Earn();
        }

        Assert.Equal(110, Spend(budget, Now));
    }

    [Fact]
    public void A_clock_set_back_still_gives_a_reserve()
    {
        var budget = new RetryBudget();
        Spend(budget, Now);

        Assert.Equal(10, Spend(budget, Now.AddHours(-1)));
    }

    [Fact]
    public void Parallel_requests_never_spend_more_than_there_is()
    {
        var budget = new RetryBudget();
        var spent = 0;
        Parallel.For(0, 50_000, i =>
        {
            budget.Earn();
            if (budget.TrySpend(Now))
            {
                Interlocked.Increment(ref spent);
            }
        });

        Assert.InRange(spent + Spend(budget, Now), 110, 10_010);
    }

    [Theory]
    [InlineData(0, 50)]
    [InlineData(1, 100)]
    [InlineData(5, 1600)]
    [InlineData(6, 2000)]
    [InlineData(1000, 2000)]
    public void Backoff_is_anything_between_nothing_and_a_doubling_ceiling(int retry, double ceiling)
    {
        Assert.Equal(TimeSpan.Zero, Backoff.Before(retry, 0));
        Assert.Equal(TimeSpan.FromMilliseconds(ceiling / 2), Backoff.Before(retry, 0.5));
        Assert.True(Backoff.Before(retry, 0.999999) < TimeSpan.FromMilliseconds(ceiling));
    }

    private static int Spend(RetryBudget budget, DateTimeOffset now)
    {
        var spent = 0;
        while (budget.TrySpend(now))
        {
            spent++;
        }

        return spent;
    }
}
