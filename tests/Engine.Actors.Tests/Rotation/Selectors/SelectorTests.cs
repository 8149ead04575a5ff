using Engine.Actors.Retries;
using Engine.Actors.Rotation;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Actors.Tests.Rotation.Selectors;

public sealed class SelectorTests
{
    [Theory]
    [InlineData("round-robin", "0 1 2 0 1 2 0")]
    [InlineData("least-busy", "0 1 2 0 1 2 0")]
    [InlineData("soonest-reset-first", "0 1 2 0 1 2 0")]
    [InlineData("fill-first", "0 0 0 0 0 0 0")]
    [InlineData("quota-exhausted", "0 0 0 0 0 0 0")]
    [InlineData("request-count", "0 0 0 1 1 1 2")]
    public void Undisturbed_turns_begin_at(string strategy, string expected)
    {
        var selector = Named(strategy);
        var cursor = default(Cursor);
        var starts = new List<int>();
        for (var i = 0; i < 7; i++)
        {
            var turn = selector.Claim(cursor, 3);
            starts.Add(turn.Start);
            cursor = turn.Next;
        }

        Assert.Equal(expected, string.Join(' ', starts));
        Assert.Equal(strategy, selector.Name);
    }

    [Theory]
    [InlineData("quota-exhausted", PassedOver.Exhausted, true)]
    [InlineData("quota-exhausted", PassedOver.AuthenticationFailed, true)]
    [InlineData("quota-exhausted", PassedOver.Suspended, true)]
    [InlineData("quota-exhausted", PassedOver.Retired, true)]
    [InlineData("quota-exhausted", PassedOver.Cooling, false)]
    [InlineData("quota-exhausted", PassedOver.ConcurrencyLimit, false)]
    [InlineData("quota-exhausted", PassedOver.Tried, false)]
    [InlineData("request-count", PassedOver.Cooling, true)]
    [InlineData("request-count", PassedOver.RequestLimit, true)]
    [InlineData("request-count", PassedOver.Tried, false)]
    [InlineData("request-count", PassedOver.OtherFamily, false)]
    [InlineData("round-robin", PassedOver.Exhausted, false)]
    [InlineData("fill-first", PassedOver.Exhausted, false)]
    public void A_strategy_moves_for_good_only_when(string strategy, PassedOver why, bool moves)
    {
        var cursor = new Cursor(1, 2);
        Assert.Equal(moves ? 2 : 1, Named(strategy).Move(cursor, 2, why).Position);
    }

    [Theory]
    [InlineData("round-robin")]
    [InlineData("request-count")]
    [InlineData("quota-exhausted")]
    [InlineData("weighted")]
    [InlineData("least-busy")]
    public void A_cursor_of_a_longer_table_still_names_a_place(string strategy) =>
        Assert.InRange(Named(strategy).Claim(new Cursor(17, 1), 3).Start, 0, 2);

    [Theory]
    [InlineData("5 1 1", "0 0 1 0 0 2 0")]
    [InlineData("1 1 1", "0 1 2")]
    [InlineData("2 2", "0 1")]
    [InlineData("4 2", "0 1 0")]
    [InlineData("7", "0")]
    public void Weighted_turns_are_spread(string weights, string expected) =>
        Assert.Equal(expected, string.Join(' ', Order([.. weights.Split(' ').Select(int.Parse)])));

    [Fact]
    public void Every_prefix_of_a_weighted_cycle_is_within_one_turn_of_its_weights() => Prop.ForAll(
        Gen.Choose(1, 24).NonEmptyListOf().Where(static weights => weights.Count <= 12).Select(static weights => weights.ToArray()).ToArbitrary(),
        static weights =>
        {
            var order = Order(weights);
            var total = weights.Sum();
            var turns = new int[weights.Length];
            for (var step = 0; step < 2 * order.Length; step++)
            {
                turns[order[step % order.Length]]++;
                for (var i = 0; i < weights.Length; i++)
                {
                    var due = (step + 1) * (double)weights[i] / total;
                    Assert.True(Math.Abs(turns[i] - due) < 1, $"{string.Join(' ', weights)}: {i} has {turns[i]} turns of {due} after {step + 1}");
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Huge_weights_make_a_bounded_cycle_with_every_lane_in_it()
    {
        var order = Order([int.MaxValue / 4, int.MaxValue / 4, 1, 977]);
        Assert.InRange(order.Length, 4, RotationTable.MaxCycle + 4);
        Assert.Equal([0, 1, 2, 3], order.Distinct().Order());
    }

    [Fact]
    public void Least_busy_compares_calls_under_way_for_their_weight()
    {
        var one = RotationScene.Lane("a");
        var strong = RotationScene.Lane("b", weight: 4);
        var selector = new LeastBusy();
        Assert.Equal(selector.Score(one, 1), selector.Score(strong, 1));
        for (var i = 0; i < 3; i++)
        {
            strong.TryLease(0, 1, out _, out _);
        }

        one.TryLease(0, 1, out _, out _);
        Assert.True(selector.Score(strong, 1) < selector.Score(one, 1));
        strong.TryLease(0, 1, out _, out _);
        strong.TryLease(0, 1, out _, out _);
        Assert.True(selector.Score(strong, 1) > selector.Score(one, 1));
    }

    [Fact]
    public void The_window_that_ends_first_is_spent_first_and_the_unknown_last()
    {
        var (soon, late, unknown) = (RotationScene.Lane("a"), RotationScene.Lane("b"), RotationScene.Lane("c"));
        var at = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
        soon.Account.Headroom.Observe(new RateLimitSignals(null, [new WindowCounter(WindowKind.Session, 100, 5, at.AddHours(1), Rejected: false)]));
        late.Account.Headroom.Observe(new RateLimitSignals(null, [new WindowCounter(WindowKind.Session, 100, 90, at.AddHours(4), Rejected: false)]));
        Lane[] lanes = [unknown, late, soon];
        Assert.Equal([soon, late, unknown], lanes.OrderBy(lane => new SoonestResetFirst().Score(lane, at.UtcTicks)));

        // Once its instant has passed, what an account said is worth nothing.
        Assert.Equal([late, unknown, soon], lanes.OrderBy(lane => new SoonestResetFirst().Score(lane, at.AddHours(2).UtcTicks)));
    }

    [Fact]
    public void A_cursor_survives_being_one_word()
    {
        foreach (var cursor in (Cursor[])[new(0, 0), new(3, 7), new(int.MaxValue, int.MaxValue), new(0, int.MaxValue)])
        {
            Assert.Equal(cursor, Cursor.Unpack(cursor.Packed));
        }
    }

    private static int[] Order(int[] weights) =>
        [.. new Weighted().OrderOf([.. weights.Select(static (weight, i) => RotationScene.Lane($"a{i}", weight: weight))])];

    private static Selector Named(string strategy) => strategy switch
    {
        "round-robin" => new RoundRobin(),
        "least-busy" => new LeastBusy(),
        "soonest-reset-first" => new SoonestResetFirst(),
        "fill-first" => new FillFirst(),
        "quota-exhausted" => new QuotaExhausted(),
        "weighted" => new Weighted(),
        _ => new RequestCount(3),
    };
}
