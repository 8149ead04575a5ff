using Engine.Actors.Retries;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class HeadroomTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_known_before_an_answer_has_told()
    {
        var headroom = new Headroom();
        headroom.Observe(default);
        Assert.Equal(long.MaxValue, headroom.SoonestReset);
        Assert.Null(headroom.Of(WindowKind.Requests));
    }

    [Fact]
    public void The_soonest_reset_is_of_a_window_that_has_something_left()
    {
        var headroom = new Headroom();
        headroom.Observe(new RateLimitSignals(null,
        [
            new WindowCounter(WindowKind.Requests, 10, 0, Start.AddSeconds(1), Rejected: false),
            new WindowCounter(WindowKind.Week, 100, 40, Start.AddDays(3), Rejected: false),
            new WindowCounter(WindowKind.Session, 100, 7, Start.AddHours(2), Rejected: false),
            new WindowCounter(WindowKind.Tokens, 100, 7, null, Rejected: false),
        ]));
        Assert.Equal(Start.AddHours(2).UtcTicks, headroom.SoonestReset);
        Assert.Equal(new WindowCounter(WindowKind.Week, 100, 40, Start.AddDays(3), Rejected: false), headroom.Of(WindowKind.Week));
        Assert.Null(headroom.Of(WindowKind.InputTokens));
    }
}
