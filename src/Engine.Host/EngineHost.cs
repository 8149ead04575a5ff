using Engine.Host.Configuration;
using Engine.Host.Server;
using Microsoft.Extensions.Logging;

namespace Engine.Host;

/// <summary>A running engine: config, state, server, and the watch that replaces the state when the config changes.</summary>
internal sealed partial class EngineHost : IAsyncDisposable
{
    private readonly Composition _composition;
    private readonly EngineServer _server;
    private readonly ConfigWatch _watch;

    private EngineHost(Composition composition, EngineServer server, ConfigWatch watch)
    {
        _composition = composition;
        _server = server;
        _watch = watch;
    }

    /// <summary>Where it really listens.</summary>
    public IReadOnlyList<Uri> Addresses => _server.Addresses;

    /// <summary>Starts an engine from a faultless config.</summary>
    /// <param name="source">Where the config comes from, to load it again when it changes.</param>
    /// <param name="loaded">Its first load.</param>
    /// <param name="recordTo">Records every upstream to this folder; null to follow the config.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where log lines go.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="IOException">An address cannot be listened on.</exception>
    public static async Task<EngineHost> StartAsync(
        ConfigSource source, ConfigResult loaded, string? recordTo, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        var log = logs.CreateLogger<EngineHost>();
        var composition = new Composition(recordTo, time);
        var watch = new ConfigWatch(source, loaded, time);
        try
        {
            var options = watch.Current;
            Note(log, loaded.Notices, composition.Notices(options));
            CreateDataFolder(options.DataDir);
            var live = new LiveState(composition.Build(options));
            watch.Changed += change =>
            {
                live.Replace(composition.Build(change.After));
                Note(log, change.Notices, composition.Notices(change.After));
                ConfigReloaded(log, source.Path, string.Join(", ", change.NeedsRestart()));
            };
            watch.Refused += faults =>
            {
                foreach (var fault in faults)
                {
                    ConfigRefused(log, fault);
                }
            };
            var server = await EngineServer.StartAsync(options.Server, live, time, logs, cancellation);
            watch.Start();
            foreach (var address in server.Addresses)
            {
                Listening(log, address);
            }

            return new EngineHost(composition, server, watch);
        }
        catch
        {
            watch.Dispose();
            await composition.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops accepting, lets streams in flight finish within the drain timeout.</summary>
    public Task StopAsync() => _server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _server.DisposeAsync();
        await _composition.DisposeAsync();
    }

    private static void CreateDataFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Note(ILogger log, IReadOnlyList<ConfigNotice> notices, IEnumerable<string> remarks)
    {
        foreach (var notice in notices)
        {
            ConfigNoted(log, notice.ToString());
        }

        foreach (var remark in remarks)
        {
            ConfigNoted(log, remark);
        }
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "listening on {address}")]
    private static partial void Listening(ILogger log, Uri address);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "{notice}")]
    private static partial void ConfigNoted(ILogger log, string notice);

    [LoggerMessage(EventId = 12, Level = LogLevel.Information, Message = "config {file} reloaded; waiting for a restart: [{keys}]")]
    private static partial void ConfigReloaded(ILogger log, string file, string keys);

    [LoggerMessage(EventId = 13, Level = LogLevel.Error, Message = "config edit refused, the old config stays: {fault}")]
    private static partial void ConfigRefused(ILogger log, ConfigFault fault);
}
