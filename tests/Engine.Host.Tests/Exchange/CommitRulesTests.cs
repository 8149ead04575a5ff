using Engine.Host.Exchange;
using Engine.Wire.Completion;

namespace Engine.Host.Tests.Exchange;

public sealed class CommitRulesTests
{
    private static readonly CommitPoint[] Points = Enum.GetValues<CommitPoint>();

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

    [Fact]
    public void Nothing_is_retried_once_content_is_out() =>
        Assert.All(Enum.GetValues<ErrorKind>(), kind => Assert.False(CommitRules.MayTryElsewhere(CommitPoint.ContentOut, kind)));

    [Theory]
    [InlineData(ErrorKind.RateLimit, true)]
    [InlineData(ErrorKind.Quota, true)]
    [InlineData(ErrorKind.Overloaded, true)]
    [InlineData(ErrorKind.Timeout, true)]
    [InlineData(ErrorKind.UpstreamFault, true)]
    [InlineData(ErrorKind.Truncated, true)]
    [InlineData(ErrorKind.UpstreamCredential, true)]
    [InlineData(ErrorKind.Permission, true)]
    [InlineData(ErrorKind.UnknownModel, true)]
    [InlineData(ErrorKind.Invalid, false)]
    [InlineData(ErrorKind.UnsupportedParameter, false)]
    [InlineData(ErrorKind.ContextOverflow, false)]
    [InlineData(ErrorKind.BodyTooLarge, false)]
    [InlineData(ErrorKind.Policy, false)]
    public void Only_what_is_not_the_clients_fault_goes_elsewhere(ErrorKind kind, bool elsewhere) =>
        Assert.All(Points.Where(point => point < CommitPoint.ContentOut), point => Assert.Equal(elsewhere, CommitRules.MayTryElsewhere(point, kind)));

    [Theory]
    [InlineData("NothingSent", "HttpError")]
    [InlineData("SentUpstream", "HttpError")]
    [InlineData("HeadersOut", "StreamError")]
    [InlineData("ContentOut", "StreamError")]
    public void A_failure_is_an_http_error_until_the_head_is_out(string point, string form) =>
        Assert.Equal(Enum.Parse<ReportForm>(form), CommitRules.Report(Enum.Parse<CommitPoint>(point)));
}
