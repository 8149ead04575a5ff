using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Engine.EndToEnd.Tests.Lifetimes;

/// <summary>The built executable as a process of its own, with an empty folder to work in.</summary>
internal sealed partial class EngineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string? _ownFolder;

    private EngineProcess(ProcessStartInfo start, string? ownFolder)
    {
        _process = new Process { StartInfo = start };
        _ownFolder = ownFolder;
        _process.OutputDataReceived += (_, line) => Keep(line.Data, isError: false);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data, isError: true);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Lines of both outputs so far.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Lines of the error output so far.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>Its process id.</summary>
    public string Id => _process.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts <c>engine serve</c> with a config, in a folder that ends with it.</summary>
    public static EngineProcess Serve(string hocon)
    {
        var folder = Directory.CreateTempSubdirectory("engine-e2e-").FullName;
        File.WriteAllText(Path.Combine(folder, "test.hocon"), hocon);
        return new EngineProcess(Start(folder, "serve"), folder);
    }

    /// <summary>Starts it in a folder of the caller's, which holds <c>test.hocon</c> and outlives it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="command">The command and its arguments.</param>
    public static EngineProcess Run(string folder, params string[] command) => new(Start(folder, command), null);

    /// <summary>As <see cref="Run"/> with <c>serve</c>, so that a write beyond the size its files may have fails instead of ending it.</summary>
    public static EngineProcess ServeWithFileLimits(string folder)
    {
        var start = Start(folder, "serve");
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = "bash";
        foreach (var argument in (string[])["bash", "trap '' XFSZ; exec \"$@\"", "-c"])
        {
            start.ArgumentList.Insert(0, argument);
        }

        return new EngineProcess(start, null);
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
        using var kill = Process.Start("kill", ["-TERM", Id]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
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
        if (_ownFolder is not null)
        {
            Directory.Delete(_ownFolder, recursive: true);
        }
    }

    private static ProcessStartInfo Start(string folder, params string[] command)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // It lives too briefly for the profile to be worth its price.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "engine.dll"), .. command, "--config", "test.hocon"])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
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
