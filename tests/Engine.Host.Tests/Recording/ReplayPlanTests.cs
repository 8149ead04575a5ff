using System.Text;
using Engine.Host.Recording;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Host.Tests.Recording;

public class ReplayPlanTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "9 9")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "11 11")]
    [InlineData("data: a\r\rdata: b\r\r", "9 9")]
    [InlineData("event: x\ndata: a\n\ndata: unfinished", "18 16")]
    [InlineData("data: a\n\n\n: ping\n\n", "9 1 8")]
    [InlineData("", "")]
    public void A_stream_without_recorded_reads_goes_out_event_by_event(string body, string sizes) =>
        Assert.Equal(sizes, Sizes(Record("text/event-stream"), body));

    [Fact]
    public void Ndjson_goes_out_line_by_line_and_anything_else_whole()
    {
        Assert.Equal("3 3 2", Sizes(Record("application/x-ndjson"), "{}\n{}\n{}"));
        Assert.Equal("8", Sizes(Record("application/json"), "{}\n{}\n{}"));
    }

    [Fact]
    public void Pieces_always_add_up_to_the_body() =>
        Prop.ForAll(
            Gen.Elements("a", "\r", "\n", "\r\n", "é", "data:").ListOf().Select(string.Concat).ToArbitrary(),
            body => ReplayPlan.For(Record("text/event-stream"), Encoding.UTF8.GetBytes(body), ReplaySpeed.Max).Sizes.Sum()
                == Encoding.UTF8.GetByteCount(body)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1", "0 10 40")]
    [InlineData("10", "0 1 4")]
    [InlineData("0.5", "0 20 80")]
    [InlineData("max", "0 0 0")]
    public void Recorded_timing_is_scaled(string speed, string due)
    {
        var fixture = Record("text/event-stream") with { Meta = new FixtureMeta { Chunks = [1, 1, 1], Timing = [0, 10, 40] } };
        Assert.Equal(due, Due(fixture, speed));
    }

    [Fact]
    public void Without_recorded_timing_pieces_follow_at_a_fixed_pace()
    {
        var fixture = Record("text/event-stream") with { Meta = new FixtureMeta { Chunks = [1, 1, 1] } };
        Assert.Equal("0 15 30", Due(fixture, "1"));
        Assert.Equal("0 0 0", Due(fixture, "max"));
    }

    [Theory]
    [InlineData("max", true)]
    [InlineData("MAX", true)]
    [InlineData("1", true)]
    [InlineData("0.25", true)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("fast", false)]
    [InlineData("1e3", false)]
    [InlineData("NaN", false)]
    [InlineData("", false)]
    public void Speed_is_a_positive_number_or_max(string text, bool valid) => Assert.Equal(valid, ReplaySpeed.TryParse(text, out _));

    private static string Sizes(Fixture fixture, string body) =>
        string.Join(' ', ReplayPlan.For(fixture, Encoding.UTF8.GetBytes(body), ReplaySpeed.Max).Sizes);

    private static string Due(Fixture fixture, string speed)
    {
        Assert.True(ReplaySpeed.TryParse(speed, out var parsed));
        return string.Join(' ', ReplayPlan.For(fixture, "abc"u8, parsed).Due.Select(d => d.TotalMilliseconds));
    }

    private static Fixture Record(string type)
    {
        var endpoint = FixtureEndpoint.Classify("POST", "/v1/chat/completions", []);
        var head = new FixtureHead(200, [new("content-type", type)]);
        return new Fixture { Name = "n", Endpoint = endpoint, Facts = RequestFacts.None, Meta = new(), Head = head, Form = Fixture.FormOf(endpoint, head) };
    }
}
