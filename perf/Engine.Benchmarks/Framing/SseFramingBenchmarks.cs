using System.Text;
using BenchmarkDotNet.Attributes;
using Engine.Wire.Framing;

namespace Engine.Benchmarks.Framing;

/// <summary>
/// Time per event to find the events of one read, against the shortest code that could: search the blank line, cut off <c>data: </c>.
/// Ratios count, not times. Each operation is one event.
/// </summary>
[MemoryDiagnoser]
public class SseFramingBenchmarks
{
    private const int Events = 40;

    private byte[] _read = [];
    private FrameReader _reader = new(FrameFormat.Sse);

    /// <summary>A data-only event as OpenAI sends it, a named one as Anthropic does, and Gemini's line ends.</summary>
    [Params("openai", "anthropic", "gemini")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string text = Shape switch
        {
            "openai" =>
                """data: {"id":"chatcmpl-9xW2rV1mHkq3cY7bT0dLZsAu","object":"chat.completion.chunk","created":1763700000,"model":"gpt-5-mini-2025-08-07","service_tier":"default","system_fingerprint":"fp_560af6e559","choices":[{"index":0,"delta":{"content":" straight"},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n",
            "anthropic" =>
                "event: content_block_delta\n" + """data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" straight"}}""" + "\n\n",
            _ =>
                """data: {"candidates": [{"content": {"parts": [{"text": " straight"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 21,"totalTokenCount": 21},"modelVersion": "gemini-3-flash","responseId": "za9caLp-rJ_Psg-Ou6T4BA"}""" + "\r\n\r\n",
        };
        _read = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, Events)));
    }

    [GlobalCleanup]
    public void Cleanup() => _reader.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public int NaiveIndexOf()
    {
        ReadOnlySpan<byte> unread = _read;
        var terminator = Shape == "gemini" ? "\r\n\r\n"u8 : "\n\n"u8;
        int total = 0;
        int end;
        while ((end = unread.IndexOf(terminator)) >= 0)
        {
            var block = unread[..end];
            int data = block.IndexOf("data: "u8);
            total += block[(data + 6)..].Length;
            unread = unread[(end + terminator.Length)..];
        }

        return total;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Framer()
    {
        ReadOnlySpan<byte> unread = _read;
        var framer = default(SseFramer);
        int total = 0;
        while (framer.Read(unread, isFinal: false, out var frame) == FrameStatus.Frame)
        {
            total += frame.Data.Length;
            unread = unread[frame.Length..];
        }

        return total;
    }

    /// <summary>With the copy into the receive buffer and the check for valid UTF-8.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int Reader()
    {
        int total = 0;
        for (ReadOnlySpan<byte> rest = _read; !rest.IsEmpty;)
        {
            var memory = _reader.GetMemory();
            int count = Math.Min(memory.Length, rest.Length);
            rest[..count].CopyTo(memory.Span);
            _reader.Advance(count);
            rest = rest[count..];
            while (_reader.Read(out var frame) == FrameStatus.Frame)
            {
                total += frame.Data.Length;
            }
        }

        return total;
    }
}
