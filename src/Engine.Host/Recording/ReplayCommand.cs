using System.Net;
using System.Net.Sockets;

namespace Engine.Host.Recording;

/// <summary><c>engine replay</c>: recordings as an upstream in a process of its own, until cancelled.</summary>
internal static class ReplayCommand
{
    /// <returns>The process's exit code: 0 after cancellation, 1 when the arguments cannot be served.</returns>
    internal static Task<int> RunAsync(string fixturesDir, string listenUrl, string speed, CancellationToken cancellation) =>
        RunAsync(fixturesDir, listenUrl, speed, Console.Out, Console.Error, cancellation);

    internal static async Task<int> RunAsync(
        string fixturesDir, string listenUrl, string speed, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        if (!ReplaySpeed.TryParse(speed, out var pace))
        {
            await errors.WriteLineAsync($"--speed '{speed}': give a number like 1 or 10, or max");
            return 1;
        }

        if (!TryReadListen(listenUrl, out var listen))
        {
            await errors.WriteLineAsync($"--listen '{listenUrl}': give an address like http://127.0.0.1:9000");
            return 1;
        }

        var library = FixtureLibrary.Load(fixturesDir);
        foreach (var fault in library.Faults)
        {
            await errors.WriteLineAsync(fault.ToString());
        }

        if (library.Fixtures.Count == 0)
        {
            await errors.WriteLineAsync($"--fixtures '{fixturesDir}': no usable recording (*{FixtureLibrary.ResponseSuffix}) there");
            return 1;
        }

        try
        {
            await using var server = await ReplayServer.StartAsync(
                new ReplayUpstream(library, pace, TimeProvider.System), listen, cancellation);
            await output.WriteLineAsync($"replaying {library.Fixtures.Count} exchanges on {server.Address}");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The way this command ends.
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            await errors.WriteLineAsync($"--listen '{listenUrl}': {fault.Message}");
            return 1;
        }

        return 0;
    }

    /// <summary>An http URL whose host is an address, <c>localhost</c> (loopback) or <c>*</c> (all).</summary>
    internal static bool TryReadListen(string url, out IPEndPoint listen)
    {
        listen = new IPEndPoint(IPAddress.Loopback, 0);
        var isAny = url.StartsWith("http://*:", StringComparison.OrdinalIgnoreCase);
        if (!Uri.TryCreate(isAny ? "http://0.0.0.0" + url[8..] : url, UriKind.Absolute, out var uri)
            || uri.Scheme is not "http" || uri.AbsolutePath is not "/" || uri.Query.Length > 0)
        {
            return false;
        }

        var address = string.Equals(uri.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : null;
        if (address is null && !IPAddress.TryParse(uri.DnsSafeHost, out address))
        {
            return false;
        }

        listen = new IPEndPoint(address, uri.Port);
        return true;
    }
}
