using System.Buffers;
using System.Text;
using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

public class FramingAllocationTests
{
    private const int Events = 10_000;

    [Theory]
    [InlineData(FrameFormat.Sse, "data: {\"a\":1}\n\n")]
    [InlineData(FrameFormat.Sse, "event: delta\r\ndata: {\"a\":1}\r\n\r\n")]
    [InlineData(FrameFormat.Sse, ": ping\n\nid: 1\ndata: {\ndata: }\n\n")]
    [InlineData(FrameFormat.Sse, "{\"error\":1}\n")]
    [InlineData(FrameFormat.NdJson, "{\"a\":1}\n")]
    [InlineData(FrameFormat.JsonArray, "{\"a\":\"b\"}\n,")]
    public void No_event_costs_an_allocation(FrameFormat format, string text)
    {
        byte[] unit = Encoding.UTF8.GetBytes(text);
        byte[] reads = [.. Enumerable.Repeat(unit, 100).SelectMany(bytes => bytes)];
        using var reader = new FrameReader(format);
        Assert.Equal(100, Count(reader, reads, rounds: 1));

        long before = GC.GetAllocatedBytesForCurrentThread();
        int counted = Count(reader, reads, rounds: Events / 100);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((Events, 0L), (counted, allocated));
    }

    [Fact]
    public void A_repair_costs_no_allocation()
    {
        using var reader = new FrameReader(FrameFormat.Sse);
        byte[] read = [.. "data: "u8, 0xFF, 0xF0, 0x9F, .. "\n\n"u8];
        Assert.Equal(100, Count(reader, read, rounds: 100));

        long before = GC.GetAllocatedBytesForCurrentThread();
        int counted = Count(reader, read, rounds: Events);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((Events, 0L), (counted, allocated));
    }

    [Fact]
    public void A_written_event_costs_no_allocation()
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(output);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Events; i++)
        {
            Write(output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Write(ArrayBufferWriter<byte> output)
        {
            output.ResetWrittenCount();
            SseWriter.WriteEvent(output, "delta"u8, "{\"a\":1}"u8);
            SseWriter.WriteData(output, "{\n\"a\":1}"u8);
            SseWriter.WriteComment(output, "ping"u8);
        }
    }

    // Reads of 40 bytes, so that most events are split and the buffer slides; released whenever it is empty.
    private static int Count(FrameReader reader, byte[] reads, int rounds)
    {
        int events = 0;
        for (int round = 0; round < rounds; round++)
        {
            for (int at = 0; at < reads.Length; at += 40)
            {
                var read = reads.AsMemory(at, Math.Min(40, reads.Length - at));
                read.CopyTo(reader.GetMemory());
                reader.Advance(read.Length);
                FrameStatus status;
                while ((status = reader.Read(out _)) is FrameStatus.Frame or FrameStatus.Silent)
                {
                    events += status == FrameStatus.Frame ? 1 : 0;
                }

                reader.ReleaseIfEmpty();
            }
        }

        return events;
    }
}
