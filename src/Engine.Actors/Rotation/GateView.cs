using Engine.Actors.Accounts;

namespace Engine.Actors.Rotation;

/// <summary>An account's or a model's standing in the form a request reads: immutable, swapped as a whole.</summary>
internal sealed class GateView
{
    /// <summary>Nothing in the way, nothing to report.</summary>
    public static readonly GateView Open = new(Standing.Available.Instance, hasFailures: false, refreshing: false);

    /// <summary>Reads a standing.</summary>
    /// <param name="standing">What may be done.</param>
    /// <param name="hasFailures">True when a success changes something: failures or strikes are counted.</param>
    /// <param name="refreshing">True while the credential is being refreshed.</param>
    public GateView(Standing standing, bool hasFailures, bool refreshing)
    {
        Standing = standing;
        IsOpen = standing is Standing.Available && !refreshing;
        UsableAt = refreshing && standing is Standing.Available ? 0 : standing.UsableAt.UtcTicks;
        ReportsSuccess = hasFailures || standing is not Standing.Available;
        IsRefreshing = refreshing;
        Reason = standing switch
        {
            Standing.Cooling => PassedOver.Cooling,
            Standing.Exhausted => PassedOver.Exhausted,
            Standing.AuthenticationFailed => PassedOver.AuthenticationFailed,
            Standing.Suspended => PassedOver.Suspended,
            Standing.Retired => PassedOver.Retired,
            _ => refreshing ? PassedOver.Refreshing : PassedOver.No,
        };
    }

    /// <summary>What may be done.</summary>
    public Standing Standing { get; }

    /// <summary>True when nothing bars it.</summary>
    public bool IsOpen { get; }

    /// <summary>UTC ticks from which one probe may go out.</summary>
    public long UsableAt { get; }

    /// <summary>True while the credential is being refreshed: no probe either.</summary>
    public bool IsRefreshing { get; }

    /// <summary>True when a success must be reported because it changes something.</summary>
    public bool ReportsSuccess { get; }

    /// <summary>What bars it before <see cref="UsableAt"/>.</summary>
    public PassedOver Reason { get; }
}
