namespace Engine.Actors.Accounts;

/// <summary>Something that happened to an account: what its journal keeps. Names and members are stored (see <see cref="AccountEventFormat"/>).</summary>
/// <param name="At">When.</param>
public abstract record AccountEvent(DateTimeOffset At)
{
    /// <summary>The request whose call caused it; null when none did.</summary>
    public string? RequestId { get; init; }

    /// <summary>The verdict's word, or the provider's code; null when there is none. Never a secret.</summary>
    public string? Reason { get; init; }

    /// <summary>The config names the account.</summary>
    /// <param name="At">When.</param>
    /// <param name="Limits">The operator's own limits.</param>
    /// <param name="Fingerprint">Of its credential; another one than before lifts every refusal of the old credential.</param>
    /// <param name="IsRefreshable">True when the engine can fetch a new credential by itself.</param>
    /// <param name="Until">When the credential expires; null when it does not.</param>
    public sealed record Registered(DateTimeOffset At, AccountLimits Limits, string Fingerprint, bool IsRefreshable, DateTimeOffset? Until)
        : AccountEvent(At);

    /// <summary>The config no longer names the account.</summary>
    /// <param name="At">When.</param>
    public sealed record Retired(DateTimeOffset At) : AccountEvent(At);

    /// <summary>The account, or one model, rests; or rests longer than it was to.</summary>
    /// <param name="At">When.</param>
    /// <param name="Model">The model; null for the whole account.</param>
    /// <param name="Since">When the rest began: earlier than <paramref name="At"/> when it was only prolonged.</param>
    /// <param name="Until">When one probe may go out.</param>
    /// <param name="Cause">Why.</param>
    /// <param name="Hint">The instant the provider named; null when it named none.</param>
    /// <param name="Failures">Failures in a row.</param>
    public sealed record Cooled(
        DateTimeOffset At, string? Model, DateTimeOffset Since, DateTimeOffset Until, CoolingCause Cause, DateTimeOffset? Hint, int Failures)
        : AccountEvent(At);

    /// <summary>The provider failed once and named no instant. It counts, but bars nobody: only the next failure in a row cools.</summary>
    /// <param name="At">When; failures of calls leased before are the same failure.</param>
    /// <param name="Model">The model; null for the whole account.</param>
    /// <param name="Failures">Failures in a row.</param>
    public sealed record Stumbled(DateTimeOffset At, string? Model, int Failures) : AccountEvent(At);

    /// <summary>A cooling is over, or a stumble forgotten: a call made since has succeeded.</summary>
    /// <param name="At">When.</param>
    /// <param name="Model">The model; null for the whole account.</param>
    public sealed record Recovered(DateTimeOffset At, string? Model) : AccountEvent(At);

    /// <summary>A quota is used up; or for longer than it was said to be.</summary>
    /// <param name="At">When.</param>
    /// <param name="Model">The model; null for the whole account.</param>
    /// <param name="Since">When that was first said: earlier than <paramref name="At"/> when it was only prolonged.</param>
    /// <param name="ResetAt">When the provider says it is refilled; null when it does not say.</param>
    /// <param name="ProbeAt">When one probe may go out.</param>
    /// <param name="Failures">Failures in a row.</param>
    public sealed record Exhausted(DateTimeOffset At, string? Model, DateTimeOffset Since, DateTimeOffset? ResetAt, DateTimeOffset ProbeAt, int Failures)
        : AccountEvent(At);

    /// <summary>A quota is there again: the call that probed it succeeded.</summary>
    /// <param name="At">When.</param>
    /// <param name="Model">The model; null for the whole account.</param>
    public sealed record Reset(DateTimeOffset At, string? Model) : AccountEvent(At);

    /// <summary>The provider refuses the credential, or the account behind it.</summary>
    /// <param name="At">When; the refusal begins, or begins anew after a failed probe.</param>
    /// <param name="ProbeAt">When one probe may go out.</param>
    /// <param name="Strikes">Refusals of the credential in a row.</param>
    public sealed record AuthenticationFailed(DateTimeOffset At, DateTimeOffset ProbeAt, int Strikes) : AccountEvent(At);

    /// <summary>The credential was refused once; it rests and gets a second chance.</summary>
    /// <param name="At">When.</param>
    /// <param name="Until">When one probe may go out.</param>
    /// <param name="Strikes">Refusals of the credential in a row.</param>
    /// <param name="Failures">Refusals of the account in a row; more than the strikes while a refresh fails.</param>
    public sealed record CredentialStruck(DateTimeOffset At, DateTimeOffset Until, int Strikes, int Failures) : AccountEvent(At);

    /// <summary>A credential that had been refused was taken.</summary>
    /// <param name="At">When.</param>
    public sealed record CredentialAccepted(DateTimeOffset At) : AccountEvent(At);

    /// <summary>A new credential is being fetched.</summary>
    /// <param name="At">When.</param>
    public sealed record RefreshStarted(DateTimeOffset At) : AccountEvent(At);

    /// <summary>A new credential has come, and is stored.</summary>
    /// <param name="At">When.</param>
    /// <param name="Until">When it expires; null when it does not.</param>
    /// <param name="Fingerprint">Tells it from another.</param>
    public sealed record CredentialRefreshed(DateTimeOffset At, DateTimeOffset? Until, string Fingerprint) : AccountEvent(At);

    /// <summary>No new credential has come, for a reason that may pass.</summary>
    /// <param name="At">When.</param>
    public sealed record RefreshFailed(DateTimeOffset At) : AccountEvent(At);

    /// <summary>The provider will never take the credential again.</summary>
    /// <param name="At">When.</param>
    public sealed record CredentialInvalidated(DateTimeOffset At) : AccountEvent(At);

    /// <summary>An operator has taken the account out.</summary>
    /// <param name="At">When.</param>
    /// <param name="By">Who.</param>
    public sealed record Suspended(DateTimeOffset At, string By) : AccountEvent(At);

    /// <summary>An operator has put the account back.</summary>
    /// <param name="At">When.</param>
    /// <param name="By">Who.</param>
    public sealed record Resumed(DateTimeOffset At, string By) : AccountEvent(At);

    /// <summary>An operator has lifted what barred the account.</summary>
    /// <param name="At">When.</param>
    /// <param name="Model">Only of this model; null for the account and all its models.</param>
    /// <param name="By">Who.</param>
    public sealed record Cleared(DateTimeOffset At, string? Model, string By) : AccountEvent(At);

    /// <summary>The operator's own limits are others now.</summary>
    /// <param name="At">When.</param>
    /// <param name="Limits">All of them.</param>
    public sealed record LimitsChanged(DateTimeOffset At, AccountLimits Limits) : AccountEvent(At);
}
