using Engine.Actors.Accounts;
using Engine.Actors.Journal;
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
        accounts.Noticed += (message, fault) => Noticed(log, message, fault);
        _ = ReportAsync(accounts, log);
        return accounts;
    }
}
