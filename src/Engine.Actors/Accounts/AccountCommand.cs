using Engine.Actors.Retries;

namespace Engine.Actors.Accounts;

/// <summary>What somebody asks of an account. The decider turns it into events, or into nothing.</summary>
public abstract record AccountCommand
{
    private AccountCommand()
    {
    }

    /// <summary>The config names the account. Saying it again changes nothing.</summary>
    /// <param name="Limits">The operator's own limits.</param>
    /// <param name="Fingerprint">Tells this credential from another without being one; empty where none is needed.</param>
    /// <param name="IsRefreshable">True when the engine can fetch a new credential by itself.</param>
    /// <param name="Until">When the credential expires; null when it does not. Read only when the fingerprint is a new one.</param>
    public sealed record Register(AccountLimits Limits, string Fingerprint, bool IsRefreshable = false, DateTimeOffset? Until = null) : AccountCommand;

    /// <summary>The config no longer names the account.</summary>
    public sealed record Retire : AccountCommand;

    /// <summary>An operator takes the account out.</summary>
    /// <param name="By">Who.</param>
    public sealed record Suspend(string By) : AccountCommand;

    /// <summary>An operator puts the account back.</summary>
    /// <param name="By">Who.</param>
    public sealed record Resume(string By) : AccountCommand;

    /// <summary>An operator lifts every cooling, exhaustion and refusal.</summary>
    /// <param name="Model">Only of this model; null for the account and all its models.</param>
    /// <param name="By">Who.</param>
    public sealed record Clear(string? Model, string By) : AccountCommand;

    /// <summary>A call has ended.</summary>
    /// <param name="Attempt">How.</param>
    public sealed record Report(AttemptReport Attempt) : AccountCommand;

    /// <summary>A new credential shall be fetched. Ignored while one is being fetched: the refresh is single-flight.</summary>
    public sealed record StartRefresh : AccountCommand;

    /// <summary>
    /// A refresh that was under way when the process died is taken up again, by the one keeper of the credential: its start is
    /// written down anew. Ignored while none is under way.
    /// </summary>
    public sealed record ResumeRefresh : AccountCommand;

    /// <summary>A new credential has come, and is stored.</summary>
    /// <param name="Until">When it expires; null when it does not.</param>
    /// <param name="Fingerprint">Tells it from another.</param>
    public sealed record RefreshSucceeded(DateTimeOffset? Until, string Fingerprint) : AccountCommand;

    /// <summary>No new credential has come.</summary>
    /// <param name="IsTerminal">True when the provider will never give one (<c>invalid_grant</c>, after the stored token was read again).</param>
    /// <param name="Reason">The provider's code; never a secret.</param>
    public sealed record RefreshFailed(bool IsTerminal, string Reason) : AccountCommand;

    /// <summary>The operator's own limits are others now.</summary>
    /// <param name="Limits">All of them.</param>
    public sealed record AdjustLimits(AccountLimits Limits) : AccountCommand;
}

/// <summary>How one call ended, for the account that made it.</summary>
public sealed record AttemptReport
{
    /// <summary>The request that the call was made for.</summary>
    public required string RequestId { get; init; }

    /// <summary>The model as the upstream calls it; never empty.</summary>
    public required string Model { get; init; }

    /// <summary>When the account was leased for it, by the clock that <c>now</c> comes from.</summary>
    public required DateTimeOffset LeasedAt { get; init; }

    /// <summary>True when the lease was the one probe of a half-open account.</summary>
    public bool IsAccountProbe { get; init; }

    /// <summary>True when the lease was the one probe of a half-open model.</summary>
    public bool IsModelProbe { get; init; }

    /// <summary>What the outcome means.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What the headers said about limits, also of a success.</summary>
    public RateLimitSignals Signals { get; init; }
}
