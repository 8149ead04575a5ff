using Engine.Actors.Accounts;
using Engine.Host.Accounts;
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

    private EngineHost(Composition composition, AccountRegistry accounts, EngineServer server, ConfigWatch watch)
    {
        _composition = composition;
        Accounts = accounts;
        _server = server;
        _watch = watch;
    }

    /// <summary>The accounts' actors.</summary>
    public AccountRegistry Accounts { get; }

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
        var watch = new ConfigWatch(source, loaded, time);
        var options = watch.Current;
        CreateDataFolder(options.DataDir);
        var accounts = await AccountStart.OpenAsync(options, time, logs, cancellation);
        var composition = new Composition(recordTo, accounts, options.Routing, options.DataDir, time, logs);
        try
        {
            var live = new LiveState(await composition.BuildAsync(options));
            Note(log, loaded.Notices, composition.Notices());
            var reloading = Task.CompletedTask;
            watch.Changed += change => reloading = ReloadAsync(reloading, change);
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

            return new EngineHost(composition, accounts, server, watch);

            async Task ReloadAsync(Task previous, ConfigChange change)
            {
                try
                {
                    await previous;
                    live.Replace(await composition.BuildAsync(change.After));
                    Note(log, change.Notices, composition.Notices());
                    ConfigReloaded(log, source.Path, string.Join(", ", change.NeedsRestart()));
                }
                catch (Exception fault)
                {
                    ReloadFailed(log, source.Path, fault);
                }
            }
        }
        catch
        {
            watch.Dispose();
            await composition.DisposeAsync();
            await accounts.DisposeAsync();
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
        await Accounts.DisposeAsync();
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

    [LoggerMessage(EventId = 14, Level = LogLevel.Error, Message = "config {file} was read but could not be put into force, the old config stays")]
    private static partial void ReloadFailed(ILogger log, string file, Exception fault);

    [LoggerMessage(EventId = 13, Level = LogLevel.Error, Message = "config edit refused, the old config stays: {fault}")]
    private static partial void ConfigRefused(ILogger log, ConfigFault fault);
}
