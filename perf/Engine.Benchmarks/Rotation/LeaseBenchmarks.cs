using BenchmarkDotNet.Attributes;

namespace Engine.Benchmarks.Rotation;

/// <summary>Time and bytes to lease an account and give it back, by strategy and size of the pool.</summary>
[MemoryDiagnoser]
public class LeaseBenchmarks
{
    private LeaseScene _plain = null!;
    private LeaseScene _limits = null!;
    private LeaseScene _sessions = null!;

    [Params(1, 4, 16, 256)]
    public int Accounts { get; set; }

    [Params("round-robin", "fill-first", "weighted", "request-count", "least-busy")]
    public string Strategy { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _plain = new LeaseScene(Accounts, Strategy, hasLimits: false, hasSessions: false);
        _limits = new LeaseScene(Accounts, Strategy, hasLimits: true, hasSessions: false);
        _sessions = new LeaseScene(Accounts, Strategy, hasLimits: false, hasSessions: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = LeaseScene.Leases)]
    public long Lease() => _plain.Run();

    [Benchmark(OperationsPerInvoke = LeaseScene.Leases)]
    public long LeaseWithOwnLimits() => _limits.Run();

    [Benchmark(OperationsPerInvoke = LeaseScene.Leases)]
    public long LeaseOfConversation() => _sessions.Run();
}
