using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Engine.EndToEnd.Tests.Lifetimes;

/// <summary>The built executable as a process of its own, with an empty folder to work in.</summary>
internal sealed partial class EngineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private EngineProcess(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>Lines of both outputs so far.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Lines of the error output so far.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>Starts <c>engine serve</c> with a config.</summary>
    public static EngineProcess Serve(string hocon)
    {
        var folder = Directory.CreateTempSubdirectory("engine-e2e-").FullName;
        File.WriteAllText(Path.Combine(folder, "test.hocon"), hocon);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "engine.dll"), "serve", "--config", "test.hocon" },
        };
        var engine = new EngineProcess(new Process { StartInfo = start }, folder);
        engine._process.OutputDataReceived += (_, line) => engine.Keep(line.Data, isError: false);
        engine._process.ErrorDataReceived += (_, line) => engine.Keep(line.Data, isError: true);
        engine._process.Start();
        engine._process.BeginOutputReadLine();
        engine._process.BeginErrorReadLine();
        return engine;
    }

    /// <summary>Waits until it says where it listens.</summary>
    public async Task<Uri> AddressAsync()
    {
        var address = default(Uri);
        await Eventually.TrueAsync(
            () =>
            {
                Assert.False(_process.HasExited, string.Join('\n', Lines));
                var line = Lines.FirstOrDefault(static line => line.Contains("listening on", StringComparison.Ordinal));
                address = line is null ? null : new Uri(Address().Match(line).Value);
                return address is not null;
            },
            "it does not say where it listens");
        return address!;
    }

    /// <summary>Sends SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>True once it is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(EngineUnderTest.Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Keep(string? line, bool isError)
    {
        if (line is not null)
        {
            Lines.Enqueue(line);
            if (isError)
            {
                Errors.Enqueue(line);
            }
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
