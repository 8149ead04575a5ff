namespace Engine.Actors.Accounts;

/// <summary>
/// An account's standing taken apart into what bars it independently: the config, an operator, a refused credential, a limit.
/// The state shows the topmost; each is lifted alone, and what lies below holds again.
/// </summary>
/// <param name="Retired">Null when it is configured.</param>
/// <param name="Suspended">Null when no operator has taken it out.</param>
/// <param name="Refusal">Failed authentication or the rest after a strike; null when the credential stands well.</param>
/// <param name="Limit">Available, cooling or exhausted.</param>
internal readonly record struct StandingLayers(Standing.Retired? Retired, Standing.Suspended? Suspended, Standing? Refusal, Standing Limit)
{
    public static StandingLayers Of(AccountState state)
    {
        var retired = state.Standing as Standing.Retired;
        var suspended = state.Standing as Standing.Suspended ?? state.Suspension;
        var inner = retired is null && suspended is null ? state.Standing : state.Underlying ?? Standing.Available.Instance;
        return IsRefusal(inner)
            ? new StandingLayers(retired, suspended, inner, state.BehindRefusal ?? Standing.Available.Instance)
            : new StandingLayers(retired, suspended, null, inner);
    }

    public AccountState PutInto(AccountState state)
    {
        // A refusal lasts at least as long as the limit it covers.
        var refusal = Refusal switch
        {
            Standing.AuthenticationFailed failed when Limit.UsableAt > failed.ProbeAt => failed with { ProbeAt = Limit.UsableAt },
            Standing.Cooling resting when Limit.UsableAt > resting.Until => resting with { Until = Limit.UsableAt },
            _ => Refusal,
        };
        var inner = refusal ?? Limit;
        var isOut = Retired is not null || Suspended is not null;
        return state with
        {
            Standing = Retired ?? (Standing?)Suspended ?? inner,
            Suspension = Retired is null ? null : Suspended,
            Underlying = isOut ? inner : null,
            BehindRefusal = refusal is not null && Limit is not Standing.Available ? Limit : null,
        };
    }

    private static bool IsRefusal(Standing standing) =>
        standing is Standing.AuthenticationFailed or Standing.Cooling { Cause: CoolingCause.Credential };
}
