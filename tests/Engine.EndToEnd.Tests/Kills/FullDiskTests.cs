using System.Diagnostics;
using System.Net;
using Engine.EndToEnd.Tests.Lifetimes;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Kills;

/// <summary>The executable on a disk that has no room for its journal.</summary>
public sealed class FullDiskTests
{
    private const string Ok = """{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""";
    private const string Limited = """{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}""";

    [Fact]
    public async Task Without_room_for_its_journal_an_engine_serves_from_memory_says_so_and_catches_up()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit"), "the size of a running process's files can be limited on Linux only, by prlimit");
        var refuses = "key-u-0";
        await using var upstream = new ScriptedUpstream(exchange => exchange.Headers["authorization"].EndsWith(refuses, StringComparison.Ordinal)
            ? exchange.JsonAsync(429, Limited, ("retry-after", "600"))
            : exchange.JsonAsync(200, Ok));
        using var folder = new Folder();
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "test.hocon"),
            "engine { server.listen = [\"http://127.0.0.1:0\"], data-dir = state, routing { strategy = fill-first, max-wait = 0s } }\n"
            + EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl, accounts: 3));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = EngineUnderTest.Patience };
        await using (var engine = EngineProcess.ServeWithFileLimits(folder.Path))
        {
            var address = await engine.AddressAsync();
            Assert.Equal("ready", await ReadinessAsync(address));

            // Full: the answer comes all the same, and the account that was refused is not called again.
            await LimitFilesAsync(engine, "4096:unlimited");
            await AskAsync(address, "a1");
            Assert.Equal("degraded", await ReadinessAsync(address));
            Assert.Contains(engine.Lines, static line => line.Contains("THE JOURNAL DOES NOT WRITE", StringComparison.Ordinal));
            await AskAsync(address, "a1");
            Assert.Equal(1, CallsOf("key-u-0"));
            refuses = "key-u-1";
            await AskAsync(address, "a2");
            Assert.Empty(await JournalAsync(folder.Path, "cooled"));

            // Room again: nothing is lost, in the order in which it happened.
            await LimitFilesAsync(engine, "unlimited:unlimited");
            await Eventually.TrueAsync(async () => await ReadinessAsync(address) == "ready", "it does not catch up");
            Assert.Contains(engine.Lines, static line => line.Contains("the journal writes again", StringComparison.Ordinal));
            Assert.Collection(
                await JournalAsync(folder.Path, "cooled"),
                static line => Assert.Contains("account/u/a0#", line, StringComparison.Ordinal),
                static line => Assert.Contains("account/u/a1#", line, StringComparison.Ordinal));
            await engine.KillAsync();
        }

        refuses = "nobody";
        await using var again = EngineProcess.Run(folder.Path, "serve");
        await AskAsync(await again.AddressAsync(), "a2");
        Assert.Equal(1, CallsOf("key-u-0"));
        Assert.Equal(3, CallsOf("key-u-1"));
        Assert.Empty(upstream.Faults);

        async Task AskAsync(Uri address, string account)
        {
            using var request = ClientDialects.Ask("openai-chat", "m", stream: false);
            request.RequestUri = new Uri(address, request.RequestUri!);
            using var response = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(account, ClientDialects.Header(response, "x-engine-account"));
        }

        async Task<string?> ReadinessAsync(Uri address)
        {
            using var response = await http.GetAsync(new Uri(address, "/readyz"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return ClientDialects.Parse(await response.Content.ReadAsStringAsync()).GetProperty("status").GetString();
        }

        int CallsOf(string key) => upstream.Exchanges.Count(exchange => exchange.Headers["authorization"].EndsWith(key, StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyCollection<string>> JournalAsync(string folder, string manifest)
    {
        await using var show = EngineProcess.Run(folder, "journal", "show");
        Assert.Equal(0, await show.ExitCodeAsync());
        return [.. show.Lines.Where(line => line.Contains($"account.{manifest}/", StringComparison.Ordinal))];
    }

    private static async Task LimitFilesAsync(EngineProcess engine, string bytes)
    {
        using var limit = Process.Start("prlimit", ["--pid", engine.Id, "--fsize=" + bytes]);
        await limit.WaitForExitAsync();
        Assert.Equal(0, limit.ExitCode);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("engine-full-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
