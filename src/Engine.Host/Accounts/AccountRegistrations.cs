using Engine.Actors.Accounts;
using Engine.Actors.Credentials;
using Engine.Host.Configuration;

namespace Engine.Host.Accounts;

/// <summary>From the config to what the accounts' actors are told.</summary>
internal static class AccountRegistrations
{
    /// <summary>The accounts of an upstream.</summary>
    /// <param name="upstream">As the config has it.</param>
    /// <param name="keeperOf">Who keeps an account's credential fresh; null for one that stays.</param>
    public static IEnumerable<AccountRegistration> Of(UpstreamOptions upstream, Func<AccountId, CredentialKeeper?> keeperOf) => upstream.Replay is not null
        ? [new AccountRegistration(Recordings(upstream), 1, AccountLimits.None, "")]
        : upstream.Accounts.Select(account => Of(new AccountId(upstream.Name, account.Name), account, keeperOf));

    /// <summary>The one account of an upstream that plays recordings.</summary>
    public static AccountId Recordings(UpstreamOptions upstream) => new(upstream.Name, "recordings");

    /// <summary>The operator's limits as the actors know them.</summary>
    public static AccountLimits LimitsOf(LimitOptions limits) => new(limits.RequestsPerMinute, limits.TokensPerMinute, limits.Concurrency);

    private static AccountRegistration Of(AccountId id, AccountOptions account, Func<AccountId, CredentialKeeper?> keeperOf)
    {
        var registration = new AccountRegistration(id, account.Weight, LimitsOf(account.Limits), FingerprintOf(account));
        return keeperOf(id)?.Pair is { } pair
            ? registration with { IsRefreshable = true, Fingerprint = pair.Fingerprint, Until = pair.Until }
            : registration;
    }

    // Enough to tell one credential from another, and of no other use: it stands in the journal.
    private static string FingerprintOf(AccountOptions account)
    {
        var secrets = string.Join('\n', account.Headers.Select(header => header.Value.Reveal()).Prepend(account.ApiKey?.Reveal() ?? ""));
        return secrets.Length == 0 ? "" : TokenPair.FingerprintOf(secrets);
    }
}
