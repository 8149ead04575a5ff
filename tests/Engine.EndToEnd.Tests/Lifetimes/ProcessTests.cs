using Engine.Testing;

namespace Engine.EndToEnd.Tests.Lifetimes;

/// <summary>The executable itself: signals, exit codes, what it prints.</summary>
public sealed class ProcessTests
{
    private const string Server = "engine { server { listen = [\"http://127.0.0.1:0\"], drain-timeout = 60s }, data-dir = state }\n";

    [Fact]
    public async Task SIGTERM_lets_the_stream_finish_and_exits_with_0_and_a_new_process_serves_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are POSIX's");
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async exchange =>
        {
            await UpstreamScripts.BeginTextAsync("anthropic", exchange);
            await go.Task.WaitAsync(EngineUnderTest.Patience);
            await exchange.SendAsync(UpstreamScripts.RestOfText("anthropic"));
            await exchange.EndAsync();
        });
        var config = Server + EngineUnderTest.Upstream("u", "anthropic", upstream.BaseUrl);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = EngineUnderTest.Patience };
        await using (var engine = EngineProcess.Serve(config))
        {
            var request = ClientDialects.Ask("openai-chat", "m", stream: true);
            request.RequestUri = new Uri(await engine.AddressAsync(), request.RequestUri!);
            using var streaming = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

            await engine.TerminateAsync();
            await Eventually.TrueAsync(() => IsRefusedAsync(request.RequestUri), "new connections are still accepted");
            Assert.False(engine.HasExited);
            go.SetResult();

            StreamSeen.AssertWhole("openai-chat", "Hello wörld", await streaming.Content.ReadAsStringAsync());
            Assert.Equal(0, await engine.ExitCodeAsync());
            Assert.Empty(engine.Errors);
            Assert.All(engine.Lines, static line => Assert.StartsWith("{", line, StringComparison.Ordinal));
            Assert.DoesNotContain(engine.Lines, static line => line.Contains("key-u", StringComparison.Ordinal) || line.Contains("Say hello", StringComparison.Ordinal));
        }

        await using var again = EngineProcess.Serve(config);
        var next = ClientDialects.Ask("openai-chat", "m", stream: true);
        next.RequestUri = new Uri(await again.AddressAsync(), next.RequestUri!);
        using var answer = await http.SendAsync(next);
        StreamSeen.AssertWhole("openai-chat", "Hello wörld", await answer.Content.ReadAsStringAsync());
        Assert.Empty(upstream.Faults);
    }

    [Fact]
    public async Task A_bad_config_exits_with_1_and_names_file_and_line()
    {
        await using var engine = EngineProcess.Serve(Server + "engine.server.drain-timout = 3s\n");

        Assert.Equal(1, await engine.ExitCodeAsync());
        Assert.Contains(engine.Errors, static line =>
            line.Contains("test.hocon:2:", StringComparison.Ordinal) && line.Contains("drain-timeout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_in_use_exits_with_1()
    {
        await using var taken = new ScriptedUpstream(static _ => Task.CompletedTask);
        await using var engine = EngineProcess.Serve($"engine {{ server {{ listen = [\"{taken.BaseUrl}\"] }}, data-dir = state }}\n");

        Assert.Equal(1, await engine.ExitCodeAsync());
        Assert.Contains(engine.Errors, static line => line.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    private static async Task<bool> IsRefusedAsync(Uri address)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }
}
