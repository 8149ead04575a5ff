using System.Text;
using Engine.Host.Recording;

namespace Engine.Host.Tests.Recording;

public class ReplayMatcherTests
{
    private const string Sse = "text/event-stream";
    private const string Json = "application/json";

    [Theory]
    // the request, then the winner among the recordings of Library()
    [InlineData("""{"model":"m"}""", "plain")]
    [InlineData("""{"model":"M"}""", "plain")]
    [InlineData("""{"model":"m","stream":true}""", "streamed")]
    [InlineData("""{"model":"m","tools":[{"function":{"name":"f"}}]}""", "tools-f")]
    [InlineData("""{"model":"m","tools":[{"function":{"name":"f"}},{"function":{"name":"g"}}]}""", "tools-fg")]
    [InlineData("""{"model":"m","tools":[{"function":{"name":"f"}},{"function":{"name":"z"}}]}""", "tools-f")]
    [InlineData("""{"model":"m","tools":[{"function":{"name":"unknown"}}]}""", "plain")]
    [InlineData("""{"model":"m","tools":[{"function":{"name":"f"}}],"messages":[{"role":"tool"}]}""", "tools-f-result")]
    [InlineData("""{"model":"m","reasoning_effort":"high"}""", "thinking")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "image-in")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"say the word"}]}""", "same-words")]
    [InlineData("""{"model":"other","messages":[{"role":"user","content":"say the word"}]}""", "other-model")]
    [InlineData("""{"model":"broken"}""", "errors/broken")]
    [InlineData("""{"model":"broken","stream":true}""", "errors/broken")]
    [InlineData("""{"model":"half-broken"}""", "half-broken-good")]
    [InlineData("""{"model":"only-streams"}""", null)]
    public void The_best_recording_answers(string body, string? expected)
    {
        var match = Match(body, Library(), 0);
        Assert.Equal(expected, match?.Name);
    }

    [Fact]
    public void An_unknown_model_is_answered_by_any_that_fits_but_never_by_a_failure()
    {
        for (var turn = 0u; turn < 10; turn++)
        {
            Assert.False(Match("""{"model":"never-heard-of"}""", Library(), turn)!.IsFailure);
        }

        Assert.Null(Match("""{"model":"x"}""", [Record("errors/only", """{"model":"m"}""", Json, 429)], 0));
    }

    [Fact]
    public void Equals_take_turns_in_the_order_of_their_names()
    {
        Fixture[] twins = [Record("a", """{"model":"m"}""", Json), Record("b", """{"model":"m"}""", Json), Record("c", """{"model":"m","tools":[{"name":"t"}]}""", Json)];
        Assert.Equal(["a", "b", "a", "b"], Enumerable.Range(0, 4).Select(turn => Match("""{"model":"m"}""", twins, (uint)turn)!.Name));
    }

    [Theory]
    [InlineData("/v1beta/models/m:generateContent", "whole")]
    [InlineData("/v1beta/models/m:streamGenerateContent", "array")]
    [InlineData("/v1beta/models/m:streamGenerateContent?alt=sse", "sse")]
    [InlineData("/v1/models/m:streamGenerateContent?alt=sse", "sse")]
    public void Gemini_asks_for_the_form_in_its_path(string target, string expected)
    {
        Fixture[] all =
        [
            Record("array", "{}", Json, 200, "/v1beta/models/m:streamGenerateContent"),
            Record("sse", "{}", Sse, 200, "/v1beta/models/m:streamGenerateContent?alt=sse"),
            Record("whole", "{}", Json, 200, "/v1beta/models/m:generateContent"),
        ];
        Assert.Equal(expected, Match("{}", all, 0, target)?.Name);
    }

    [Fact]
    public void What_has_no_operation_of_its_own_is_matched_by_its_path()
    {
        Fixture[] all = [Record("a", "{}", Json, 200, "/x/one"), Record("b", "{}", Json, 200, "/x/two")];
        Assert.Equal("b", Match("{}", all, 0, "/x/two?q=1")?.Name);
        Assert.Null(Match("{}", all, 0, "/x/three"));
    }

    [Fact]
    public void Ollama_streams_unless_told_otherwise()
    {
        var endpoint = FixtureEndpoint.Classify("POST", "/api/chat", []);
        Assert.Equal(AnswerForm.NdJson, ReplayMatcher.FormAsked(endpoint, RequestFacts.None));
        Assert.Equal(AnswerForm.Whole, ReplayMatcher.FormAsked(endpoint, RequestFacts.None with { Streams = false }));
    }

    private static Fixture[] Library() =>
    [
        Record("errors/broken", """{"model":"broken"}""", Json, 429),
        Record("errors/half-broken", """{"model":"half-broken"}""", Json, 500),
        Record("half-broken-good", """{"model":"half-broken","reasoning_effort":"high","tools":[{"name":"z"}]}""", Json),
        Record("image-in", """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", Json),
        Record("only-streams", """{"model":"only-streams","stream":true}""", Sse),
        Record("other-model", """{"model":"other","tools":[{"name":"x"}],"messages":[{"role":"user","content":"hm"}]}""", Json),
        Record("plain", """{"model":"m"}""", Json),
        Record("same-words", """{"model":"m","messages":[{"role":"user","content":"say the word"}]}""", Json),
        Record("streamed", """{"model":"m","stream":true}""", Sse),
        Record("thinking", """{"model":"m","reasoning_effort":"low"}""", Json),
        Record("tools-f", """{"model":"m","tools":[{"name":"f"}]}""", Json),
        Record("tools-f-result", """{"model":"m","tools":[{"name":"f"}],"messages":[{"role":"tool"}]}""", Json),
        Record("tools-fg", """{"model":"m","tools":[{"name":"f"},{"name":"g"}]}""", Json),
    ];

    private static Fixture? Match(string body, IReadOnlyList<Fixture> all, uint turn, string target = "/v1/chat/completions")
    {
        Assert.True(RequestFactsReader.TryRead(Encoding.UTF8.GetBytes(body), out var facts));
        return ReplayMatcher.Match(FixtureEndpoint.Classify("POST", target, []), facts, all, turn);
    }

    private static Fixture Record(string name, string body, string type, int status = 200, string target = "/v1/chat/completions")
    {
        Assert.True(RequestFactsReader.TryRead(Encoding.UTF8.GetBytes(body), out var facts));
        var endpoint = FixtureEndpoint.Classify("POST", target, []);
        var head = new FixtureHead(status, [new("content-type", type)]);
        return new Fixture { Name = name, Endpoint = endpoint, Facts = facts, Meta = new(), Head = head, Form = Fixture.FormOf(endpoint, head) };
    }
}
