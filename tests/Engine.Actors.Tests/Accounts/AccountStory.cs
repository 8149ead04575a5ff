using System.Collections.Immutable;
using Engine.Actors.Accounts;
using Engine.Actors.Retries;

namespace Engine.Actors.Tests.Accounts;

/// <summary>Drives one account through virtual time, in seconds from a fixed start.</summary>
internal sealed class AccountStory
{
    public const string Sonnet = "sonnet";

    public static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public AccountState State { get; private set; } = AccountState.New(new AccountId("up", "a"));

    public CoolingPolicy Policy { get; init; } = CoolingPolicy.Default;

    public double Jitter { get; init; }

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    public static AccountStory Registered(bool isRefreshable = false)
    {
        var story = new AccountStory();
        story.Do(-100, new AccountCommand.Register(AccountLimits.None, "fp-1", isRefreshable));
        return story;
    }

    public ImmutableArray<AccountEvent> Do(double at, AccountCommand command)
    {
        var events = AccountDecider.Decide(State, command, At(at), Policy, Jitter);
        State = events.Aggregate(State, AccountDecider.Apply);
        return events;
    }

    /// <summary>Reports a call; the same report a second time must change nothing.</summary>
    public ImmutableArray<AccountEvent> Report(
        double at, double leased, Verdict verdict, string model = Sonnet, bool isProbe = false, RateLimitSignals signals = default)
    {
        var command = new AccountCommand.Report(new AttemptReport
        {
            RequestId = "req-1",
            Model = model,
            LeasedAt = At(leased),
            IsAccountProbe = isProbe,
            IsModelProbe = isProbe,
            Verdict = verdict,
            Signals = signals,
        });
        var events = Do(at, command);
        Assert.Empty(AccountDecider.Decide(State, command, At(at), Policy, Jitter));
        Assert.Empty(AccountDecider.Decide(State, command, At(at + 0.5), Policy, 0.9));
        return events;
    }

    public double UsableAt(string model = Sonnet) => (State.StandingOf(model).UsableAt - Start).TotalSeconds;
}

/// <summary>Verdicts for stories; instants in seconds from the start.</summary>
internal static class Verdicts
{
    public static readonly Verdict Success = new(Culprit.Nobody, Measure.Free, Scope.Model, null, RetryAdvice.GiveUp, null, "success");

    public static readonly Verdict Strike = new(Culprit.Account, Measure.Strike, Scope.Account, null, RetryAdvice.Elsewhere, null, "credential");

    public static readonly Verdict Refuse =
        new(Culprit.Account, Measure.Refuse, Scope.Account, null, RetryAdvice.Elsewhere, null, "account_disabled");

    public static Verdict Limit(double? until = null, Scope scope = Scope.Model) =>
        new(Culprit.Account, Measure.Cool, scope, CoolingCause.RateLimit, RetryAdvice.Elsewhere, Instant(until), "rate_limit");

    public static Verdict Fault(CoolingCause cause = CoolingCause.ProviderFault) =>
        new(Culprit.Provider, Measure.Cool, Scope.Model, cause, RetryAdvice.Elsewhere, null, "provider_fault");

    public static Verdict Quota(double? until = null, Scope scope = Scope.Account) =>
        new(Culprit.Account, Measure.Exhaust, scope, null, RetryAdvice.Elsewhere, Instant(until), "quota");

    private static DateTimeOffset? Instant(double? seconds) => seconds is { } at ? AccountStory.At(at) : null;
}
