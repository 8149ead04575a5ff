using Engine.Actors.Rotation;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Actors.Tests.Rotation;

public sealed class SlidingWindowTests
{
    private static readonly long Start = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    [Fact]
    public void No_sixty_seconds_hold_more_than_the_limit_and_what_is_promised_fits() => Prop.ForAll(
        Gen.Choose(1, 20).SelectMany(static limit => Gen.Choose(0, 2_000_000).Four().Select(static x => (Wait: x.Item1 % 20_000, Amount: x.Item2, Choice: x.Item3 % 4, Part: x.Item4))
            .ListOf().Select(steps => (Limit: (long)limit, Steps: steps))).ToArbitrary(),
        static history =>
        {
            var (limit, steps) = history;
            var window = new SlidingWindow(limit);
            var kept = new List<(long At, WindowShare Share)>();
            var now = Start;
            foreach (var step in steps)
            {
                now += step.Wait * TimeSpan.TicksPerMillisecond;
                if (step.Choice == 0 && kept.Count > 0)
                {
                    var given = kept[step.Part % kept.Count];
                    kept.Remove(given);
                    window.Return(given.Share);
                    continue;
                }

                var amount = 1 + (step.Amount % limit);
                var fits = window.FitsAt(amount, now);
                var isTaken = window.TryTake(amount, now, out var share);
                Assert.Equal(fits == now, isTaken);
                if (!isTaken)
                {
                    // Not too early, and later than a perfect window by less than two cells.
                    var earlier = fits - (2 * SlidingWindow.CellTicks);
                    Assert.True(earlier <= now || InLastMinute(kept, earlier) + amount > limit);
                    now = fits;
                    Assert.True(window.TryTake(amount, now, out share));
                }

                kept.Add((now, share));
                Assert.True(InLastMinute(kept, now) <= limit);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(120));

    [Fact]
    public async Task Threads_in_parallel_never_take_more_than_the_limit()
    {
        const long Limit = 40;
        const int Takers = 4;
        var window = new SlidingWindow(Limit);
        var clock = Start;
        using var phase = new Barrier(Takers, _ => clock += 311 * TimeSpan.TicksPerMillisecond);
        var kept = await Task.WhenAll(Enumerable.Range(0, Takers).Select(seed => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(seed);
                var mine = new List<WindowShare>();
                for (var i = 0; i < 10_000; i++)
                {
                    if (i % 5 == 0)
                    {
                        phase.SignalAndWait();
                    }

                    // Read early and used late, as by a thread that was held up.
                    var now = clock - (random.Next(3) * SlidingWindow.CellTicks);
                    if (!window.TryTake(random.Next(1, 4), now, out var share))
                    {
                        continue;
                    }

                    if (random.Next(4) == 0)
                    {
                        window.Return(share);
                    }
                    else
                    {
                        mine.Add(share);
                    }
                }

                return mine;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        var cells = kept.SelectMany(static shares => shares).GroupBy(static share => share.Cell)
            .ToDictionary(static cell => cell.Key, static cell => cell.Sum(static share => share.Amount));
        var last = cells.Keys.Max();
        Assert.True(last - cells.Keys.Min() > SlidingWindow.CellsInWindow);
        for (var first = cells.Keys.Min(); first <= last; first++)
        {
            var sum = 0L;
            for (var cell = first; cell <= first + SlidingWindow.CellsInWindow; cell++)
            {
                sum += cells.GetValueOrDefault(cell);
            }

            Assert.True(sum <= Limit, $"{sum} from cell {first} on");
        }
    }

    [Fact]
    public void A_taker_whose_clock_lags_does_not_take_from_the_past()
    {
        var window = new SlidingWindow(1);
        Assert.True(window.TryTake(1, Start + SlidingWindow.CellTicks, out _));
        Assert.False(window.TryTake(1, Start, out _));
    }

    [Fact]
    public void A_clock_that_is_set_back_far_is_believed()
    {
        var window = new SlidingWindow(1);
        Assert.True(window.TryTake(1, Start + TimeSpan.TicksPerHour, out _));
        Assert.True(window.TryTake(1, Start, out _));
        Assert.False(window.TryTake(1, Start + TimeSpan.TicksPerSecond, out _));
        Assert.Equal(Start + (60 * TimeSpan.TicksPerSecond) + SlidingWindow.CellTicks, window.FitsAt(1, Start));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(1000)]
    public void A_greedy_taker_uses_at_least_98_percent(long limit)
    {
        var window = new SlidingWindow(limit);
        var end = Start + (2 * TimeSpan.TicksPerHour);
        var taken = 0L;
        for (var now = Start + 1; now < end; now = Math.Max(now, window.FitsAt(1, now)))
        {
            while (window.TryTake(1, now, out _))
            {
                taken++;
            }
        }

        Assert.InRange(taken, 0.98 * 120 * limit, 120 * limit);
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again_and_after_the_window_it_is_nothing()
    {
        var window = new SlidingWindow(10);
        Assert.True(window.TryTake(10, Start, out var taken));
        window.Return(taken with { Amount = 4 });
        Assert.Equal(6, window.Taken(Start));
        Assert.True(window.TryTake(4, Start, out _));

        var later = Start + TimeSpan.FromSeconds(64).Ticks;
        Assert.True(window.TryTake(3, later, out _));
        window.Return(taken);
        Assert.Equal(3, window.Taken(later));
    }

    [Fact]
    public void A_charge_counts_without_asking()
    {
        var window = new SlidingWindow(10);
        window.Charge(7, Start);
        window.Charge(7, Start);
        Assert.False(window.TryTake(1, Start, out _));
        Assert.Equal(Start + TimeSpan.FromSeconds(60.5).Ticks, window.FitsAt(1, Start));
    }

    [Fact]
    public void An_amount_larger_than_the_limit_is_taken_when_nothing_else_is()
    {
        var window = new SlidingWindow(10);
        Assert.True(window.TryTake(1, Start, out var one));
        Assert.False(window.TryTake(1_000, Start, out _));
        window.Return(one);
        Assert.True(window.TryTake(1_000, Start, out var all));
        Assert.Equal(10, all.Amount);
        Assert.False(window.TryTake(1, Start, out _));
    }

    [Fact]
    public void What_was_taken_before_the_limit_changed_still_counts()
    {
        var window = new SlidingWindow(10);
        window.TryTake(6, Start, out _);
        window.Limit = 5;
        Assert.False(window.TryTake(1, Start, out _));
        window.Limit = 7;
        Assert.True(window.TryTake(1, Start, out _));
    }

    private static long InLastMinute(List<(long At, WindowShare Share)> kept, long now) =>
        kept.Where(each => each.At > now - TimeSpan.TicksPerMinute && each.At <= now).Sum(static each => each.Share.Amount);
}
