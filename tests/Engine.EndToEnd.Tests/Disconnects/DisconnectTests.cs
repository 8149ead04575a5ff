using System.Diagnostics;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Disconnects;

/// <summary>A client that goes takes its upstream call with it. The aim is 250 ms; the bound leaves room for a busy machine.</summary>
public sealed class DisconnectTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    public static IEnumerable<TheoryDataRow<string, string, string>> Moments() =>
        from moment in (string[])["waiting for the first byte", "in the middle of the stream", "waiting for a whole answer", "in the middle of a whole answer"]
        from client in ClientDialects.Names
        from upstream in UpstreamScripts.Dialects
        where client != upstream || client == "openai-chat"
        select new TheoryDataRow<string, string, string>(moment, client, upstream);

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task The_upstream_connection_is_closed_at_once(string moment, string client, string upstream)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var closed = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scripted = new ScriptedUpstream(async exchange =>
        {
            if (moment == "in the middle of the stream")
            {
                await UpstreamScripts.BeginTextAsync(upstream, exchange);
            }
            else if (moment == "in the middle of a whole answer")
            {
                await exchange.StartAsync(contentType: "application/json");
                await exchange.SendAsync("{\"id\":");
            }

            arrived.TrySetResult();
            await exchange.ClosedByEngineAsync(EngineUnderTest.Patience);
            closed.TrySetResult(Stopwatch.GetTimestamp());
        });
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", upstream, scripted.BaseUrl, accounts: 2));
        var stream = moment is "waiting for the first byte" or "in the middle of the stream";
        using var leave = new CancellationTokenSource();
        var asking = engine.Http.SendAsync(ClientDialects.Ask(client, "u/m", stream), HttpCompletionOption.ResponseHeadersRead, leave.Token);
        await arrived.Task.WaitAsync(EngineUnderTest.Patience);
        var response = moment == "in the middle of the stream" ? await asking : null;

        var left = Stopwatch.GetTimestamp();
        if (response is not null)
        {
            response.Dispose();
        }
        else
        {
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        var took = Stopwatch.GetElapsedTime(left, await closed.Task.WaitAsync(EngineUnderTest.Patience));
        output.WriteLine($"{moment}: {took.TotalMilliseconds:F1} ms");
        Assert.True(took < Bound, $"the upstream connection was closed after {took.TotalMilliseconds:F0} ms");
        Assert.Single(scripted.Exchanges);
        Assert.Empty(scripted.Faults);
    }
}
