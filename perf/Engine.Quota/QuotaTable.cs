using System.Globalization;

namespace Engine.Quota;

/// <summary>The figures side by side, in Markdown.</summary>
internal static class QuotaTable
{
    public static void Write(TextWriter output, QuotaOptions options, RunFigures engine, RunFigures naive)
    {
        var columns = engine.Dialects.Zip(naive.Dialects).SelectMany(static pair => new[] { (Figures: pair.First, Way: "engine"), (Figures: pair.Second, Way: "naive") }).ToArray();
        output.WriteLine($"| | {string.Join(" | ", columns.Select(static column => $"{column.Figures.Dialect}, {column.Way}"))} |");
        output.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---|", columns.Length)));
        Row("granted of available", static each => Text($"{each.Granted} of {each.Available}"));
        Row("**goodput**", static each => Text($"**{each.Goodput * 100:F1} %**"));
        Row("**429s that agents saw**", static each => Text($"**{each.ClientRefusals}**"));
        Row("other failures that agents saw", static each => Text($"{each.ClientFailures}"));
        Row("**calls to barred accounts**", static each => Text($"**{each.Barred}**"));
        Row("… under way when it was barred", static each => Text($"{each.Races}"));
        Row("429s the upstream gave", static each => Text($"{each.Refused}"));
        Row("first calls after a bar", static each => Text($"{each.Probes}"));
        Row("calls beside an unanswered first", static each => Text($"{each.BesideProbe}"));
        Row("retries", static each => Text($"{each.Retries}"));
        Row("wait p50 / p99 / max, s", static each => Text($"{each.Wait(0.5).TotalSeconds:F1} / {each.Wait(0.99).TotalSeconds:F1} / {each.Wait(1).TotalSeconds:F1}"));
        Row("Jain index, agents", static each => Text($"{each.FairAgents:F3}"));
        Row("Jain index, client keys", static each => Text($"{each.FairKeys:F3}"));
        output.WriteLine();
        output.WriteLine(Text($"{options.Accounts} accounts, {options.Agents} agents and {options.Keys} client keys per dialect, {options.Minutes} min at {options.Scale}×, strategy {options.Strategy}, max-wait {options.MaxWait.TotalSeconds} s."));
        Note(output, "engine", engine);
        Note(output, "naive", naive);

        void Row(string name, Func<DialectFigures, string> cell) =>
            output.WriteLine($"| {name} | {string.Join(" | ", columns.Select(column => cell(column.Figures)))} |");
    }

    private static void Note(TextWriter output, string name, RunFigures run)
    {
        var answered = run.Dialects.Sum(static each => each.Waits.Length);
        output.WriteLine(Text(
            $"{name}: {run.Cpu.TotalMilliseconds / Math.Max(1, answered):F2} ms CPU per answered turn (providers and agents included), longest loopback round trip {run.RoundTrip.TotalMilliseconds:F0} ms, latest call under way {run.Dialects.Max(static each => each.LatestRace).TotalMilliseconds:F0} ms after a bar (real time)."));
        foreach (var note in run.Dialects.SelectMany(static each => each.Notes).Take(6))
        {
            output.WriteLine($"- {name} saw: {note}");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
