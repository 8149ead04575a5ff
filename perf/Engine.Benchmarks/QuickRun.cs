using System.Diagnostics;
using System.Globalization;
using Engine.Benchmarks.Pairs;
using Engine.Benchmarks.Rotation;

namespace Engine.Benchmarks;

/// <summary>
/// Times everything in well under half a minute: all candidates take turns in short rounds, so that whatever disturbs the machine
/// disturbs all alike, and the median round counts. Prints a table whose last column is the ratio to a bare pass over the same JSON.
/// </summary>
internal static class QuickRun
{
    private const int Rounds = 301;

    // Short, so that on a busy machine most rounds are not interrupted.
    private const double RoundMilliseconds = 0.4;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static void Run(TextWriter output)
    {
        output.WriteLine("| text delta, client ← upstream | ns/event | B/event | ratio |");
        output.WriteLine("|---|---|---|---|");
        foreach (var upstream in DeltaStream.Dialects)
        {
            var streams = DeltaStream.Dialects.Select(client => new DeltaStream(client, upstream)).ToArray();
            var data = streams[0].Data;
            Candidate[] candidates =
            [
                new($"bare `Utf8JsonReader` over {upstream}'s {data.Length} B", () => Repeat(Baselines.Tokens, data)),
                .. streams.Select((stream, i) => new Candidate($"{DeltaStream.Dialects[i]} ← {upstream}", () => stream.Transcode())),
                new($"`JsonNode` in and out, {upstream}", () => Repeat(Baselines.Nodes, data)),
            ];
            Print(output, Measure(candidates), DeltaStream.Events, 1, "F0");
            Array.ForEach(streams, static stream => stream.Dispose());
        }

        var body = LongConversation.Body;
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| request of {body.Length / 1000} kB: read, normalise, write | µs | B | ratio | MB/s |"));
        output.WriteLine("|---|---|---|---|---|");
        Candidate[] requests =
        [
            new("bare `Utf8JsonReader`", static () => Baselines.Tokens(LongConversation.Body)),
            .. DeltaStream.Dialects.Select(static upstream => new Candidate($"openai-chat → {upstream}", () => LongConversation.Convert(upstream))),
            new("`JsonNode` in and out", static () => Baselines.Nodes(LongConversation.Body)),
        ];
        Print(output, Measure(requests), 1, 1000, "F1", body.Length);
    }

    /// <summary>Leases and their returns; the ratio is to a read of the clock, which each of them makes twice.</summary>
    public static void RunLeases(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("| lease and return | ns | B | ratio |");
        output.WriteLine("|---|---|---|---|");
        Candidate[] candidates =
        [
            new("two reads of the clock", Clock),
            .. from accounts in (int[])[1, 4, 16, 256]
               from strategy in LeaseScene.Strategies
               select Leases($"{strategy}, {accounts} accounts", new LeaseScene(accounts, strategy, hasLimits: false, hasSessions: false)),
            .. from accounts in (int[])[4, 16]
               select Leases($"round-robin, {accounts} accounts, conversations", new LeaseScene(accounts, "round-robin", hasLimits: false, hasSessions: true)),
            .. from accounts in (int[])[4, 16]
               select Leases($"round-robin, {accounts} accounts, own limits", new LeaseScene(accounts, "round-robin", hasLimits: true, hasSessions: false)),
        ];
        Print(output, Measure(candidates), LeaseScene.Leases, 1, "F0");
    }

    private static Candidate Leases(string name, LeaseScene scene) => new(name, scene.Run);

    private static long Clock()
    {
        long sum = 0;
        for (var i = 0; i < 2 * LeaseScene.Leases; i++)
        {
            sum += TimeProvider.System.GetUtcNow().UtcTicks;
        }

        return sum;
    }

    private static long Repeat(Func<ReadOnlySpan<byte>, int> work, byte[] data)
    {
        long sum = 0;
        for (var i = 0; i < DeltaStream.Events; i++)
        {
            sum += work(data);
        }

        return sum;
    }

    private static List<Result> Measure(Candidate[] candidates)
    {
        // Until the code has been compiled for good; the last pass tells how often each candidate fits a round.
        var repeats = Array.ConvertAll(candidates, static _ => 1);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                repeats[i] = Math.Clamp((int)(RoundMilliseconds * 1e6 / Time(candidates[i], repeats[i])), 1, 2 * repeats[i]);
            }
        }

        var times = Array.ConvertAll(candidates, static _ => new double[Rounds]);
        var bytes = new long[candidates.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                times[i][round] = Time(candidates[i], repeats[i]);
                bytes[i] = (GC.GetAllocatedBytesForCurrentThread() - before) / repeats[i];
            }
        }

        return [.. candidates.Select((candidate, i) => new Result(candidate.Name, Median(times[i]), bytes[i]))];
    }

    // Nanoseconds of one run.
    private static double Time(Candidate candidate, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
        {
            candidate.Work();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats;
    }

    private static double Median(double[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static void Print(TextWriter output, List<Result> results, int perRun, double unit, string format, int megabytesOf = 0)
    {
        foreach (var (name, nanoseconds, bytes) in results)
        {
            var time = (nanoseconds / perRun / unit).ToString(format, CultureInfo.InvariantCulture);
            var speed = megabytesOf == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {megabytesOf * 1e3 / nanoseconds:F0} |");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {time} | {bytes / perRun} | {nanoseconds / results[0].Nanoseconds:F2} |{speed}"));
        }
    }

    private sealed record Candidate(string Name, Func<long> Work);

    private sealed record Result(string Name, double Nanoseconds, long Bytes);
}
