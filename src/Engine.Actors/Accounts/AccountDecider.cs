using System.Collections.Immutable;

namespace Engine.Actors.Accounts;

/// <summary>
/// The state machine of an account, pure: commands become events, events become the next state. Reports of calls are weighed in
/// <see cref="ReportDecider"/>. What bars an account lies in layers (<see cref="StandingLayers"/>): retired over suspended over
/// refused credential over limit; each input works on its own layer, so inputs that come late, twice or out of order do no harm.
/// <code>
/// input \ layer     available          cooling                exhausted              refused (auth, strike)   suspended, retired
/// success           –                  probe: Recovered       probe: Reset           probe: CredentialAcc.    works on the layers below
/// … stumbled before Recovered                                                        (limit layer)            works on the layers below
/// success, late     –                  –                      –                      –                        –
/// success, 0 left   Cooled/Exhausted   later reset: longer    later reset: longer    (limit layer)            works on the layers below
/// limit, overload   Cooled             probe: Cooled again    probe: Cooled          (limit layer)            works on the layers below
/// … late            Cooled             later hint: longer     later hint: longer     (limit layer)            works on the layers below
/// provider's fault  Stumbled           probe: Cooled again    probe: Cooled          (limit layer)            works on the layers below
/// … after a stumble Cooled             probe: Cooled again    probe: Cooled          (limit layer)            works on the layers below
/// … late            – (same stumble)   –                      –                      (limit layer)            works on the layers below
/// … with a hint     as a limit         as a limit             as a limit             (limit layer)            works on the layers below
/// quota             Exhausted          Exhausted              probe: Exhausted again (limit layer)            works on the layers below
/// … late            Exhausted          Exhausted              later reset: longer    (limit layer)            works on the layers below
/// credential refused CredentialStruck, 2nd AuthFailed; also over a limit             probe: 2nd AuthFailed    works on the layers below
/// … late            – (leased before the last refusal, or before the present credential came)                 –
/// account refused   AuthenticationFailed; also over a limit                          probe: again; late: –    works on the layers below
/// client's fault    –                  –                      –                      –                        –
/// Clear             –                  Cleared                Cleared                Cleared                  works on the layers below
/// Suspend / Resume  Suspended / –      Suspended / –          Suspended / –          Suspended / –            – / Resumed
/// Register          new limits, new fingerprint: only then    as before              new fingerprint: lifted  lifts the retirement alone
/// Retire            Retired            Retired                Retired                Retired                  Retired / –
/// </code>
/// Credential: valid → RefreshStarted → refreshing → CredentialRefreshed → valid, or RefreshFailed → valid (the old one), or
/// CredentialInvalidated → invalid, which only a new credential or an operator ends; refreshing after a restart → ResumeRefresh →
/// RefreshStarted. Every repeated input gives no event.
/// </summary>
public static class AccountDecider
{
    /// <summary>Models with a standing of their own that one account keeps; beyond it the one that is usable first is forgotten.</summary>
    public const int MostModels = 512;

    /// <summary>What a command leads to. Pure.</summary>
    /// <param name="state">The account now.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="now">The present.</param>
    /// <param name="policy">How long accounts rest.</param>
    /// <param name="jitter">In [0, 1), from the caller's random source.</param>
    /// <returns>The events in order; empty when nothing changes.</returns>
    public static ImmutableArray<AccountEvent> Decide(
        AccountState state, AccountCommand command, DateTimeOffset now, CoolingPolicy policy, double jitter)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(policy);
        var layers = StandingLayers.Of(state);
        return command switch
        {
            AccountCommand.Report { Attempt: var attempt } => ReportDecider.Decide(state, attempt, now, policy, jitter),
            AccountCommand.Register register => Register(state, register, now),
            AccountCommand.Retire => When(layers.Retired is null, new AccountEvent.Retired(now)),
            AccountCommand.Suspend { By: var by } => When(layers.Suspended is null, new AccountEvent.Suspended(now, by)),
            AccountCommand.Resume { By: var by } => When(layers.Suspended is not null, new AccountEvent.Resumed(now, by)),
            AccountCommand.Clear { Model: var model, By: var by } => When(HasToClear(state, layers, model), new AccountEvent.Cleared(now, model, by)),
            AccountCommand.StartRefresh => When(
                state is { IsRefreshable: true, Credential: CredentialState.Valid }, new AccountEvent.RefreshStarted(now)),
            AccountCommand.ResumeRefresh => When(
                state is { IsRefreshable: true, Credential: CredentialState.Refreshing { Since: var since } } && since < now,
                new AccountEvent.RefreshStarted(now)),
            AccountCommand.RefreshSucceeded { Until: var until, Fingerprint: var fingerprint } => When(
                state.Fingerprint != fingerprint || state.Credential != new CredentialState.Valid(until),
                new AccountEvent.CredentialRefreshed(now, until, fingerprint)),
            AccountCommand.RefreshFailed { IsTerminal: true, Reason: var reason } => When(
                state.Credential is not CredentialState.Invalid, new AccountEvent.CredentialInvalidated(now) { Reason = reason }),
            AccountCommand.RefreshFailed { Reason: var reason } => When(
                state.Credential is CredentialState.Refreshing, new AccountEvent.RefreshFailed(now) { Reason = reason }),
            AccountCommand.AdjustLimits { Limits: var limits } => When(state.Limits != limits, new AccountEvent.LimitsChanged(now, limits)),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "This command has no rule."),
        };
    }

    /// <summary>The state after an event. Pure, and total: it takes every event in every state.</summary>
    /// <param name="state">The account before.</param>
    /// <param name="happened">What happened.</param>
    public static AccountState Apply(AccountState state, AccountEvent happened)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(happened);
        var layers = StandingLayers.Of(state);
        return happened switch
        {
            AccountEvent.Registered registered => Apply(state, layers, registered),
            AccountEvent.Retired { At: var at } => (layers with { Retired = new Standing.Retired(at) }).PutInto(state),
            AccountEvent.Suspended { At: var at, By: var by } => (layers with { Suspended = new Standing.Suspended(at, by) }).PutInto(state),
            AccountEvent.Resumed => (layers with { Suspended = null }).PutInto(state),
            AccountEvent.Cooled e => Limited(
                state, layers, e.Model, new Standing.Cooling(e.Since, e.Until, e.Cause, e.Hint), e.Failures),
            AccountEvent.Exhausted e => Limited(state, layers, e.Model, new Standing.Exhausted(e.Since, e.ResetAt, e.ProbeAt), e.Failures),
            AccountEvent.Stumbled { At: var at, Model: var model, Failures: var failures } => model is null
                ? state with { Failures = failures, StumbledAt = at }
                : Bounded(state, model, new ModelState(Standing.Available.Instance, failures, at)),
            AccountEvent.Recovered { Model: var model } => Limited(state, layers, model, Standing.Available.Instance, 0),
            AccountEvent.Reset { Model: var model } => Limited(state, layers, model, Standing.Available.Instance, 0),
            AccountEvent.CredentialStruck e => Apply(state, layers, e),
            AccountEvent.AuthenticationFailed { At: var at } e =>
                (layers with { Refusal = new Standing.AuthenticationFailed(at, e.ProbeAt, e.Reason ?? "") })
                .PutInto(state with { Strikes = e.Strikes, StruckAt = at }),
            AccountEvent.CredentialAccepted => Trusted(state, layers),
            AccountEvent.RefreshStarted { At: var at } =>
                state with { Credential = new CredentialState.Refreshing(at, ExpiryOf(state.Credential)) },
            AccountEvent.CredentialRefreshed e => Apply(state, layers, e),
            AccountEvent.RefreshFailed => state.Credential is CredentialState.Refreshing refreshing
                ? state with { Credential = new CredentialState.Valid(refreshing.Until) }
                : state,
            AccountEvent.CredentialInvalidated { At: var at, Reason: var reason } =>
                (layers with { Refusal = new Standing.AuthenticationFailed(at, DateTimeOffset.MaxValue, reason ?? "") })
                .PutInto(state with { Credential = new CredentialState.Invalid(at, reason ?? "") }),
            AccountEvent.Cleared { Model: { } model } => state with { Models = state.Models.Remove(model) },
            AccountEvent.Cleared => Cleared(state, layers),
            AccountEvent.LimitsChanged { Limits: var limits } => state with { Limits = limits },
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "This event has no rule."),
        };
    }

    private static ImmutableArray<AccountEvent> When(bool changes, AccountEvent happened) => changes ? [happened] : [];

    private static ImmutableArray<AccountEvent> Register(AccountState state, AccountCommand.Register register, DateTimeOffset now)
    {
        var isNew = StandingLayers.Of(state).Retired is not null
            || state.Fingerprint != register.Fingerprint
            || state.IsRefreshable != register.IsRefreshable;
        return isNew
            ? [new AccountEvent.Registered(now, register.Limits, register.Fingerprint, register.IsRefreshable, register.Until)]
            : When(state.Limits != register.Limits, new AccountEvent.LimitsChanged(now, register.Limits));
    }

    private static bool HasToClear(AccountState state, StandingLayers layers, string? model) => model is not null
        ? state.Models.ContainsKey(model)
        : layers.Limit is not Standing.Available
            || layers.Refusal is not null
            || state.Strikes > 0
            || state.Failures > 0
            || !state.Models.IsEmpty
            || state.Credential is CredentialState.Invalid;

    private static AccountState Apply(AccountState state, StandingLayers layers, AccountEvent.Registered registered)
    {
        layers = layers with { Retired = null };
        var known = state with { Limits = registered.Limits, IsRefreshable = registered.IsRefreshable };
        return registered.Fingerprint == state.Fingerprint
            ? layers.PutInto(known)
            : Trusted(
                known with
                {
                    Fingerprint = registered.Fingerprint,
                    Credential = new CredentialState.Valid(registered.Until),
                    CredentialSince = registered.At,
                },
                layers);
    }

    private static AccountState Apply(AccountState state, StandingLayers layers, AccountEvent.CredentialStruck struck)
    {
        // The rest after a strike begins anew, but must not shorten a refusal that lasts longer.
        var older = layers.Refusal?.UsableAt ?? struck.Until;
        var rest = new Standing.Cooling(struck.At, older > struck.Until ? older : struck.Until, CoolingCause.Credential, null);
        var refusal = layers.Refusal is Standing.AuthenticationFailed failed && older > struck.Until ? failed : (Standing)rest;
        return (layers with { Refusal = refusal })
            .PutInto(state with { Strikes = struck.Strikes, StruckAt = struck.At, Failures = struck.Failures });
    }

    private static AccountState Apply(AccountState state, StandingLayers layers, AccountEvent.CredentialRefreshed refreshed)
    {
        var next = state with
        {
            Credential = new CredentialState.Valid(refreshed.Until),
            CredentialSince = refreshed.At,
            Fingerprint = refreshed.Fingerprint,
        };
        return state.Credential is CredentialState.Invalid
            ? Trusted(next, layers)
            : layers.Refusal switch
            {
                // The provider has closed the account; a new token of it is as good as the old one.
                Standing.AuthenticationFailed when state.Strikes < 2 => next,
                null => next,

                // The strike stays until a call succeeds: the next refusal is the second.
                _ => (layers with { Refusal = null }).PutInto(next with { Strikes = Math.Min(state.Strikes, 1), Failures = 0, StumbledAt = null }),
            };
    }

    private static DateTimeOffset? ExpiryOf(CredentialState credential) => credential switch
    {
        CredentialState.Valid valid => valid.Until,
        CredentialState.Refreshing refreshing => refreshing.Until,
        _ => null,
    };

    private static AccountState Trusted(AccountState state, StandingLayers layers) =>
        (layers with { Refusal = null }).PutInto(state with { Strikes = 0, StruckAt = null, Failures = 0, StumbledAt = null });

    private static AccountState Cleared(AccountState state, StandingLayers layers) => Trusted(
        state with
        {
            Models = state.Models.Clear(),
            Credential = state.Credential is CredentialState.Invalid ? new CredentialState.Valid(null) : state.Credential,
        },
        layers with { Limit = Standing.Available.Instance });

    private static AccountState Limited(AccountState state, StandingLayers layers, string? model, Standing limit, int failures)
    {
        if (model is null)
        {
            return (layers with { Limit = limit }).PutInto(state with { Failures = failures, StumbledAt = null });
        }

        return limit is Standing.Available
            ? state with { Models = state.Models.Remove(model) }
            : Bounded(state, model, new ModelState(limit, failures));
    }

    private static AccountState Bounded(AccountState state, string model, ModelState next)
    {
        var models = state.Models.SetItem(model, next);
        if (models.Count > MostModels)
        {
            var first = models
                .Where(each => !string.Equals(each.Key, model, StringComparison.Ordinal))
                .MinBy(each => (each.Value.Standing.UsableAt, each.Key), ForgottenFirst);
            models = models.Remove(first.Key);
        }

        return state with { Models = models };
    }

    private static readonly Comparer<(DateTimeOffset UsableAt, string Model)> ForgottenFirst = Comparer<(DateTimeOffset UsableAt, string Model)>.Create(
        static (a, b) => a.UsableAt != b.UsableAt ? a.UsableAt.CompareTo(b.UsableAt) : string.CompareOrdinal(a.Model, b.Model));
}
