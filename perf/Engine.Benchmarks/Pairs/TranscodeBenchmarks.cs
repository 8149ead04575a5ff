using BenchmarkDotNet.Attributes;

namespace Engine.Benchmarks.Pairs;

/// <summary>Time and bytes per text delta for every pair, end to end, against a bare pass over the same JSON. Ratios count, not times.</summary>
[MemoryDiagnoser]
public class TranscodeBenchmarks
{
    private DeltaStream _stream = null!;

    /// <summary>The client's dialect.</summary>
    [Params("openai-chat", "anthropic", "gemini")]
    public string Client { get; set; } = "";

    /// <summary>The upstream's dialect.</summary>
    [Params("openai-chat", "anthropic", "gemini")]
    public string Upstream { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _stream = new DeltaStream(Client, Upstream);

    [GlobalCleanup]
    public void Cleanup() => _stream.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = DeltaStream.Events)]
    public int BareReader()
    {
        var tokens = 0;
        for (var i = 0; i < DeltaStream.Events; i++)
        {
            tokens += Baselines.Tokens(_stream.Data);
        }

        return tokens;
    }

    [Benchmark(OperationsPerInvoke = DeltaStream.Events)]
    public int Transcode() => _stream.Transcode();

    [Benchmark(OperationsPerInvoke = DeltaStream.Events)]
    public int NodesInAndOut()
    {
        var length = 0;
        for (var i = 0; i < DeltaStream.Events; i++)
        {
            length += Baselines.Nodes(_stream.Data);
        }

        return length;
    }
}
