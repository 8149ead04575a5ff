using System.Buffers;
using System.Text;
using Engine.Testing;
using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

public class SseWriterTests
{
    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Fact]
    public void Data_is_one_line_and_a_blank_line() =>
        Assert.Equal("data: {\"a\":1}\n\n", Written(output => SseWriter.WriteData(output, "{\"a\":1}"u8)));

    [Fact]
    public void A_named_event_has_its_name_first() =>
        Assert.Equal("event: ping\ndata: {}\n\n", Written(output => SseWriter.WriteEvent(output, "ping"u8, "{}"u8)));

    [Fact]
    public void A_comment_is_a_line_without_a_blank_line() =>
        Assert.Equal(": ping\n", Written(output => SseWriter.WriteComment(output, "ping"u8)));

    [Theory]
    [InlineData("{\n  \"a\": [\r\n    1\r\n  ]\n}\n", "{\"a\": [1]}")]
    [InlineData("{\"a\":\"x\ny\rz\"}", "{\"a\":\"x\\ny\\rz\"}")]
    [InlineData("{\"a\":\"\\\"\n\\\\\"\n}", "{\"a\":\"\\\"\\n\\\\\"}")]
    [InlineData("{\"a\":\"\\\n\"}", "{\"a\":\"\\\\n\"}")]
    [InlineData("{\"a\":\"  \n  \"}", "{\"a\":\"  \\n  \"}")]
    [InlineData("\n\n", "")]
    public void Line_ends_in_json_never_reach_the_wire(string json, string line) =>
        Assert.Equal($"data: {line}\n\n", Written(output => SseWriter.WriteData(output, Encoding.UTF8.GetBytes(json))));

    [Theory]
    [InlineData("")]
    [InlineData("a\ndata: x")]
    [InlineData("a\r")]
    public void A_name_that_is_not_a_line_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => Written(output => SseWriter.WriteEvent(output, Encoding.UTF8.GetBytes(name), "{}"u8)));

    [Theory]
    [InlineData("a\ndata: x")]
    [InlineData("a\r")]
    public void A_comment_that_is_not_a_line_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => Written(output => SseWriter.WriteComment(output, Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void Each_event_is_one_reservation()
    {
        var output = new CountingWriter();
        SseWriter.WriteEvent(output, "delta"u8, "{\n}"u8);
        SseWriter.WriteData(output, "{}"u8);
        SseWriter.WriteComment(output, "ping"u8);

        Assert.Equal(3, output.Reservations);
    }

    [Fact]
    public void What_it_writes_the_framer_reads()
    {
        var output = new ArrayBufferWriter<byte>();
        SseWriter.WriteEvent(output, "a"u8, "{\"x\":\"é\"}"u8);
        SseWriter.WriteComment(output, "ping"u8);
        SseWriter.WriteData(output, "[DONE]"u8);

        foreach (var chunking in Chunkings.All(output.WrittenSpan.ToArray()))
        {
            Assert.Equal(["event [a] {\"x\":\"é\"}", "event [] [DONE]", "End"], FrameTranscript.Read(FrameFormat.Sse, chunking));
        }
    }

    private sealed class CountingWriter : IBufferWriter<byte>
    {
        private readonly byte[] _bytes = new byte[1024];

        public int Reservations { get; private set; }

        public void Advance(int count) => ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length);

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Reservations++;
            return _bytes;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
