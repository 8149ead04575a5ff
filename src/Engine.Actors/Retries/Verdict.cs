namespace Engine.Actors.Retries;

/// <summary>Whose fault a failure is.</summary>
public enum Culprit
{
    /// <summary>Nobody's: it was a success.</summary>
    Nobody,

    /// <summary>The client's: every account would answer the same. Never moves an account.</summary>
    Client,

    /// <summary>The account's: credential, credit, quota.</summary>
    Account,

    /// <summary>The provider's: overload, faults, silence.</summary>
    Provider,

    /// <summary>Ours, or the way out.</summary>
    Engine,
}

/// <summary>How much of an account an outcome concerns.</summary>
public enum Scope
{
    /// <summary>The one model that was asked.</summary>
    Model,

    /// <summary>The whole account.</summary>
    Account,
}

/// <summary>What an outcome does to an account.</summary>
public enum Measure
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Frees it: a success.</summary>
    Free,

    /// <summary>Rests a while.</summary>
    Cool,

    /// <summary>Its quota is used up until a reset.</summary>
    Exhaust,

    /// <summary>A strike against its credential.</summary>
    Strike,

    /// <summary>The provider has closed the account; no second strike is needed.</summary>
    Refuse,
}

/// <summary>What the request may do next.</summary>
public enum RetryAdvice
{
    /// <summary>Give up: every other account would answer the same.</summary>
    GiveUp,

    /// <summary>Another account, also of the same upstream.</summary>
    Elsewhere,

    /// <summary>Another upstream or model; every account of this one would answer the same.</summary>
    OtherTarget,
}

/// <summary>What one outcome means: a row of the classification table with the deadline worked out.</summary>
/// <param name="Culprit">Whose fault.</param>
/// <param name="Measure">What becomes of the account.</param>
/// <param name="Scope">All of it, or the one model.</param>
/// <param name="Cause">Why it cools, when it does.</param>
/// <param name="Retry">What the request may do.</param>
/// <param name="Until">The instant the provider named; null when it named none and backoff decides.</param>
/// <param name="Reason">A closed word for metrics, traces and events: <c>rate_limit</c>, <c>quota_day</c>, <c>billing</c>…</param>
public readonly record struct Verdict(
    Culprit Culprit, Measure Measure, Scope Scope, Accounts.CoolingCause? Cause, RetryAdvice Retry, DateTimeOffset? Until, string Reason);
