using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class LimitMeterTests
{
    private static readonly long Now = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    [Fact]
    public void Without_limits_there_is_no_meter() => Assert.Null(LimitMeter.Adjusted(null, AccountLimits.None));

    [Theory]
    [InlineData(100, 0, 0, 100)]
    [InlineData(0, 500, 0, 50)]
    [InlineData(0, 0, 7, 7)]
    [InlineData(100, 300, 20, 20)]
    public async Task Callers_in_parallel_get_exactly_what_there_is(long requests, long tokens, int concurrency, int expected)
    {
        var meter = Meter(requests, tokens, concurrency);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 100).Count(_ => meter.TryReserve(10, Now, out var _) == PassedOver.No))));
        var rest = Enumerable.Range(0, expected).Count(_ => meter.TryReserve(10, Now, out var _) == PassedOver.No);
        Assert.Equal(expected, taken.Sum() + rest);
    }

    [Fact]
    public async Task Concurrency_is_never_exceeded_and_never_refused_without_need()
    {
        const int Callers = 4;
        var meter = Meter(0, 0, Callers);
        var inside = 0;
        var most = 0;
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (meter.TryReserve(0, Now, out var share) != PassedOver.No)
                {
                    Interlocked.Increment(ref refused);
                    continue;
                }

                var seen = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, seen);
                Interlocked.Decrement(ref inside);
                meter.Settle(share, 0, wasSent: true, Now);
            }
        })));
        Assert.InRange(most, 1, Callers);
        Assert.Equal(0, refused);
    }

    [Fact]
    public void An_answer_that_nobody_counted_costs_what_was_expected_of_it()
    {
        var meter = Meter(0, 100, 0);
        Reserve(meter, 60, out var uncounted);
        meter.Settle(uncounted, Lease.TokensUnknown, wasSent: true, Now);

        Assert.Equal(PassedOver.TokenLimit, meter.TryReserve(60, Now, out _));
        Assert.Equal(PassedOver.No, meter.TryReserve(40, Now, out _));
    }

    [Fact]
    public void A_failure_gets_its_tokens_back_and_an_unsent_call_its_request_too()
    {
        var meter = Meter(2, 100, 0);
        Reserve(meter, 60, out var failed);
        meter.Settle(failed, 0, wasSent: true, Now);
        Assert.Equal(PassedOver.No, meter.TryReserve(100, Now, out var unsent));
        Assert.Equal(PassedOver.RequestLimit, meter.TryReserve(0, Now, out _));
        meter.Settle(unsent, 0, wasSent: false, Now);
        Assert.Equal(PassedOver.No, meter.TryReserve(100, Now, out _));
    }

    [Fact]
    public void Usage_below_the_estimate_frees_the_difference_and_usage_beyond_it_is_charged()
    {
        var meter = Meter(0, 100, 0);
        Reserve(meter, 80, out var small);
        meter.Settle(small, 10, wasSent: true, Now);
        Reserve(meter, 10, out var large);
        meter.Settle(large, 85, wasSent: true, Now);
        Assert.Equal(PassedOver.No, meter.TryReserve(5, Now, out _));
        Assert.Equal(PassedOver.TokenLimit, meter.TryReserve(1, Now, out _));
    }

    [Fact]
    public void A_refused_reservation_leaves_nothing_behind()
    {
        var meter = Meter(2, 10, 2);
        Reserve(meter, 10, out var first);
        Assert.Equal(PassedOver.TokenLimit, meter.TryReserve(5, Now, out _));
        meter.Settle(first, 0, wasSent: true, Now);
        Assert.Equal(PassedOver.No, meter.TryReserve(10, Now, out _));
        Assert.Equal(PassedOver.RequestLimit, meter.TryReserve(0, Now, out _));
    }

    [Fact]
    public void A_request_larger_than_the_whole_limit_goes_alone()
    {
        var meter = Meter(0, 100, 0);
        Reserve(meter, 1, out var other);
        Assert.Equal(PassedOver.TokenLimit, meter.TryReserve(5_000, Now, out _));
        meter.Settle(other, 0, wasSent: true, Now);
        Assert.Equal(PassedOver.No, meter.TryReserve(5_000, Now, out _));
    }

    [Fact]
    public void The_limit_that_lasts_longest_names_the_instant()
    {
        var meter = Meter(1, 100, 0);
        Reserve(meter, 10, out _);
        Assert.Equal(PassedOver.RequestLimit, meter.Check(10, Now, out var usableAt));
        Assert.Equal(Now + TimeSpan.FromSeconds(60.5).Ticks, usableAt);
        var later = Now + TimeSpan.FromSeconds(30).Ticks;
        var tokens = Meter(2, 100, 0);
        Reserve(tokens, 10, out _);
        Assert.Equal(PassedOver.No, tokens.TryReserve(90, later, out _));
        Assert.Equal(PassedOver.TokenLimit, tokens.Check(90, later, out usableAt));
        Assert.Equal(later + TimeSpan.FromSeconds(60.5).Ticks, usableAt);
    }

    [Fact]
    public void A_change_of_limits_keeps_the_calls_under_way_and_what_was_used()
    {
        var meter = Meter(3, 0, 2);
        Reserve(meter, 0, out var underWay);
        Reserve(meter, 0, out _);
        Assert.Same(meter, LimitMeter.Adjusted(meter, new AccountLimits(3, 0, 1)));
        meter.Settle(underWay, 0, wasSent: true, Now);
        Assert.Equal(PassedOver.ConcurrencyLimit, meter.TryReserve(0, Now, out _));
        LimitMeter.Adjusted(meter, new AccountLimits(3, 0, 0));
        Assert.Equal(PassedOver.No, meter.TryReserve(0, Now, out _));
        Assert.Equal(PassedOver.RequestLimit, meter.TryReserve(0, Now, out _));
    }

    private static LimitMeter Meter(long requests, long tokens, int concurrency) =>
        LimitMeter.Adjusted(null, new AccountLimits(requests, tokens, concurrency))!;

    private static void Reserve(LimitMeter meter, long tokens, out MeterShare share) =>
        Assert.Equal(PassedOver.No, meter.TryReserve(tokens, Now, out share));

    private static void InterlockedMax(ref int most, int seen)
    {
        for (var known = Volatile.Read(ref most); seen > known; known = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, seen, known);
        }
    }
}
