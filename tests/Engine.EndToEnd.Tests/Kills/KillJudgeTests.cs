namespace Engine.EndToEnd.Tests.Kills;

/// <summary>The judge itself: what it holds against an engine and what it does not.</summary>
public sealed class KillJudgeTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    // A bar that is told at second 1 until second 9; its client sees the outcome at second 2. All instants in seconds.
    [Theory]
    [InlineData("the account was leased after the client knew", 3, 3.1, 1, "m", 1)]
    [InlineData("under way before anybody knew", 1.5, 2.5, 1, "m", 0)]
    [InlineData("asked before anybody knew, and too late to have been under way", 1.5, 4.5, 1, "m", 1)]
    [InlineData("a later process", 1.5, 2.1, 2, "m", 1)]
    [InlineData("its time has come", 3, 9, 1, "m", 0)]
    [InlineData("another model", 3, 3.1, 1, "n", 0)]
    public void A_call_is_early_when_the_engine_must_have_known(string why, double leased, double at, int engine, string model, int early)
    {
        var bar = Told("m", seen: 2);
        Assert.True(early == KillJudge.EarlyCalls([Call(engine, leased, at, model)], [bar]).Count(), why);
    }

    [Fact]
    public void A_bar_of_the_account_holds_for_every_model() =>
        Assert.Single(KillJudge.EarlyCalls([Call(1, 3, 3.1, "n")], [Told(null, seen: 2)]));

    [Fact]
    public void Nobody_need_know_of_a_bar_that_no_client_has_seen() =>
        Assert.Empty(KillJudge.EarlyCalls([Call(2, 3, 3.1, "m")], [Told("m", seen: null)]));

    [Theory]
    [InlineData("beside the probe", 10.5, 1, 1)]
    [InlineData("after the probe's answer", 11, 1, 0)]
    [InlineData("by the next process", 10.5, 2, 0)]
    public void One_call_at_a_time_probes(string why, double at, int engine, int second)
    {
        var bar = Told("m", seen: 2).Episode;
        var first = Call(1, 10, 10, "m");
        first.AnsweredAt = Start.AddSeconds(11);
        first.Probes = [bar];
        var next = Call(engine, at, at, "m");
        next.Probes = [bar];

        Assert.True(second == KillJudge.SecondProbes([first, next]).Count(), why);
    }

    [Theory]
    [InlineData("nothing", 2)]
    [InlineData("""2026-11-21T08:00:00.000Z  pool/shared#1  pool.retried/1  {"requestId":"told"}""", 1)]
    [InlineData("""2026-11-21T08:00:00.000Z  account/u/a#1  account.cooled/1  {"at":"1970-01-01T00:00:01.5Z","model":"m","until":"1970-01-01T00:00:09Z"}""", 1)]
    [InlineData("""2026-11-21T08:00:00.000Z  account/u/a#1  account.cooled/1  {"at":"1970-01-01T00:00:01.5Z","model":"m","until":"1970-01-01T00:00:08Z"}""", 2)]
    [InlineData("""2026-11-21T08:00:00.000Z  account/u/a#1  account.cooled/1  {"at":"1970-01-01T00:00:02.5Z","model":"m","until":"1970-01-01T00:00:09Z"}""", 2)]
    [InlineData("""2026-11-21T08:00:00.000Z  account/u/a#1  account.cooled/1  {"at":"1970-01-01T00:00:01.5Z","model":"n","until":"1970-01-01T00:00:09Z"}""", 2)]
    [InlineData("""2026-11-21T08:00:00.000Z  account/u/b#1  account.exhausted/1  {"at":"1970-01-01T00:00:01.5Z","probeAt":"1970-01-01T00:00:09Z"}""", 2)]
    [InlineData("""2026-11-21T08:00:00.000Z  account/u/a#1  account.exhausted/1  {"at":"1970-01-01T00:00:01.5Z","probeAt":"1970-01-01T00:00:09Z"}""", 1)]
    public void What_a_client_has_seen_must_be_in_the_journal(string line, int lost)
    {
        var bar = Told("m", seen: 2);
        bar.Call.Request.Attempts = 2;

        Assert.Equal(lost, KillJudge.LostEvents([bar.Call.Request], [bar], new JournalLines([line])).Count());
    }

    private static ToldBar Told(string? model, double? seen)
    {
        var call = Call(1, 0.5, 0.9, "m", "told");
        call.Request.SeenAt = seen is { } at ? Start.AddSeconds(at) : null;
        var told = new ToldBar(call, new BarEpisode(BarKind.RateLimit, model), Start.AddSeconds(1), Start.AddSeconds(9));
        told.Episode.Told.Add(told);
        return told;
    }

    private static UpstreamCall Call(int engine, double leased, double at, string model, string request = "other") => new()
    {
        Request = new KillRequest(request, engine, Start.AddSeconds(leased)),
        Account = "u/a",
        Model = model,
        At = Start.AddSeconds(at),
        NotLeasedBefore = Start.AddSeconds(leased),
    };
}
