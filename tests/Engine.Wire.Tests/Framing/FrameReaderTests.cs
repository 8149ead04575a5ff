using System.Text;
using Engine.Testing;
using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

public class FrameReaderTests
{
    private static FrameReader Holding(FrameFormat format, string received, int maximumFrame = FrameReader.DefaultMaximumFrame)
    {
        var reader = new FrameReader(format, maximumFrame);
        Receive(reader, received);
        return reader;
    }

    private static void Receive(FrameReader reader, string received)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(received);
        bytes.CopyTo(reader.GetMemory());
        reader.Advance(bytes.Length);
    }

    [Theory]
    [InlineData("[{\"a\":1},{\"b\":2}]", "event [] {\"a\":1}", "event [] {\"b\":2}", "End")]
    [InlineData(" \n{\"a\":1}\n{\"b\":2}\n", "event [] {\"a\":1}", "event [] {\"b\":2}", "End")]
    [InlineData("\uFEFF\n[{\"a\":1}]", "event [] {\"a\":1}", "End")]
    [InlineData("\n\ndata: {}\n\n", "event [] {}", "End")]
    [InlineData(": comment\n\nevent: a\ndata: {}\n\n", "event [a] {}", "End")]
    [InlineData("\uFEFFdata: {}\n\n", "event [] {}", "End")]
    [InlineData("<html>502</html>", "End")]
    [InlineData(" \n", "End")]
    [InlineData("", "End")]
    public void An_unknown_format_shows_in_the_first_byte(string input, params string[] expected) =>
        FrameTranscript.Is(FrameFormat.Detect, input, expected);

    [Theory]
    [InlineData("text/event-stream", FrameFormat.Sse)]
    [InlineData("Text/Event-Stream;charset=UTF-8", FrameFormat.Sse)]
    [InlineData(" text/event-stream ; charset=utf-8", FrameFormat.Sse)]
    [InlineData("application/x-ndjson", FrameFormat.NdJson)]
    [InlineData("application/ndjson; charset=utf-8", FrameFormat.NdJson)]
    [InlineData("application/jsonl", FrameFormat.NdJson)]
    [InlineData("application/json; charset=UTF-8", FrameFormat.Detect)]
    [InlineData("text/event-streams", FrameFormat.Detect)]
    [InlineData("", FrameFormat.Detect)]
    public void The_content_type_chooses_the_format(string contentType, FrameFormat format) =>
        Assert.Equal(format, FrameFormatSelector.ForContentType(contentType));

    [Theory]
    [InlineData(FrameFormat.Sse, "data: ")]
    [InlineData(FrameFormat.Sse, "{\"")]
    [InlineData(FrameFormat.NdJson, "{\"")]
    [InlineData(FrameFormat.JsonArray, "[{\"")]
    [InlineData(FrameFormat.Detect, "          ")]
    public void A_frame_beyond_the_cap_is_too_large(FrameFormat format, string start)
    {
        byte[] input = Encoding.UTF8.GetBytes(start + new string(format == FrameFormat.Detect ? ' ' : 'x', 100));
        foreach (var chunking in Chunkings.All(input))
        {
            Assert.Equal(["TooLarge"], FrameTranscript.Read(format, chunking, maximumFrame: 64));
        }
    }

    [Theory]
    [InlineData(FrameFormat.Sse, "data: {\"a\":1}\n\n", "event [] {\"a\":1}")]
    [InlineData(FrameFormat.NdJson, "{\"a\":1}\n", "event [] {\"a\":1}")]
    [InlineData(FrameFormat.JsonArray, "{\"a\":1}", "event [] {\"a\":1}")]
    public void A_frame_of_exactly_the_cap_passes(FrameFormat format, string frame, string line)
    {
        byte[] input = Encoding.UTF8.GetBytes(frame + frame);
        foreach (var chunking in Chunkings.All(input))
        {
            Assert.Equal([line, line, "End"], FrameTranscript.Read(format, chunking, maximumFrame: frame.Length));
        }
    }

    [Fact]
    public void Events_before_a_giant_are_given_out()
    {
        byte[] input = Encoding.UTF8.GetBytes("data: 1\n\ndata: 2\n\ndata: " + new string('x', 100));
        foreach (var chunking in Chunkings.All(input))
        {
            Assert.Equal(["event [] 1", "event [] 2", "TooLarge"], FrameTranscript.Read(FrameFormat.Sse, chunking, maximumFrame: 64));
        }
    }

    [Fact]
    public void An_event_of_50_MB_passes()
    {
        byte[] input = [.. "data: "u8, .. Enumerable.Repeat((byte)'x', 50_000_000), .. "\n\ndata: 2\n\n"u8];
        using var reader = new FrameReader(FrameFormat.Sse);
        var lengths = new List<int>();
        for (int at = 0; at < input.Length;)
        {
            var memory = reader.GetMemory();
            int count = Math.Min(memory.Length, input.Length - at);
            input.AsMemory(at, count).CopyTo(memory);
            reader.Advance(count);
            at += count;
            while (reader.Read(out var frame) == FrameStatus.Frame)
            {
                lengths.Add(frame.Data.Length);
            }
        }

        Assert.Equal([50_000_000, 1], lengths);
    }

    [Theory]
    [InlineData(FrameFormat.JsonArray, "garbage", FrameStatus.Malformed)]
    [InlineData(FrameFormat.JsonArray, "[x", FrameStatus.Malformed)]
    [InlineData(FrameFormat.JsonArray, "[{\"a\":", FrameStatus.Truncated)]
    public void A_failure_is_final_and_keeps_what_could_not_be_read(FrameFormat format, string input, FrameStatus failure)
    {
        using var reader = Holding(format, input);
        reader.Complete();

        Assert.Equal(failure, reader.Read(out _));
        Assert.Equal(failure, reader.Read(out _));
        Assert.EndsWith(Encoding.UTF8.GetString(reader.Unread), input, StringComparison.Ordinal);
        Assert.False(reader.Unread.IsEmpty);
    }

    [Fact]
    public void A_cap_that_was_hit_is_final()
    {
        using var reader = Holding(FrameFormat.Sse, "data: 12", maximumFrame: 8);

        Assert.Equal(FrameStatus.TooLarge, reader.Read(out _));
        reader.Complete();
        Assert.Equal(FrameStatus.TooLarge, reader.Read(out _));
        Assert.Throws<InvalidOperationException>(() => reader.GetMemory());
    }

    [Fact]
    public void A_silent_stream_can_let_go_of_its_memory_after_each_comment()
    {
        using var reader = new FrameReader(FrameFormat.Sse);
        for (int i = 0; i < 3; i++)
        {
            Receive(reader, ": PROCESSING\n\n");
            Assert.Equal(FrameStatus.Silent, reader.Read(out var frame));
            Assert.Equal(": PROCESSING\n\n", Encoding.UTF8.GetString(frame.Raw));
            Assert.Equal(FrameStatus.NeedMore, reader.Read(out _));
            Assert.True(reader.Unread.IsEmpty);
            reader.ReleaseIfEmpty();
        }

        Receive(reader, "data: 1\n\n");
        Assert.Equal(FrameStatus.Frame, reader.Read(out _));
    }

    [Fact]
    public void The_raw_bytes_of_a_frame_are_as_received()
    {
        using var reader = Holding(FrameFormat.Sse, ": a\r\nid:1\r\nevent:x\r\ndata:1\r\ndata:2\r\n\r\ndata: 3");

        Assert.Equal(FrameStatus.Frame, reader.Read(out var frame));
        Assert.Equal(": a\r\nid:1\r\nevent:x\r\ndata:1\r\ndata:2\r\n\r\n", Encoding.UTF8.GetString(frame.Raw));
    }

    [Fact]
    public void The_spans_of_a_frame_outlive_the_event_behind_it_only_until_the_next_read()
    {
        using var reader = Holding(FrameFormat.Sse, "event: a\ndata: 1\n\ndata: 2\n\n");

        Assert.Equal(FrameStatus.Frame, reader.Read(out var first));
        Assert.Equal("event [a] 1", FrameTranscript.Line(first));
        Assert.Equal("data: 2\n\n", Encoding.UTF8.GetString(reader.Unread));
        Assert.Equal("event [a] 1", FrameTranscript.Line(first));
    }

    [Fact]
    public void It_may_be_disposed_twice()
    {
        var reader = Holding(FrameFormat.Sse, "data: 1\ndata: 2\n\n");
        Assert.Equal(FrameStatus.Frame, reader.Read(out _));

        reader.Dispose();
        reader.Dispose();

        Assert.Throws<ObjectDisposedException>(() => reader.GetMemory());
    }
}
