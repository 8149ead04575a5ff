using System.Diagnostics;
using System.Globalization;

namespace Engine.EndToEnd.Tests.Kills;

/// <summary>
/// The executable is killed at random moments under load and started anew on its data, over and over, before upstreams that
/// bar accounts at random and keep a record of every call.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    // Two data folders at a time: the start of a process is mostly waiting.
    private const int Folders = 2;

    // ENGINE_KILL_ROUNDS and ENGINE_KILL_SEED repeat a run, or make a longer one.
    private static readonly int Rounds = Setting("ENGINE_KILL_ROUNDS") ?? 104;

    [Fact]
    public async Task An_engine_that_is_killed_calls_no_barred_account_early_loses_no_event_that_a_client_could_have_seen_and_no_credential()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are POSIX's");
        var seed = Setting("ENGINE_KILL_SEED") ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await Task.WhenAll(Enumerable.Range(0, Folders).Select(folder => KillAsync(seed + (folder * 1_000_003))));
    }

    private async Task KillAsync(int seed)
    {
        var watch = Stopwatch.StartNew();
        await using var run = new KillRun(seed);
        for (var round = 0; round < Rounds / Folders; round++)
        {
            await run.RoundAsync();
        }

        var killed = watch.Elapsed;
        await run.AllAccountsAnswerAsync();
        var verified = await run.JournalAsync("verify");
        var journal = new JournalLines(await run.JournalAsync("show"));

        var ledger = run.Ledger;
        var early = KillJudge.EarlyCalls(ledger.Calls.Where(call => call.At < ledger.LiftedAt), ledger.Told).ToArray();
        var probes = KillJudge.SecondProbes(ledger.Calls).ToArray();
        var lost = KillJudge.LostEvents(ledger.Requests, ledger.Told, journal).ToArray();
        var unseen = ledger.Told.Where(static told => told.SeenAt is null).ToArray();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            seed {seed}: {Rounds / Folders} kills in {killed.TotalSeconds:F0} s, {run.KilledAtStart} of them before the engine served, {run.KilledAtBar} within 12 ms of a new bar, {run.KilledAtRefresh} within 40 ms of a refresh
              requests {ledger.Requests.Count}, answered {ledger.Requests.Count(static each => each.SeenAt is not null)}: {string.Join(", ", ledger.Requests.CountBy(static each => each.Status).OrderBy(static each => each.Key).Select(static each => $"{each.Key} × {each.Value}"))}
              calls {ledger.Calls.Count}, probes {ledger.Calls.Count(static call => call.Probes.Count > 0)}, requests tried again {ledger.Requests.Count(static each => each.Attempts > 1)}
              refusals told {ledger.Told.Count}: {string.Join(", ", ledger.Told.CountBy(static told => told.Episode.Kind).OrderBy(static each => each.Key).Select(static each => $"{each.Key} × {each.Value}"))}
              refusals whose client was killed off {unseen.Length}, of them in the journal all the same {unseen.Count(journal.Has)}; bars that outlived their engine {ledger.Told.Count(told => told.SeenAt is not null && ledger.Calls.Any(call => call.Account == told.Call.Account && call.At > told.Until && call.Request.Engine > told.Call.Request.Engine))}
              token pairs granted {run.Tokens.Granted}, of them anew because the answer was lost {run.Tokens.GrantedAgain}, lost {run.Tokens.Lost.Count}
              journal entries {journal.Count}; early calls {early.Length}, second probes {probes.Length}, lost events {lost.Length}
            """));
        foreach (var violation in early.Concat(probes).Concat(lost).Take(20))
        {
            output.WriteLine(violation);
        }

        Assert.Equal(["the journal is sound"], verified);
        Assert.Empty(early);
        Assert.Empty(probes);
        Assert.Empty(lost);
        Assert.Empty(run.Tokens.Lost);
        Assert.Empty(run.Faults);
        Assert.Contains(ledger.Told, static told => told.SeenAt is not null);
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
