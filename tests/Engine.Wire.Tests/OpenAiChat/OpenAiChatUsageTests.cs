using Engine.Wire.Completion;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatUsageTests
{
    [Theory]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}""", 12, 8, 2, 5, 3)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":5,"prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":4}""", 12, 8, -1, 5, -1)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":5,"cached_tokens":8}""", 12, 8, -1, 5, -1)]
    [InlineData("""{"cache_read_input_tokens":5280,"cache_creation_input_tokens":7,"completion_tokens":16,"prompt_tokens":5789,"prompt_tokens_details":{"cached_tokens":5280}}""", 5789, 5280, 7, 16, -1)]
    [InlineData("""{"prompt_tokens":432,"completion_tokens":68,"total_tokens":636,"prompt_tokens_details":{"cached_tokens":153},"completion_tokens_details":{"reasoning_tokens":136}}""", 432, 153, -1, 204, 136)]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,"completion_tokens_details":{"reasoning_tokens":7}}""", 9, -1, -1, 12, 7)]
    [InlineData("""{"prompt_tokens":1,"completion_tokens":2,"reasoning_tokens":1,"prompt_tokens_details":null,"completion_tokens_details":null}""", 1, -1, -1, 2, 1)]
    [InlineData("{}", -1, -1, -1, -1, -1)]
    [InlineData("7", -1, -1, -1, -1, -1)]
    public void Every_vendors_form_is_read_in_inclusive_terms(string json, long input, long cached, long written, long output, long reasoning) => Assert.Equal(
        new TokenUsage { Input = input, CachedInput = cached, CacheWrite = written, Output = output, Reasoning = reasoning },
        OpenAiChatUsage.Read(RawJson.FromUtf8(System.Text.Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void Pitfall_036_Unknown_counts_are_written_as_zero_never_null()
    {
        using var output = new PooledBytes();
        OpenAiChatUsage.Write(new JsonEmitter(output), TokenUsage.Unknown);

        Assert.Equal(
            """{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}""",
            System.Text.Encoding.UTF8.GetString(output.Span));
    }

    [Theory]
    [InlineData("""{"id":"1","choices":[],"x_groq":{"id":"r","usage":{"prompt_tokens":1,"completion_tokens":2}}}""")]
    [InlineData("""{"id":"1","choices":[{"index":0,"delta":{},"finish_reason":null,"usage":{"prompt_tokens":1,"completion_tokens":2}}]}""")]
    public void Usage_is_found_where_vendors_put_it(string data) =>
        Assert.Contains("usage in=1 cached=-1 write=-1 out=2 reasoning=-1", OpenAiChatWire.Stream(OpenAiChatWire.Chunk("""{"content":"a"}"""), data).Lines);
}
