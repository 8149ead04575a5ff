namespace Engine.Actors.Accounts;

/// <summary>
/// What an account, or one model of it, may do. Deadlines are instants, never running timers. A standing whose
/// <see cref="UsableAt"/> has come is half open: one probe may go out, and its outcome decides.
/// </summary>
public abstract record Standing
{
    private Standing()
    {
    }

    /// <summary>When the next call may be made: <see cref="DateTimeOffset.MinValue"/> now, <see cref="DateTimeOffset.MaxValue"/> only after an operator or a new credential.</summary>
    public abstract DateTimeOffset UsableAt { get; }

    /// <summary>May be called.</summary>
    public sealed record Available : Standing
    {
        /// <summary>The one instance.</summary>
        public static readonly Available Instance = new();

        /// <inheritdoc/>
        public override DateTimeOffset UsableAt => DateTimeOffset.MinValue;
    }

    /// <summary>Rests for a while.</summary>
    /// <param name="Since">When it began; outcomes of calls leased before are late.</param>
    /// <param name="Until">When one probe may go out. Never further away than the policy's upper bound.</param>
    /// <param name="Cause">Why.</param>
    /// <param name="Hint">What the provider named, for display; may lie beyond <paramref name="Until"/>.</param>
    public sealed record Cooling(DateTimeOffset Since, DateTimeOffset Until, CoolingCause Cause, DateTimeOffset? Hint) : Standing
    {
        /// <inheritdoc/>
        public override DateTimeOffset UsableAt => Until;
    }

    /// <summary>A quota of a day or longer, or the credit, is used up.</summary>
    /// <param name="Since">When it began.</param>
    /// <param name="ResetAt">When the provider says it is refilled; null when it does not say.</param>
    /// <param name="ProbeAt">When one probe may go out: at the reset, or earlier where that is far away.</param>
    public sealed record Exhausted(DateTimeOffset Since, DateTimeOffset? ResetAt, DateTimeOffset ProbeAt) : Standing
    {
        /// <inheritdoc/>
        public override DateTimeOffset UsableAt => ProbeAt;
    }

    /// <summary>The provider refuses the credential, or the account behind it.</summary>
    /// <param name="Since">When it began.</param>
    /// <param name="ProbeAt">When one probe may go out; <see cref="DateTimeOffset.MaxValue"/> when only a new credential helps.</param>
    /// <param name="Reason">The provider's code, for display; never a secret.</param>
    public sealed record AuthenticationFailed(DateTimeOffset Since, DateTimeOffset ProbeAt, string Reason) : Standing
    {
        /// <inheritdoc/>
        public override DateTimeOffset UsableAt => ProbeAt;
    }

    /// <summary>An operator has taken it out.</summary>
    /// <param name="Since">When.</param>
    /// <param name="By">Who.</param>
    public sealed record Suspended(DateTimeOffset Since, string By) : Standing
    {
        /// <inheritdoc/>
        public override DateTimeOffset UsableAt => DateTimeOffset.MaxValue;
    }

    /// <summary>It is no longer configured.</summary>
    /// <param name="Since">When it left.</param>
    public sealed record Retired(DateTimeOffset Since) : Standing
    {
        /// <inheritdoc/>
        public override DateTimeOffset UsableAt => DateTimeOffset.MaxValue;
    }
}

/// <summary>Why an account rests.</summary>
public enum CoolingCause
{
    /// <summary>The provider counted too many requests or tokens.</summary>
    RateLimit,

    /// <summary>The provider's counters say that nothing is left in this window.</summary>
    NothingLeft,

    /// <summary>The provider is overloaded.</summary>
    Overload,

    /// <summary>The provider failed, was silent or broke off.</summary>
    ProviderFault,

    /// <summary>The credential was refused once; a second time is not chance any more.</summary>
    Credential,

    /// <summary>The account's way out (its proxy or address) is refused.</summary>
    Egress,

    /// <summary>The account may not do this, and the provider does not say why or until when.</summary>
    Permission,
}
