using BenchmarkDotNet.Attributes;

namespace Engine.Benchmarks.Pairs;

/// <summary>A long request read, normalised and written for each dialect, against a bare pass over it and against nodes.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    [Benchmark(Baseline = true)]
    public int BareReader() => Baselines.Tokens(LongConversation.Body);

    [Benchmark]
    public long ToOpenAiChat() => LongConversation.Convert("openai-chat");

    [Benchmark]
    public long ToAnthropic() => LongConversation.Convert("anthropic");

    [Benchmark]
    public long ToGemini() => LongConversation.Convert("gemini");

    [Benchmark]
    public int NodesInAndOut() => Baselines.Nodes(LongConversation.Body);
}
