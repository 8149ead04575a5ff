using Engine.Host;
using Engine.Host.Commands;
using Engine.Host.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.EndToEnd.Tests;

/// <summary>The Host in this process, on a free loopback port, with a config of the test's own.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private readonly EngineHost _host;
    private readonly string _folder;

    private EngineUnderTest(EngineHost host, string folder)
    {
        _host = host;
        _folder = folder;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = BaseAddress, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseAddress => _host.Addresses[0];

    /// <summary>A client of it.</summary>
    public HttpClient Http { get; }

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
              server { listen = ["http://127.0.0.1:0"], drain-timeout = 5s }
              data-dir = "{{folder}}/data"
            }
            {{hocon}}
            """);
        var source = new ConfigSource(file, [], static _ => null);
        var loaded = source.Load();
        Assert.Empty(loaded.Faults);
        var host = await EngineHost.StartAsync(source, loaded, null, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        return new EngineUnderTest(host, folder);
    }

    /// <summary>One upstream with some accounts.</summary>
    public static string Upstream(string name, string dialect, string baseUrl, int accounts = 1, string models = "\"m\"", string more = "") => $$"""
        engine.upstreams.{{name}} {
          dialect = {{dialect}}
          base-url = "{{baseUrl}}{{(dialect == "openai-chat" ? "/v1" : "")}}"
          models = [{{models}}]
          accounts = [{{string.Join(", ", Enumerable.Range(0, accounts).Select(i => $"{{ name = a{i}, api-key = key-{name}-{i} }}"))}}]
          {{more}}
        }
        """;

    /// <summary>Stops as SIGTERM does.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
