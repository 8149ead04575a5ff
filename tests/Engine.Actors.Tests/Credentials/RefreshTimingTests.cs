using Engine.Actors.Credentials;

namespace Engine.Actors.Tests.Credentials;

public sealed class RefreshTimingTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(3600, 3300)]
    [InlineData(86_400, 86_100)]
    [InlineData(3000, 2700)]
    [InlineData(600, 540)]
    [InlineData(10, 9)]
    public void A_pair_is_due_five_minutes_or_a_tenth_of_its_lifetime_before_it_expires(int lifetime, int due) =>
        Assert.Equal(Start.AddSeconds(due), RefreshTiming.DueAt(new TokenPair("a", "r", Start.AddSeconds(lifetime), Start)));

    [Fact]
    public void A_pair_that_does_not_expire_is_never_due() =>
        Assert.Equal(DateTimeOffset.MaxValue, RefreshTiming.DueAt(new TokenPair("a", "r", null, Start)));

    [Fact]
    public void A_seed_is_due_at_once() => Assert.True(RefreshTiming.DueAt(TokenPair.Seed("r")) < Start);

    [Theory]
    [InlineData(1, 0.0, 0.5)]
    [InlineData(1, 0.5, 0.75)]
    [InlineData(4, 0.0, 4)]
    [InlineData(9, 0.0, 128)]
    [InlineData(10, 0.0, 150)]
    [InlineData(int.MaxValue, 0.0, 150)]
    public void The_wait_after_failures_doubles_and_is_bounded(int failures, double jitter, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RefreshTiming.Backoff(failures, jitter));

    [Fact]
    public void A_pair_shows_its_fingerprint_and_no_token()
    {
        var pair = new TokenPair("access-secret", "refresh-secret", null, Start);

        Assert.Matches("^[0-9a-f]{12}$", pair.Fingerprint);
        Assert.Equal("token pair " + pair.Fingerprint, pair.ToString());
        Assert.NotEqual(pair.Fingerprint, new TokenPair("access-secret", "other", null, Start).Fingerprint);
        Assert.DoesNotContain("secret", $"{TokenAnswer.Of(new TokenGrant("access-secret", "refresh-secret", null))}", StringComparison.Ordinal);
    }
}
