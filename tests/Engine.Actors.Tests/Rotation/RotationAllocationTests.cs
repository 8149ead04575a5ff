using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Rotation;

public sealed class RotationAllocationTests
{
    private const int Rounds = 10_000;

    private readonly RotationScene _scene = new();

    [Theory]
    [InlineData("round-robin", false)]
    [InlineData("least-busy", false)]
    [InlineData("weighted", false)]
    [InlineData("request-count", false)]
    [InlineData("round-robin", true)]
    [InlineData("soonest-reset-first", true)]
    public void Lease_trace_and_return_allocate_nothing(string strategy, bool hasLimits)
    {
        var limits = hasLimits ? new AccountLimits(1_000_000_000, 1_000_000_000, 100) : AccountLimits.None;
        Lane[] lanes = [.. Enumerable.Range(0, 8).Select(i => RotationScene.Lane($"a{i}", limits, weight: 1 + (i % 3)))];
        _scene.Cool(lanes[3].Account, TimeSpan.FromHours(1));
        var table = RotationScene.Table(
            strategy switch
            {
                "least-busy" => new LeastBusy(),
                "weighted" => new Weighted(),
                "request-count" => new RequestCount(int.MaxValue),
                "soonest-reset-first" => new SoonestResetFirst(),
                _ => new RoundRobin(),
            },
            lanes);
        var log = new DecisionLog(16);
        var pool = _scene.Pool();
        Run(pool, table, log, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(pool, table, log, Rounds);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Run(AccountPool pool, RotationTable table, DecisionLog log, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            var trace = log.Rent("request", "model", default);
            var result = pool.TryLease(table, new LeaseRequest { Session = (UInt128)(1 + (i % 20)), Tokens = 50, Trace = trace });
            if (result.Answer != LeaseAnswer.Leased)
            {
                Assert.Fail("Not leased.");
            }

            result.Lease.Return(40, wasSent: true, _scene.Now);
            trace.Ended("answered");
            log.Add(trace);
        }
    }
}
