namespace Engine.Actors.Accounts;

/// <summary>An account as the config names it.</summary>
/// <param name="Id">Which.</param>
/// <param name="Weight">Its share in weighted strategies; 1 or more.</param>
/// <param name="Limits">The operator's own limits.</param>
/// <param name="Fingerprint">Tells its credential from another without being one; empty where none is needed.</param>
public sealed record AccountRegistration(AccountId Id, int Weight, AccountLimits Limits, string Fingerprint)
{
    /// <summary>True when the engine can fetch a new credential by itself.</summary>
    public bool IsRefreshable { get; init; }

    /// <summary>When the credential expires; null when it does not.</summary>
    public DateTimeOffset? Until { get; init; }
}
