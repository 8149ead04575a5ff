using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatAllocationTests
{
    private const int Events = 10_000;

    [Theory]
    [InlineData("""{"content":"Hello \"you\""}""")]
    [InlineData("""{"reasoning_content":"plan"}""")]
    [InlineData("""{"content":null,"reasoning":"plan","reasoning_details":[{"type":"reasoning.text","text":"plan","format":"unknown","index":0}]}""")]
    [InlineData("""{"tool_calls":[{"index":0,"id":"","function":{"name":"","arguments":"{\"x\":"}}]}""")]
    [InlineData("""{"content":[{"type":"text","text":"Hi"}]}""")]
    [InlineData("""{"refusal":"no"}""")]
    public void Reading_and_writing_a_delta_allocates_nothing(string delta)
    {
        using var output = new PooledBytes();
        var writer = OpenAiChatDialect.Instance.CreateWriter(output, WithUsage);
        var sink = new TeeSink(new MeteringSink(), writer);
        var reader = OpenAiChatDialect.Instance.CreateReader(Context);
        var first = Encoding.UTF8.GetBytes(Chunk("""{"role":"assistant","tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"""));
        var data = Encoding.UTF8.GetBytes(Chunk(delta));
        reader.ReadEvent(default, first, sink);
        Run(reader, data, sink, output, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(reader, data, sink, output, Events);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.False(reader.IsClosed);
        Assert.True(output.Length > 0);
    }

    [Fact]
    public void Usage_in_every_chunk_allocates_nothing()
    {
        var sink = new MeteringSink();
        using var output = new PooledBytes();
        var reader = OpenAiChatDialect.Instance.CreateReader(Context);
        var data = """{"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"""u8.ToArray();
        Run(reader, data, sink, output, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(reader, data, sink, output, Events);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2, sink.TokenUsage.Output);
    }

    private static void Run(CompletionReader reader, byte[] data, ICompletionSink sink, PooledBytes output, int count)
    {
        for (var i = 0; i < count; i++)
        {
            output.Clear();
            reader.ReadEvent(default, data, sink);
        }
    }
}
