using System.Text;
using Engine.Testing;
using Engine.Wire.Completion;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Pairs;

public class AnswerPairTests
{
    public static TheoryData<string, string> All => Dialects.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Any_split_of_the_upstreams_bytes_gives_the_same_client_bytes(string client, string upstream)
    {
        var pair = new Pair(client, upstream);
        ForAll(AnswerScripts.Any, tests: 40, script =>
        {
            var stream = pair.UpstreamStream(script);
            AssertSame(pair, stream, Chunkings.Sample(stream, seed: stream.Length, splits: 6));
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_split_at_any_offset_gives_the_same_client_bytes(string client, string upstream)
    {
        var pair = new Pair(client, upstream);
        foreach (var script in AnswerScripts.Representative)
        {
            var stream = pair.UpstreamStream(script);
            AssertSame(pair, stream, Chunkings.All(stream));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Texts_and_arguments_arrive_as_they_were_said(string client, string upstream)
    {
        var pair = new Pair(client, upstream);
        ForAll(AnswerScripts.Any, tests: 150, script =>
            Assert.Equal(pair.FactsOf(script), pair.FactsOfStream(pair.Transcode(pair.UpstreamStream(script)))));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_whole_answer_says_what_the_stream_says(string client, string upstream)
    {
        var pair = new Pair(client, upstream);
        ForAll(AnswerScripts.Any, tests: 150, script =>
        {
            var whole = pair.FactsOfBody(pair.TranscodeBody(pair.UpstreamBody(script)));
            var streamed = pair.FactsOfStream(pair.Transcode(pair.UpstreamStream(script)));
            Assert.Equal(Comparable(pair, streamed), Comparable(pair, whole));
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_stream_folds_to_the_whole_answer(string client, string upstream)
    {
        var pair = new Pair(client, upstream);
        ForAll(AnswerScripts.Any, tests: 100, script =>
        {
            var streamed = new TranscriptSink();
            Pair.Read(client, Pair.Whole(pair.Transcode(pair.UpstreamStream(script))), streamed);
            using var refolded = new CompletionFold();
            Transcript.Play(streamed.Lines, refolded);
            using var coalesced = new CompletionFold();
            Transcript.Play(streamed.Coalesced, coalesced);
            Assert.Equal(AnswerFacts.Of(refolded, pair), AnswerFacts.Of(coalesced, pair));
            Assert.Equal(pair.FactsOf(script), AnswerFacts.Of(coalesced, pair));
        });
    }

    // A whole OpenAI answer has one place for each kind of content (wire/openai-chat.md §5).
    private static AnswerFacts Comparable(Pair pair, AnswerFacts facts) => pair.Has(Dialects.OpenAiChat) ? facts.WithoutOrder() : facts;

    private static void AssertSame(Pair pair, byte[] stream, IEnumerable<Chunking> chunkings)
    {
        var expected = pair.Transcode(stream);
        Assert.NotEmpty(expected);
        foreach (var chunking in chunkings)
        {
            var actual = pair.Transcode(chunking);
            if (!actual.AsSpan().SequenceEqual(expected))
            {
                Assert.Equal((chunking.Name, Encoding.UTF8.GetString(expected)), (chunking.Name, Encoding.UTF8.GetString(actual)));
            }
        }
    }

    private static void ForAll<T>(Gen<T> inputs, int tests, Action<T> law) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(12), Prop.ForAll(inputs.ToArbitrary(), law));
}
