using System.Net.Sockets;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Lifetimes;

public sealed class DrainTests
{
    [Theory]
    [MemberData(nameof(ClientDialects.Each), MemberType = typeof(ClientDialects))]
    public async Task A_stream_in_flight_completes_while_new_connections_are_refused(string client)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async exchange =>
        {
            await UpstreamScripts.BeginTextAsync("openai-chat", exchange);
            await go.Task.WaitAsync(EngineUnderTest.Patience);
            await exchange.SendAsync(UpstreamScripts.RestOfText("openai-chat"));
            await exchange.EndAsync();
        });
        await using var engine = await EngineUnderTest.StartAsync(
            "engine.server.drain-timeout = 60s\n" + EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl));
        var address = engine.BaseAddress;
        using var streaming = await engine.Http.SendAsync(ClientDialects.Ask(client, "m", stream: true), HttpCompletionOption.ResponseHeadersRead);

        var stopping = engine.StopAsync();
        await Eventually.TrueAsync(() => IsRefusedAsync(address), "new connections are still accepted");
        Assert.False(stopping.IsCompleted);
        go.SetResult();

        StreamSeen.AssertWhole(client, "Hello wörld", await streaming.Content.ReadAsStringAsync());
        await stopping.WaitAsync(EngineUnderTest.Patience);
        Assert.Empty(upstream.Faults);
    }

    [Fact]
    public async Task A_stream_that_outlasts_the_drain_timeout_is_broken_and_its_upstream_call_with_it()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async exchange =>
        {
            await UpstreamScripts.BeginTextAsync("openai-chat", exchange);
            await exchange.ClosedByEngineAsync(EngineUnderTest.Patience);
            closed.SetResult();
        });
        await using var engine = await EngineUnderTest.StartAsync(
            "engine.server.drain-timeout = 300ms\n" + EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl));
        using var streaming = await engine.Http.SendAsync(ClientDialects.Ask("anthropic", "m", stream: true), HttpCompletionOption.ResponseHeadersRead);

        await engine.StopAsync().WaitAsync(EngineUnderTest.Patience);
        await closed.Task.WaitAsync(EngineUnderTest.Patience);

        await Assert.ThrowsAnyAsync<Exception>(() => streaming.Content.ReadAsStringAsync());
    }

    private static async Task<bool> IsRefusedAsync(Uri address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
