using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Pairs;

public class AnswerTruncationTests
{
    public static TheoryData<string, string> All => Dialects.All;

    [Theory]
    [MemberData(nameof(All))]
    public void A_stream_cut_anywhere_before_its_terminator_is_an_error_and_never_a_stop(string client, string upstream)
    {
        var pair = new Pair(client, upstream);
        foreach (var script in AnswerScripts.Representative)
        {
            var stream = pair.UpstreamStream(script);
            var terminator = EndOfTerminator(upstream, stream);
            for (var cut = 0; cut < terminator; cut++)
            {
                var received = pair.Transcode(stream[..cut]);
                var text = Encoding.UTF8.GetString(received);
                Assert.True(FailureOf(client, received) is not null, $"cut at {cut}: no error in\n{text}");
                foreach (var word in SuccessOf(client))
                {
                    Assert.False(text.Contains(word, StringComparison.Ordinal), $"cut at {cut}: {word} in\n{text}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_stream_cut_anywhere_ends_exactly_once(string client, string upstream)
    {
        var pair = new Pair(client, upstream);
        foreach (var script in AnswerScripts.Representative)
        {
            var stream = pair.UpstreamStream(script);
            for (var cut = EndOfTerminator(upstream, stream); cut <= stream.Length; cut++)
            {
                using var fold = new CompletionFold();
                Pair.Read(client, Pair.Whole(pair.Transcode(stream[..cut])), fold);
                Assert.True(fold.Ended == fold.Failure is null, $"cut at {cut}: ended {fold.Ended}, failed with {fold.Failure}");
                Assert.True(cut < stream.Length || fold.Ended, "the whole stream did not end");
            }
        }
    }

    private static UpstreamError? FailureOf(string client, byte[] stream)
    {
        using var fold = new CompletionFold();
        Pair.Read(client, Pair.Whole(stream), fold);

        // The reader itself would report a stream that just stops: the error must have been written.
        return fold.Failure is { } failure && Encoding.UTF8.GetString(stream).Contains("\"error\"", StringComparison.Ordinal) ? failure : null;
    }

    // What only a complete answer may hold.
    private static string[] SuccessOf(string client) => client switch
    {
        Dialects.OpenAiChat => ["\"finish_reason\":\"", "data: [DONE]\n"],
        Dialects.Anthropic => ["message_delta", "message_stop"],
        _ => ["finishReason"],
    };

    // Where the last byte of the terminator's JSON stands. Without [DONE], an OpenAI answer whose candidates have finished is whole
    // (wire/openai-chat.md §6); Gemini's ends by closing (wire/gemini.md §6).
    private static int EndOfTerminator(string upstream, byte[] stream)
    {
        var word = Encoding.UTF8.GetBytes(upstream switch
        {
            Dialects.OpenAiChat => "\"finish_reason\":\"",
            Dialects.Anthropic => "\"message_stop\"",
            _ => "\"finishReason\"",
        });
        using var frames = new FrameReader(FrameFormat.Sse);
        stream.CopyTo(frames.GetMemory());
        frames.Advance(stream.Length);
        var at = 0;
        while (frames.Read(out var frame) is FrameStatus.Frame or FrameStatus.Silent)
        {
            if (frame.Data.IndexOf(word) >= 0)
            {
                return at + frame.Raw.LastIndexOf((byte)'}') + 1;
            }

            at += frame.Length;
        }

        throw new InvalidOperationException("The stream has no terminator.");
    }
}
