using System.Collections.Immutable;
using Engine.Actors.Retries;

namespace Engine.Actors.Accounts;

/// <summary>
/// What the end of a call does to its account. A call is <i>fresh</i> towards a standing when it was leased after that standing
/// began and as its probe, or when its time had come; every other call is late: it frees nothing and escalates nothing, and
/// only prolongs when the provider names a later instant than was known. A provider's fault that names no instant is a stumble
/// the first time: were it to bar, one agent's poisonous request would stop all others.
/// </summary>
internal static class ReportDecider
{
    public static ImmutableArray<AccountEvent> Decide(
        AccountState state, AttemptReport report, DateTimeOffset now, CoolingPolicy policy, double jitter)
    {
        var verdict = report.Verdict;
        if (verdict.Culprit == Culprit.Client)
        {
            return [];
        }

        var round = new Round(report, now, policy, jitter);
        return verdict.Measure switch
        {
            Measure.Free => Succeeded(state, round),
            Measure.Cool => Held(state, round, verdict.Scope, new Hold(verdict.Cause ?? CoolingCause.ProviderFault, verdict.Until, 1)),
            Measure.Exhaust => Held(state, round, verdict.Scope, new Hold(null, verdict.Until, 1)),
            Measure.Strike => Struck(state, round),
            Measure.Refuse => Refused(state, round),
            _ => [],
        };
    }

    private static ImmutableArray<AccountEvent> Succeeded(AccountState state, Round round)
    {
        var freed = ImmutableArray.CreateBuilder<AccountEvent>();
        var layers = StandingLayers.Of(state);
        if (layers.Refusal is { } refusal
            ? round.IsFresh(refusal, isAccount: true)
            : state.Strikes > 0 && round.Report.LeasedAt >= state.CredentialSince && !(round.Report.LeasedAt <= state.StruckAt))
        {
            freed.Add(round.Sign(new AccountEvent.CredentialAccepted(round.Now)));
        }

        if (Freeing(layers.Limit, state.StumbledAt, null, round) is { } account)
        {
            freed.Add(account);
        }

        if (state.Models.TryGetValue(round.Report.Model, out var model) && Freeing(model.Standing, model.StumbledAt, round.Report.Model, round) is { } own)
        {
            freed.Add(own);
        }

        var windows = round.Report.Signals.Windows;
        if (windows.IsDefaultOrEmpty)
        {
            return freed.ToImmutable();
        }

        var next = freed.Aggregate(state, AccountDecider.Apply);
        foreach (var (scope, hold) in Spent(windows, round.Now))
        {
            foreach (var held in Held(next, round, scope, hold))
            {
                var happened = held with { Reason = "nothing_left" };
                freed.Add(happened);
                next = AccountDecider.Apply(next, happened);
            }
        }

        return freed.ToImmutable();
    }

    private static AccountEvent? Freeing(Standing standing, DateTimeOffset? stumbledAt, string? model, Round round) => standing switch
    {
        Standing.Available when round.Report.LeasedAt > stumbledAt => round.Sign(new AccountEvent.Recovered(round.Now, model)),
        Standing.Cooling when round.IsFresh(standing, model is null) => round.Sign(new AccountEvent.Recovered(round.Now, model)),
        Standing.Exhausted when round.IsFresh(standing, model is null) => round.Sign(new AccountEvent.Reset(round.Now, model)),
        _ => null,
    };

    // The counters of a success: short windows cool the model, a subscription's windows exhaust the account or the model's family.
    private static IEnumerable<(Scope Scope, Hold Hold)> Spent(ImmutableArray<WindowCounter> windows, DateTimeOffset now)
    {
        foreach (var group in windows
            .Where(window => window.Remaining == 0 && window.ResetAt > now)
            .GroupBy(window => window.Kind switch
            {
                WindowKind.Session or WindowKind.Week => (Scope.Account, IsShort: false),
                WindowKind.ModelWeek => (Scope.Model, IsShort: false),
                _ => (Scope.Model, IsShort: true),
            }))
        {
            yield return (group.Key.Item1, new Hold(group.Key.IsShort ? CoolingCause.NothingLeft : null, group.Max(window => window.UsableAt), 0));
        }
    }

    private static ImmutableArray<AccountEvent> Held(AccountState state, Round round, Scope scope, Hold hold)
    {
        var (model, current, failures, stumbledAt) = scope == Scope.Account
            ? (null, StandingLayers.Of(state).Limit, state.Failures, state.StumbledAt)
            : state.Models.TryGetValue(round.Report.Model, out var own)
                ? (round.Report.Model, own.Standing, own.Failures, own.StumbledAt)
                : (round.Report.Model, Standing.Available.Instance, 0, null);
        var isSameStumble = round.Report.LeasedAt <= stumbledAt;
        if (current is Standing.Available && hold is { Cause: CoolingCause.ProviderFault, Hint: null } && (stumbledAt is null || isSameStumble))
        {
            return isSameStumble ? [] : [round.Sign(new AccountEvent.Stumbled(round.Now, model, failures + 1))];
        }

        if (current is Standing.Available || round.IsFresh(current, model is null))
        {
            failures += isSameStumble ? 0 : hold.Failures;
            return [round.Sign(Begun(hold, model, current.UsableAt, failures, round))];
        }

        var later = hold.Hint is { } hint && hint > Known(current) ? hint : (DateTimeOffset?)null;
        return (current, hold.Cause) switch
        {
            (Standing.Cooling, null) => [round.Sign(Begun(hold, model, current.UsableAt, failures, round))],
            (Standing.Cooling cooling, _) when later is { } until => [round.Sign(new AccountEvent.Cooled(
                round.Now, model, cooling.Since, Later(cooling.Until, round.Until(until)), cooling.Cause, until, failures))],
            (Standing.Exhausted exhausted, _) when later is { } reset => [round.Sign(new AccountEvent.Exhausted(
                round.Now, model, exhausted.Since, reset, Later(exhausted.ProbeAt, round.Until(reset)), failures))],
            _ => [],
        };
    }

    private static AccountEvent Begun(Hold hold, string? model, DateTimeOffset notBefore, int failures, Round round)
    {
        if (hold.Cause is not { } cause)
        {
            var probeAt = hold.Hint is { } reset ? round.Until(reset) : round.Now + round.Policy.LongestHold;
            return new AccountEvent.Exhausted(round.Now, model, round.Now, hold.Hint, Later(notBefore, probeAt), failures);
        }

        var until = hold.Hint is { } hint ? round.Until(hint) : round.Policy.BackoffUntil(round.Now, Math.Max(failures, 1), cause);
        return new AccountEvent.Cooled(round.Now, model, round.Now, Later(notBefore, until), cause, hold.Hint, failures);
    }

    private static ImmutableArray<AccountEvent> Struck(AccountState state, Round round)
    {
        var refusal = StandingLayers.Of(state).Refusal;
        if (IsOldRefusal(state, round) || round.Report.LeasedAt <= state.StruckAt || (refusal is not null && !round.IsFresh(refusal, isAccount: true)))
        {
            return [];
        }

        var isSameCredential = state.StruckAt >= state.CredentialSince;
        var canRefresh = state is { IsRefreshable: true, Credential: CredentialState.Valid };
        var isRefreshing = state.Credential is CredentialState.Refreshing;
        if (refusal is not Standing.AuthenticationFailed && (state.Strikes == 0 || isRefreshing || (canRefresh && isSameCredential)))
        {
            // A refused credential whose refresh is under way, or failed for a passing reason, earns no second strike for that.
            var failures = state.Strikes == 0 ? 1 : state.Failures + 1;
            var struck = round.Sign(new AccountEvent.CredentialStruck(round.Now, round.Policy.StrikeUntil(round.Now, failures), 1, failures));
            return canRefresh ? [struck, round.Sign(new AccountEvent.RefreshStarted(round.Now))] : [struck];
        }

        return [round.Sign(new AccountEvent.AuthenticationFailed(round.Now, round.Now + round.Policy.LongestHold, 2))];
    }

    private static ImmutableArray<AccountEvent> Refused(AccountState state, Round round) =>
        IsOldRefusal(state, round)
        || (StandingLayers.Of(state).Refusal is Standing.AuthenticationFailed failed && !round.IsFresh(failed, isAccount: true))
            ? []
            : [round.Sign(new AccountEvent.AuthenticationFailed(round.Now, round.Now + round.Policy.LongestHold, state.Strikes))];

    private static bool IsOldRefusal(AccountState state, Round round) =>
        state.Credential is CredentialState.Invalid || round.Report.LeasedAt < state.CredentialSince;

    // The latest instant that anybody has named for a standing. Capped deadlines move with the present, hints do not.
    private static DateTimeOffset Known(Standing standing) => standing switch
    {
        Standing.Cooling { Hint: { } hint } => hint,
        Standing.Exhausted { ResetAt: { } reset } => reset,
        _ => standing.UsableAt,
    };

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>What is to be imposed.</summary>
    /// <param name="Cause">Why it cools; null when a quota is used up.</param>
    /// <param name="Hint">The instant the provider named.</param>
    /// <param name="Failures">1 when it counts as a failure; 0 when a success told it.</param>
    private readonly record struct Hold(CoolingCause? Cause, DateTimeOffset? Hint, int Failures);

    private readonly record struct Round(AttemptReport Report, DateTimeOffset Now, CoolingPolicy Policy, double Jitter)
    {
        public bool IsFresh(Standing standing, bool isAccount)
        {
            var since = standing switch
            {
                Standing.Cooling cooling => cooling.Since,
                Standing.Exhausted exhausted => exhausted.Since,
                Standing.AuthenticationFailed failed => failed.Since,
                _ => DateTimeOffset.MaxValue,
            };
            return Report.LeasedAt > since
                && ((isAccount ? Report.IsAccountProbe : Report.IsModelProbe) || Report.LeasedAt >= standing.UsableAt);
        }

        public DateTimeOffset Until(DateTimeOffset hint) => Policy.HintedUntil(Now, hint, Jitter);

        public AccountEvent Sign(AccountEvent happened) => happened with { RequestId = Report.RequestId, Reason = Report.Verdict.Reason };
    }
}
