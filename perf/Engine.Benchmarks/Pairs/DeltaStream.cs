using System.Text;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Framing;
using Engine.Wire.Gemini;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;

namespace Engine.Benchmarks.Pairs;

/// <summary>
/// One running stream of a pair and the text deltas that keep arriving: all between the upstream's bytes and the client's. An event
/// is about 300 bytes in OpenAI's and Gemini's form and 110 in Anthropic's.
/// </summary>
public sealed class DeltaStream : IDisposable
{
    /// <summary>Events that one read of the upstream brings.</summary>
    public const int Events = 40;

    /// <summary>The dialects that speak on both sides.</summary>
    public static readonly string[] Dialects = ["openai-chat", "anthropic", "gemini"];

    private static readonly AnswerContext Context = new()
    {
        Model = "client-model",
        Ids = new IdMint(42),
        CreatedUnixSeconds = 1_790_000_000,
        Reasoning = ReasoningShow.Shown,
        UpstreamModel = "upstream-model",
    };

    private readonly FrameReader _frames = new(FrameFormat.Sse);
    private readonly PooledBytes _output = new();
    private readonly CompletionReader _reader;
    private readonly ICompletionSink _sink;

    /// <summary>Begins a stream.</summary>
    public DeltaStream(string client, string upstream)
    {
        var opening = upstream == "anthropic"
            ? "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\",\"content\":[]}}\n\n"
                + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
            : "";
        Data = DataOf(upstream);
        Read = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(FrameOf(upstream), Events)));
        _reader = Upstream(upstream).CreateReader(Context);
        _sink = new TeeSink(new MeteringSink(), Client(client).CreateWriter(_output, Context));
        Feed(Encoding.UTF8.GetBytes(opening));
        Transcode();
    }

    /// <summary>What one read of the upstream brings.</summary>
    public byte[] Read { get; }

    /// <summary>The JSON of one event.</summary>
    public byte[] Data { get; }

    /// <summary>A dialect on the client's side.</summary>
    public static IClientDialect Client(string name) => name switch
    {
        "openai-chat" => OpenAiChatDialect.Instance,
        "anthropic" => AnthropicDialect.Instance,
        _ => GeminiDialect.Instance,
    };

    /// <summary>A dialect on the upstream's side.</summary>
    public static IUpstreamDialect Upstream(string name) => (IUpstreamDialect)Client(name);

    /// <summary>Transcodes one read; answers the length of what the client gets.</summary>
    public int Transcode()
    {
        _output.Clear();
        Feed(Read);
        return _output.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _frames.Dispose();
        _output.Dispose();
    }

    private static byte[] DataOf(string upstream)
    {
        var frame = FrameOf(upstream);
        return Encoding.UTF8.GetBytes(frame[frame.IndexOf('{', StringComparison.Ordinal)..].TrimEnd());
    }

    private static string FrameOf(string upstream) => upstream switch
    {
        "openai-chat" =>
            """data: {"id":"chatcmpl-9xW2rV1mHkq3cY7bT0dLZsAu","object":"chat.completion.chunk","created":1763700000,"model":"gpt-5-mini-2025-08-07","service_tier":"default","system_fingerprint":"fp_560af6e559","choices":[{"index":0,"delta":{"content":" straight"},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n",
        "anthropic" =>
            "event: content_block_delta\n" + """data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" straight"}}""" + "\n\n",
        _ =>
            """data: {"candidates": [{"content": {"parts": [{"text": " straight"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 21,"totalTokenCount": 21},"modelVersion": "gemini-3-flash","responseId": "za9caLp-rJ_Psg-Ou6T4BA"}""" + "\r\n\r\n",
    };

    private void Feed(byte[] bytes)
    {
        for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty;)
        {
            var memory = _frames.GetMemory();
            var count = Math.Min(memory.Length, rest.Length);
            rest[..count].CopyTo(memory.Span);
            _frames.Advance(count);
            rest = rest[count..];
            while (_frames.Read(out var frame) == FrameStatus.Frame)
            {
                _reader.ReadEvent(frame.Name, frame.Data, _sink);
            }
        }
    }
}
