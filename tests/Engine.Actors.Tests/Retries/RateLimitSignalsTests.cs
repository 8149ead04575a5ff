using Engine.Actors.Retries;

namespace Engine.Actors.Tests.Retries;

public sealed class RateLimitSignalsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(60, 60, 3)]
    [InlineData(1000, 60, 3)]
    [InlineData(10, 60, 6)]
    [InlineData(1, 60, 60)]
    [InlineData(-1, 60, 3)]
    [InlineData(60, 0, 0)]
    [InlineData(14_400, 86_400, 6)]
    [InlineData(100_000, 86_400, 5)]
    public void An_empty_bucket_is_worth_calling_when_some_is_back_and_one_at_least(int limit, int reset, int seconds)
    {
        var bucket = WindowCounter.Bucket(WindowKind.Requests, limit, 0, Now.AddSeconds(reset), Now);
        Assert.Equal((Now.AddSeconds(seconds), Now.AddSeconds(reset)), (bucket.UsableAt, bucket.ResetAt));
    }

    [Fact]
    public void Another_window_is_worth_calling_when_it_is_full() =>
        Assert.Equal(Now.AddSeconds(60), new WindowCounter(WindowKind.Requests, 60, 0, Now.AddSeconds(60), false).UsableAt);

    [Fact]
    public void A_window_without_an_end_names_no_instant() =>
        Assert.Null(WindowCounter.Bucket(WindowKind.Requests, 60, 0, null, Now).UsableAt);

    [Fact]
    public void Requests_that_are_left_are_told_only_by_a_window_of_requests()
    {
        Assert.Equal(-1, default(RateLimitSignals).RequestsLeft);
        Assert.Equal(-1, new RateLimitSignals(null, [new WindowCounter(WindowKind.Tokens, 10, 7, null, false)]).RequestsLeft);
        Assert.Equal(5, new RateLimitSignals(
            null, [new WindowCounter(WindowKind.Tokens, 10, 7, null, false), new WindowCounter(WindowKind.Requests, 10, 5, null, false)]).RequestsLeft);
    }
}
