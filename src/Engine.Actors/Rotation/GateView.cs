using Engine.Actors.Accounts;

namespace Engine.Actors.Rotation;

/// <summary>An account's or a model's standing in the form a request reads: immutable, swapped as a whole.</summary>
internal sealed class GateView
{
    /// <summary>Nothing in the way, nothing to report.</summary>
    public static readonly GateView Open = new(Standing.Available.Instance, hasFailures: false, credential: null);

    /// <summary>Reads a standing.</summary>
    /// <param name="standing">What may be done.</param>
    /// <param name="hasFailures">True when a success changes something: failures or strikes are counted.</param>
    /// <param name="credential">The account's credential; null for a model.</param>
    public GateView(Standing standing, bool hasFailures, CredentialState? credential)
    {
        Standing = standing;
        NeedsProbe = standing is not Standing.Available;
        RefreshFrees = standing is Standing.AuthenticationFailed;
        RefreshBarsFrom = credential switch
        {
            CredentialState.Refreshing { Until: { } until } => until.UtcTicks,
            CredentialState.Valid { Until: { } until } => until.UtcTicks,
            _ => long.MaxValue,
        };
        IsOpen = !NeedsProbe && RefreshBarsFrom == long.MaxValue;
        UsableAt = standing.UsableAt.UtcTicks;
        ReportsSuccess = hasFailures || standing is not Standing.Available;
        Reason = standing switch
        {
            Standing.Cooling { Cause: CoolingCause.Credential } => PassedOver.AuthenticationFailed,
            Standing.Cooling { Cause: CoolingCause.RateLimit or CoolingCause.NothingLeft } => PassedOver.Cooling,
            Standing.Cooling => PassedOver.Failing,
            Standing.Exhausted => PassedOver.Exhausted,
            Standing.AuthenticationFailed => PassedOver.AuthenticationFailed,
            Standing.Suspended => PassedOver.Suspended,
            Standing.Retired => PassedOver.Retired,
            _ => PassedOver.No,
        };
    }

    /// <summary>What may be done.</summary>
    public Standing Standing { get; }

    /// <summary>True when nothing bars it.</summary>
    public bool IsOpen { get; }

    /// <summary>UTC ticks from which one probe may go out.</summary>
    public long UsableAt { get; }

    /// <summary>True when whoever passes is the single probe.</summary>
    public bool NeedsProbe { get; }

    /// <summary>UTC ticks from which the credential is of no use; a new one is on its way then, or soon.</summary>
    public long RefreshBarsFrom { get; }

    /// <summary>True when the new credential will lift what bars it.</summary>
    public bool RefreshFrees { get; }

    /// <summary>True when a success must be reported because it changes something.</summary>
    public bool ReportsSuccess { get; }

    /// <summary>What bars it before <see cref="UsableAt"/>.</summary>
    public PassedOver Reason { get; }
}
