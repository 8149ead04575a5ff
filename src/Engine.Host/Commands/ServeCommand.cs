using Engine.Actors.Journal;
using Engine.Host.Configuration;
using Engine.Host.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Engine.Host.Commands;

/// <summary><c>engine serve</c>: serves until it is told to stop.</summary>
internal static class ServeCommand
{
    // A console that blocks must not block requests: lines beyond this are dropped, and the logger says how many.
    private const int LogQueue = 4096;

    public static async Task<int> RunAsync(string? config, IReadOnlyList<string> overrides, CancellationToken stop, string? recordTo = null)
    {
        var source = new ConfigSource(ConfigPath.Resolve(config), overrides, Environment.GetEnvironmentVariable);
        var loaded = source.Load();
        var check = ConfigCheck.Of(loaded);
        if (check.ExitCode != 0)
        {
            foreach (var line in check.Lines)
            {
                await Console.Error.WriteLineAsync(line);
            }

            return check.ExitCode;
        }

        await using var services = Logging();
        try
        {
            await using var host = await EngineHost.StartAsync(
                source, loaded, recordTo, TimeProvider.System, services.GetRequiredService<ILoggerFactory>(), stop);
            await UntilAsync(stop);
            await host.StopAsync();
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception fault) when (fault is IOException or JournalUnusableException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            await Console.Error.WriteLineAsync("engine: " + fault.Message);
            return 1;
        }
    }

    private static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), stopped);
        await stopped.Task;
    }

    private static ServiceProvider Logging() => new ServiceCollection()
        .AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            // It warns that HTTP/2 needs TLS; CleartextHttp2 makes that untrue.
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error)
            .AddConsole(static console => console.FormatterName = JsonLineFormatter.FormatterName))
        .AddSingleton<ConsoleFormatter, JsonLineFormatter>()
        .AddSingleton(TimeProvider.System)
        .Configure<ConsoleLoggerOptions>(static console =>
        {
            console.MaxQueueLength = LogQueue;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        })
        .BuildServiceProvider();
}
