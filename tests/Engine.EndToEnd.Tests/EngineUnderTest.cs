using Engine.Actors.Accounts;
using Engine.Host;
using Engine.Host.Configuration;
using Engine.Testing;

namespace Engine.EndToEnd.Tests;

/// <summary>The Host in this process, on a free loopback port, with a config of the test's own.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private readonly ConfigSource _source;
    private readonly string _folder;
    private EngineHost _host;

    private EngineUnderTest(EngineHost host, ConfigSource source, string folder, LogLines log)
    {
        _host = host;
        _source = source;
        _folder = folder;
        Log = log;
        Http = NewClient();
    }

    /// <summary>How long a test waits for what must happen before it calls it a failure.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Where it listens.</summary>
    public Uri BaseAddress => _host.Addresses[0];

    /// <summary>A client of it.</summary>
    public HttpClient Http { get; private set; }

    /// <summary>What it has logged.</summary>
    public LogLines Log { get; }

    /// <summary>The config file, for tests that edit it.</summary>
    public string ConfigFile => Path.Combine(_folder, "engine.hocon");

    /// <summary>The folder the config file is in.</summary>
    public string Folder => _folder;

    /// <summary>Starts it with upstreams and further keys in HOCON.</summary>
    public static async Task<EngineUnderTest> StartAsync(string hocon)
    {
        var folder = Directory.CreateTempSubdirectory("engine-e2e-").FullName;
        var file = Path.Combine(folder, "engine.hocon");
        await File.WriteAllTextAsync(file, $$"""
            engine {
              server { listen = ["http://127.0.0.1:0"], drain-timeout = 20s }
              data-dir = "{{folder}}/data"
            }
            {{hocon}}
            """);
        return await StartAsync(new ConfigSource(file, [], static _ => null), folder);
    }

    /// <summary>Starts it with the default config of the repository, no environment, and recordings that play at once.</summary>
    public static Task<EngineUnderTest> StartDefaultAsync()
    {
        var folder = Directory.CreateTempSubdirectory("engine-e2e-").FullName;
        string[] overrides =
        [
            "engine.server.listen=[\"http://127.0.0.1:0\"]",
            $"engine.data-dir={folder}/data",
            "engine.upstreams.replay.speed=max",
        ];
        return StartAsync(new ConfigSource(Repository.PathOf("config", "engine.hocon"), overrides, static _ => null), folder);
    }

    /// <summary>A further client of it, with connections of its own. One that hangs up does so at once.</summary>
    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { UseProxy = false, ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = BaseAddress, Timeout = Patience };

    /// <summary>One upstream with some accounts.</summary>
    public static string Upstream(string name, string dialect, string baseUrl, int accounts = 1, string models = "\"m\"", string more = "") => $$"""
        engine.upstreams.{{name}} {
          dialect = {{dialect}}
          base-url = "{{baseUrl}}{{(dialect == "openai-chat" ? "/v1" : "")}}"
          models = [{{models}}]
          accounts = [{{string.Join(", ", Enumerable.Range(0, accounts).Select(i => $"{{ name = a{i}, api-key = key-{name}-{i} }}"))}}]
          timeouts { connect = 30s, first-byte = 60s, idle = 60s }
          {{more}}
        }

        """;

    /// <summary>Stops it and starts it again, with the same config and data folder, at another port.</summary>
    public async Task RestartAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        _host = await EngineHost.StartAsync(_source, _source.Load(), null, TimeProvider.System, Log, CancellationToken.None);
        Http = NewClient();
    }

    /// <summary>What it knows of an account.</summary>
    public AccountState StateOf(string upstream, string account) => _host.Accounts.SlotOf(new AccountId(upstream, account)).State;

    /// <summary>Lifts every rest and refusal of every account, so that what one test did to them is nothing to the next.</summary>
    public Task ClearAccountsAsync() =>
        Task.WhenAll(_host.Accounts.Slots.Select(slot => _host.Accounts.TellAsync(slot.Id, new AccountCommand.Clear(null, "test"))));

    /// <summary>Stops as SIGTERM does.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<EngineUnderTest> StartAsync(ConfigSource source, string folder)
    {
        var loaded = source.Load();
        Assert.Empty(loaded.Faults);
        var log = new LogLines();
        var host = await EngineHost.StartAsync(source, loaded, null, TimeProvider.System, log, CancellationToken.None);
        return new EngineUnderTest(host, source, folder, log);
    }
}
