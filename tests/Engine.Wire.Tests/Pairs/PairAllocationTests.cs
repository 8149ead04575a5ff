using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Framing;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Pairs;

public class PairAllocationTests
{
    private const int Events = 10_000;

    // With fragments of eight bytes, arguments that a Gemini client gets whole have by then filled a buffer of 128 KiB: the next,
    // twice as large, has room for all measured ones.
    private const int WarmUp = 17_000;

    public static TheoryData<string, string> All => Dialects.All;

    /// <summary>Gemini sends every call whole, so it has no event that is only a fragment of arguments (wire/mapping.md §8).</summary>
    public static TheoryData<string, string> WithFragments => new(
        from client in Dialects.Names
        from upstream in Dialects.Names
        where upstream != Dialects.Gemini
        select (client, upstream));

    [Theory]
    [MemberData(nameof(All))]
    public void A_text_delta_costs_no_allocation(string client, string upstream) =>
        AssertFree(client, upstream, static _ => { }, static sink => sink.Text(new BlockKey(0), EscapedText.FromContent(" str\\n\\u00e9🌍"u8)));

    [Theory]
    [MemberData(nameof(All))]
    public void A_reasoning_delta_costs_no_allocation(string client, string upstream) =>
        AssertFree(client, upstream, static _ => { }, static sink => sink.Reasoning(new BlockKey(0), EscapedText.FromContent(" plan\\\"é"u8)));

    [Theory]
    [MemberData(nameof(WithFragments))]
    public void A_fragment_of_arguments_costs_no_allocation(string client, string upstream) => AssertFree(
        client,
        upstream,
        static sink =>
        {
            sink.ToolStart(new BlockKey(0), EscapedText.FromContent("call_1"u8), EscapedText.FromContent("f"u8));
            sink.ToolArguments(new BlockKey(0), EscapedText.FromContent("{\\\"a\\\":\\\""u8));
        },
        static sink => sink.ToolArguments(new BlockKey(0), EscapedText.FromContent("abc\\\\né "u8)));

    private static void AssertFree(string client, string upstream, Action<ICompletionSink> opening, Action<ICompletionSink> delta)
    {
        var (head, one) = Record(upstream, opening, delta);
        using var output = new PooledBytes();
        using var frames = new FrameReader(FrameFormat.Sse);
        var reader = Dialects.Upstream(upstream).CreateReader(Dialects.Exchange);
        var meter = new MeteringSink();
        var sink = new TeeSink(meter, Dialects.Client(client).CreateWriter(output, Dialects.Exchange));
        Feed(frames, reader, sink, output, head, 1);
        Feed(frames, reader, sink, output, one, WarmUp);
        var before = meter.ContentEvents;

        var start = GC.GetAllocatedBytesForCurrentThread();
        Feed(frames, reader, sink, output, one, Events);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - start;

        Assert.Equal((Events, 0L), (meter.ContentEvents - before, allocated));
        Assert.Null(meter.Failure);
    }

    // The bytes before a delta, and the bytes of the delta alone.
    private static (byte[] Head, byte[] One) Record(string upstream, Action<ICompletionSink> opening, Action<ICompletionSink> delta)
    {
        using var output = new PooledBytes();
        var writer = Dialects.Client(upstream).CreateWriter(output, Dialects.UpstreamEnd);
        writer.Start(EscapedText.FromContent("answer-1"u8), EscapedText.FromContent("upstream-model"u8));
        opening(writer);
        delta(writer);
        var head = output.Span.ToArray();
        output.Clear();
        delta(writer);
        Assert.Equal(1, Encoding.UTF8.GetString(output.Span).Split("data:").Length - 1);
        return (head, output.Span.ToArray());
    }

    private static void Feed(FrameReader frames, CompletionReader reader, ICompletionSink sink, PooledBytes output, byte[] bytes, int times)
    {
        for (var i = 0; i < times; i++)
        {
            output.Clear();
            bytes.CopyTo(frames.GetMemory());
            frames.Advance(bytes.Length);
            FrameStatus status;
            while ((status = frames.Read(out var frame)) is FrameStatus.Frame or FrameStatus.Silent)
            {
                if (status == FrameStatus.Frame)
                {
                    reader.ReadEvent(frame.Name, frame.Data, sink);
                }
            }
        }
    }
}
