using Engine.Actors.Retries;
using Engine.Host.Exchange;


namespace Engine.Host.Tests.Exchange;

public sealed class CommitRulesTests
{
    [Theory]
    [InlineData("NothingSent", true)]
    [InlineData("SentUpstream", true)]
    [InlineData("HeadersOut", true)]
    [InlineData("ContentOut", false)]
    public void A_reset_of_a_reused_connection_is_replayed_until_content_is_out(string point, bool replayed)
    {
        var at = Enum.Parse<CommitPoint>(point);

        Assert.Equal(replayed, CommitRules.MayReplay(at, connectionReused: true, responseBegan: false));
        Assert.False(CommitRules.MayReplay(at, connectionReused: false, responseBegan: false));
        Assert.False(CommitRules.MayReplay(at, connectionReused: true, responseBegan: true));
    }

    [Theory]
    [InlineData("NothingSent")]
    [InlineData("SentUpstream")]
    [InlineData("HeadersOut")]
    [InlineData("ContentOut")]
    public void Until_content_is_out_the_verdict_says_whether_another_account_is_tried(string point)
    {
        var at = Enum.Parse<CommitPoint>(point);

        Assert.All(Enum.GetValues<RetryAdvice>(), advice => Assert.Equal(
            at < CommitPoint.ContentOut && advice != RetryAdvice.GiveUp,
            CommitRules.MayTryElsewhere(at, default(Verdict) with { Retry = advice })));
    }

    [Theory]
    [InlineData("NothingSent", "HttpError")]
    [InlineData("SentUpstream", "HttpError")]
    [InlineData("HeadersOut", "StreamError")]
    [InlineData("ContentOut", "StreamError")]
    public void A_failure_is_an_http_error_until_the_head_is_out(string point, string form) =>
        Assert.Equal(Enum.Parse<ReportForm>(form), CommitRules.Report(Enum.Parse<CommitPoint>(point)));
}
