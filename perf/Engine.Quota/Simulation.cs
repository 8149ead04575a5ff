using System.Diagnostics;

namespace Engine.Quota;

/// <summary>One run: providers, perhaps an engine, agents; then the figures.</summary>
internal static class Simulation
{
    private static readonly TimeSpan BetweenPings = TimeSpan.FromMilliseconds(20);

    public static async Task<RunFigures> RunAsync(QuotaOptions options, bool throughEngine)
    {
        // The providers' clock must not begin before everything is up.
        var time = new GatedTime(options);
        await using var upstream = await QuotaUpstream.StartAsync(options, time.Provider);
        await using var engine = throughEngine ? await EngineInProcess.StartAsync(options, upstream.Address, time.Provider) : null;
        using var http = NewClient();
        IWay way = engine is null ? new NaiveWay(http, upstream.Address, options) : new EngineWay(http, engine.Address, options.Keys);
        var agents = options.Dialects.ToDictionary(
            static dialect => dialect,
            dialect => Enumerable.Range(0, options.Agents).Select(number => new Agent(Simulated.Of(dialect), number, way, time.Provider, options.Seed)).ToArray(),
            StringComparer.Ordinal);

        await time.UntilStartAsync();
        using var stop = new CancellationTokenSource(time.Left, time.Provider);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var pinging = PingAsync(upstream.Address, stop.Token);
        await Task.WhenAll(agents.Values.SelectMany(static each => each).Select(agent => Task.Run(() => agent.RunAsync(stop.Token))));
        var roundTrip = await pinging;
        process.Refresh();
        return new RunFigures(
            process.TotalProcessorTime - before,
            roundTrip,
            [.. options.Dialects.Select(dialect => DialectFigures.Of(
                dialect, options, [.. upstream.LedgersOf(dialect)], [.. agents[dialect].Select(static agent => agent.Record)], roundTrip))]);
    }

    private static HttpClient NewClient() => new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    // The longest time that a word from the provider took to its client and back.
    private static async Task<TimeSpan> PingAsync(string address, CancellationToken stop)
    {
        using var http = NewClient();
        var longest = TimeSpan.Zero;
        try
        {
            while (true)
            {
                var began = Stopwatch.GetTimestamp();
                using (await http.GetAsync(address + "/ping", stop))
                {
                    var took = Stopwatch.GetElapsedTime(began);
                    longest = took > longest ? took : longest;
                }

                await Task.Delay(BetweenPings, stop);
            }
        }
        catch (OperationCanceledException)
        {
            return longest;
        }
    }
}
