using System.Security.Cryptography;
using System.Text;
using Engine.Actors.Accounts;
using Engine.Host.Configuration;

namespace Engine.Host.Accounts;

/// <summary>From the config to what the accounts' actors are told.</summary>
internal static class AccountRegistrations
{
    /// <summary>The accounts of an upstream.</summary>
    public static IEnumerable<AccountRegistration> Of(UpstreamOptions upstream) => upstream.Replay is not null
        ? [new AccountRegistration(Recordings(upstream), 1, AccountLimits.None, "")]
        : upstream.Accounts.Select(account => new AccountRegistration(
            new AccountId(upstream.Name, account.Name), account.Weight, LimitsOf(account.Limits), FingerprintOf(account)));

    /// <summary>The one account of an upstream that plays recordings.</summary>
    public static AccountId Recordings(UpstreamOptions upstream) => new(upstream.Name, "recordings");

    /// <summary>The operator's limits as the actors know them.</summary>
    public static AccountLimits LimitsOf(LimitOptions limits) => new(limits.RequestsPerMinute, limits.TokensPerMinute, limits.Concurrency);

    // Enough to tell one credential from another, and of no other use: it stands in the journal.
    private static string FingerprintOf(AccountOptions account)
    {
        var secrets = string.Join('\n', account.Headers.Select(header => header.Value.Reveal()).Prepend(account.ApiKey?.Reveal() ?? ""));
        return secrets.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secrets)).AsSpan(0, 6));
    }
}
