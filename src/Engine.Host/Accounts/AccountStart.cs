using Engine.Actors.Accounts;
using Engine.Actors.Journal;
using Engine.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Engine.Host.Accounts;

/// <summary>Opens the journal and recovers the accounts, before anything is served; says in the log what goes wrong with them later.</summary>
internal static partial class AccountStart
{
    /// <summary>The recovered accounts.</summary>
    public static async Task<AccountRegistry> OpenAsync(EngineOptions options, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        var log = logs.CreateLogger(typeof(AccountStart).FullName!);
        var journal = new MemoryJournal(time);
        var accounts = await AccountRegistry.OpenAsync(journal, time, new Random(), TimeSpan.FromDays(90), cancellation);
        accounts.Noticed += (message, fault) => Noticed(log, message, fault);
        return accounts;
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Error, Message = "{message}")]
    private static partial void Noticed(ILogger log, string message, Exception? fault);
}
