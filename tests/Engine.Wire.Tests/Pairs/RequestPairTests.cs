using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Normalising;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Pairs;

public class RequestPairTests
{
    public static TheoryData<string, string> All => Dialects.All;

    [Theory]
    [MemberData(nameof(All))]
    public void A_request_keeps_there_and_back_what_both_dialects_can_say(string client, string upstream) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(120).WithEndSize(12), Prop.ForAll(RequestScripts.Any.ToArbitrary(), script =>
        {
            var said = RequestFacts.Of(script);
            var there = Read(upstream, Write(upstream, Read(client, Write(client, script))));
            var back = Read(client, Write(client, there));

            // Where a dialect has no ids, the passes pair calls and results: the facts are those after them.
            Assert.Equal(said, RequestFacts.Of(Normalised(upstream, there)));
            Assert.Equal(said, RequestFacts.Of(Normalised(client, back)));
        }));

    // Models that take temperature and stop sequences.
    private static string ModelOf(string dialect) => dialect switch
    {
        Dialects.OpenAiChat => "gpt-4.1",
        Dialects.Anthropic => "claude-sonnet-4-5",
        _ => "gemini-3.5-flash",
    };

    private static CompletionRequest Normalised(string dialect, CompletionRequest request)
    {
        var losses = new LossLedger();
        var normalised = Normaliser.Apply(request, Dialects.Upstream(dialect).CapabilitiesOf(ModelOf(dialect)), ModelOf(dialect), losses).Request;
        Assert.Null(losses.FirstRefusal(strict: true));
        return normalised;
    }

    private static byte[] Write(string dialect, CompletionRequest request)
    {
        var losses = new LossLedger();
        using var written = Dialects.Upstream(dialect).WriteRequest(Normalised(dialect, request), ModelOf(dialect), Operation.Generate, losses);
        Assert.Null(losses.FirstRefusal(strict: true));
        var body = written.Body.ToArray();
        using var document = JsonDocument.Parse(body);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);

        // Only Gemini says in the path whether it streams.
        return dialect == Dialects.Gemini && request.Stream ? [.. body, (byte)' '] : body;
    }

    private static CompletionRequest Read(string dialect, byte[] body)
    {
        var inPath = dialect == Dialects.Gemini;
        return Dialects.Client(dialect).ReadRequest(
            new ClientRequest { Body = body, PathModel = inPath ? ModelOf(dialect) : "", PathStream = inPath ? body[^1] == (byte)' ' : null },
            Operation.Generate);
    }
}
