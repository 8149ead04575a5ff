using System.Globalization;
using Engine.Actors.Accounts;
using Engine.Actors.Journal;
using Engine.Actors.Journal.Postgres;
using Engine.Actors.Journal.Sqlite;
using Engine.Actors.Kernel;
using Engine.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Engine.Host.Accounts;

/// <summary>Opens the journal and recovers the accounts, before anything is served; says in the log what goes wrong with them later.</summary>
internal static partial class AccountStart
{
    /// <summary>The journal's file in the data folder.</summary>
    public const string JournalFile = "journal.db";

    /// <summary>The recovered accounts.</summary>
    /// <exception cref="JournalUnusableException">The journal cannot be used; the message says why and what to do.</exception>
    public static async Task<AccountRegistry> OpenAsync(EngineOptions options, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        var log = logs.CreateLogger(typeof(AccountStart).FullName!);
        var journal = await OpenJournalAsync(options, time, cancellation);
        journal.HealthChanged += health =>
        {
            if (health.IsWriting)
            {
                JournalWrites(log, health.Dropped);
            }
            else
            {
                JournalFails(log, health.Fault ?? "");
            }
        };
        var accounts = await AccountRegistry.OpenAsync(journal, time, new Random(), options.Persistence.Retention, cancellation);
        journal.SnapshotWanted += id => _ = accounts.SaveSnapshotAsync(id);
        accounts.Noticed += (message, fault) => Noticed(log, message, fault);
        _ = LogFailuresAsync(accounts.EventStream, log);
        return accounts;
    }

    /// <summary>Where the SQLite journal of a config is.</summary>
    public static string PathOf(EngineOptions options) => Path.Combine(options.DataDir, JournalFile);

    private static Task<DurableJournal> OpenJournalAsync(EngineOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var writer = string.Create(CultureInfo.InvariantCulture, $"engine-{Environment.ProcessId}-{time.GetUtcNow().ToUnixTimeMilliseconds()}");
        return options.Persistence.Provider == PersistenceProvider.Postgres
            ? PostgresJournal.OpenAsync(new PostgresJournalOptions(options.Persistence.ConnectionString!.Reveal()), writer, time, cancellation)
            : SqliteJournal.OpenAsync(new SqliteJournalOptions(PathOf(options)), writer, time, cancellation);
    }

    private static async Task LogFailuresAsync(EventStream events, ILogger log)
    {
        using var failures = events.Subscribe<ActorFailed>();
        await foreach (var failure in failures.Events.ReadAllAsync())
        {
            ActorFailure(log, failure.Path, failure.Directive.ToString(), failure.Cause);
        }
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Error, Message = "{message}")]
    private static partial void Noticed(ILogger log, string message, Exception? fault);

    [LoggerMessage(EventId = 21, Level = LogLevel.Critical, Message = "THE JOURNAL DOES NOT WRITE: {fault}. The engine goes on from memory; what happens now is lost if it dies before the journal writes again")]
    private static partial void JournalFails(ILogger log, string fault);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning, Message = "the journal writes again and has caught up; entries that found no room meanwhile: {dropped}")]
    private static partial void JournalWrites(ILogger log, long dropped);

    [LoggerMessage(EventId = 23, Level = LogLevel.Error, Message = "the actor {path} failed; its supervisor decided: {directive}")]
    private static partial void ActorFailure(ILogger log, string path, string directive, Exception cause);
}
