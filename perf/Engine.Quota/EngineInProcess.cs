using System.Globalization;
using Engine.Host;
using Engine.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Engine.Quota;

/// <summary>The Host in this process, with the simulation's clock and a config that names its accounts.</summary>
internal sealed class EngineInProcess : IAsyncDisposable
{
    private readonly EngineHost _host;
    private readonly ILoggerFactory _logs;
    private readonly string _folder;

    private EngineInProcess(EngineHost host, ILoggerFactory logs, string folder)
    {
        _host = host;
        _logs = logs;
        _folder = folder;
    }

    public string Address => _host.Addresses[0].ToString().TrimEnd('/');

    public static async Task<EngineInProcess> StartAsync(QuotaOptions options, string upstream, TimeProvider time)
    {
        var folder = Directory.CreateTempSubdirectory("engine-quota-").FullName;
        var file = Path.Combine(folder, "engine.hocon");
        await File.WriteAllTextAsync(file, Config(options, upstream, folder));
        var source = new ConfigSource(file, [], static _ => null);
        var loaded = source.Load();
        if (loaded.Options is null)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, loaded.Faults));
        }

        var logs = LoggerFactory.Create(static logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft", LogLevel.Error)
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        return new EngineInProcess(await EngineHost.StartAsync(source, loaded, null, time, logs, CancellationToken.None), logs, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _logs.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Config(QuotaOptions options, string upstream, string folder)
    {
        var keys = string.Join(", ", Enumerable.Range(0, options.Keys).Select(key => $"\"{EngineWay.KeyOf(key, options.Keys)}\""));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            engine {
              server { listen = ["http://127.0.0.1:0"], drain-timeout = 1s }
              data-dir = "{{folder}}/data"
              access { mode = strict, keys = [{{keys}}] }
              routing { strategy = {{options.Strategy}}, max-wait = {{options.MaxWait.TotalSeconds}}s }
            }

            """) + string.Concat(options.Dialects.Select(dialect => $$"""
            engine.upstreams.{{dialect}} {
              dialect = {{dialect}}
              base-url = "{{Simulated.Of(dialect).BaseUrl(upstream)}}"
              models = ["{{Simulated.Of(dialect).Model}}"]
              accounts = [{{string.Join(", ", Enumerable.Range(0, options.Accounts).Select(i => $"{{ name = a{i}, api-key = {QuotaUpstream.KeyOf(dialect, i)} }}"))}}]
              timeouts { connect = 60s, first-byte = 120s, idle = 60s }
            }

            """));
    }
}
