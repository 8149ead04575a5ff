using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Engine.Actors.Accounts;
using Engine.Actors.Journal;
using Engine.Actors.Journal.Inspection;
using Engine.Actors.Journal.Postgres;
using Engine.Actors.Journal.Sqlite;
using Engine.Actors.Rotation;
using Engine.Host.Accounts;
using Engine.Host.Configuration;

namespace Engine.Host.Commands;

/// <summary><c>engine journal show</c> and <c>verify</c>: the history of accounts, readable, also while an engine writes it.</summary>
internal static class JournalCommand
{
    /// <summary>The command with its two subcommands.</summary>
    public static Command Create(Option<FileInfo?> config, Option<string[]> set)
    {
        var account = new Option<string?>("--account") { Description = "Only this account: UPSTREAM/ACCOUNT.", HelpName = "ID" };
        var since = new Option<string?>("--since") { Description = "Only from then on: an instant (2026-11-21T08:00Z) or an age (2h, 30m).", HelpName = "T" };
        var show = new Command("show", "Prints the history, one event per line.") { account, since, config, set };
        show.SetAction(parsed => With(parsed.GetValue(config), parsed.GetValue(set), journal => Show(journal, parsed.GetValue(account), parsed.GetValue(since))));

        var verify = new Command("verify", "Examines the whole journal; exit code 1 when something is wrong.") { config, set };
        verify.SetAction(parsed => With(parsed.GetValue(config), parsed.GetValue(set), Verify));
        return new Command("journal", "The event history of the accounts.") { show, verify };
    }

    private static int With(FileInfo? config, string[]? overrides, Func<JournalInspection, int> act)
    {
        var loaded = ConfigLoad.Load(ConfigPath.Resolve(config?.FullName), overrides ?? [], Environment.GetEnvironmentVariable);
        if (loaded.Options is not { } options)
        {
            foreach (var line in ConfigCheck.Of(loaded).Lines)
            {
                Console.Error.WriteLine(line);
            }

            return 1;
        }

        try
        {
            using var journal = options.Persistence.Provider == PersistenceProvider.Postgres
                ? PostgresJournal.Inspect(options.Persistence.ConnectionString!.Reveal())
                : SqliteJournal.Inspect(AccountStart.PathOf(options));
            return act(journal);
        }
        catch (JournalUnusableException fault)
        {
            Console.Error.WriteLine("engine: " + fault.Message);
            return 1;
        }
    }

    private static int Show(JournalInspection journal, string? account, string? since)
    {
        DateTimeOffset? from = null;
        if (since is not null)
        {
            from = InstantOf(since, TimeProvider.System.GetUtcNow());
            if (from is null)
            {
                Console.Error.WriteLine($"--since takes an instant like 2026-11-21T08:00Z or an age like 2h, not \"{since}\"");
                return 1;
            }
        }

        if (account is not null && account.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
        {
            Console.Error.WriteLine($"--account takes UPSTREAM/ACCOUNT, not \"{account}\"");
            return 1;
        }

        foreach (var entry in journal.Entries(account is null ? null : "account/" + account, from))
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.At:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}  {entry.PersistenceId}#{entry.SequenceNumber}  {entry.Manifest}  {Encoding.UTF8.GetString(entry.Payload.Span)}"));
        }

        return 0;
    }

    private static int Verify(JournalInspection journal)
    {
        var findings = journal.Verify(IsKnown, Fault);
        foreach (var finding in findings)
        {
            Console.Out.WriteLine($"{(finding.IsHarmful ? "FAULT" : "note")}  {finding.PersistenceId}#{finding.SequenceNumber.ToString(CultureInfo.InvariantCulture)}  {finding.Detail}");
        }

        if (findings.Any(static finding => finding.IsHarmful))
        {
            return 1;
        }

        Console.Out.WriteLine("the journal is sound");
        return 0;
    }

    private static DateTimeOffset? InstantOf(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && amount is >= 0 and < 1e6)
        {
            TimeSpan? age = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(amount),
                'm' => TimeSpan.FromMinutes(amount),
                'h' => TimeSpan.FromHours(amount),
                'd' => TimeSpan.FromDays(Math.Min(amount, 100_000)),
                _ => null,
            };
            if (age is { } some)
            {
                return now - some;
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
    }

    private static bool IsKnown(string manifest) =>
        AccountEventFormat.Manifests.Contains(manifest, StringComparer.Ordinal) || manifest == AccountEventFormat.StateManifest || PoolFormat.IsKnown(manifest);

    private static string? Fault(string manifest, ReadOnlyMemory<byte> payload)
    {
        try
        {
            switch (manifest)
            {
                case AccountEventFormat.StateManifest:
                    AccountEventFormat.ReadState(manifest, payload.Span);
                    break;
                case not null when PoolFormat.IsKnown(manifest):
                    PoolFormat.Check(manifest, payload);
                    break;
                default:
                    AccountEventFormat.Read(manifest!, payload.Span);
                    break;
            }

            return null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return fault.Message;
        }
    }
}
