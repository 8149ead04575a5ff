using System.Collections.Immutable;
using Engine.Actors.Accounts;
using Engine.Actors.Retries;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Actors.Tests.Accounts;

/// <summary>Random histories in virtual time, and what must hold in every one of them.</summary>
public sealed class AccountHistoryTests
{
    private static readonly string[] Models = ["sonnet", "haiku", "opus"];

    private static readonly CoolingPolicy Policy = CoolingPolicy.Default;

    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(120);

    [Fact]
    public void The_decider_agrees_with_the_naive_reference() => ForEachHistory(steps =>
    {
        var reference = new ReferenceAccount(Policy);
        var state = AccountState.New(new AccountId("u", "a"));
        foreach (var step in Walk(steps, () => state))
        {
            state = Decide(state, step).Aggregate(state, AccountDecider.Apply);
            reference.Do(step.Command, step.Now, step.Jitter);
            foreach (var model in Models)
            {
                // The reference counts in seconds as double.
                var difference = (reference.UsableAt(model) - state.StandingOf(model).UsableAt).Duration();
                Assert.True(difference < TimeSpan.FromMicroseconds(10), $"{model} after {step.Command}: {state.StandingOf(model)}, reference {reference.UsableAt(model):O}");
            }
        }
    });

    [Fact]
    public void The_same_input_twice_changes_nothing_the_second_time() => ForEachHistory(steps =>
    {
        var state = AccountState.New(new AccountId("u", "a"));
        foreach (var step in Walk(steps, () => state))
        {
            state = Decide(state, step).Aggregate(state, AccountDecider.Apply);

            // A call cannot end before it is leased; only then the report of it is the older one.
            Assert.Empty(Decide(state, step));
        }
    });

    [Fact]
    public void Any_snapshot_and_the_events_after_it_give_the_same_state() => ForEachHistory(steps =>
    {
        var first = AccountState.New(new AccountId("u", "a"));
        var state = first;
        var history = new List<(AccountEvent Event, AccountState After)>();
        foreach (var step in Walk(steps, () => state))
        {
            foreach (var happened in Decide(state, step))
            {
                state = AccountDecider.Apply(state, Stored(happened));
                history.Add((Stored(happened), state));
            }
        }

        States.AssertEqual(state, history.Select(each => each.Event).Aggregate(first, AccountDecider.Apply));
        for (var cut = 0; cut < history.Count; cut++)
        {
            var (manifest, payload) = AccountEventFormat.WriteState(history[cut].After);
            var restored = AccountEventFormat.ReadState(manifest, payload);
            States.AssertEqual(state, history.Skip(cut + 1).Select(each => each.Event).Aggregate(restored, AccountDecider.Apply));
        }
    });

    [Fact]
    public void Every_hold_is_bounded_and_none_is_called_before_its_time() => ForEachHistory(steps =>
    {
        var state = AccountState.New(new AccountId("u", "a"));
        foreach (var step in Walk(steps, () => state))
        {
            var before = state;
            var events = Decide(state, step);
            state = events.Aggregate(state, AccountDecider.Apply);
            foreach (var model in Models)
            {
                var (was, standing) = (before.StandingOf(model), state.StandingOf(model));
                Assert.True(
                    standing.UsableAt <= step.Now + Policy.LongestHold || standing.UsableAt == DateTimeOffset.MaxValue, $"{standing} at {step.Now:O}");
                Assert.True(
                    standing.UsableAt != DateTimeOffset.MaxValue
                    || standing is Standing.Suspended or Standing.Retired
                    || state.Credential is CredentialState.Invalid);

                // Only something that frees may bring an instant forward.
                Assert.True(standing.UsableAt >= was.UsableAt || events.Any(Frees), $"{was} became {standing} by {step.Command}");
            }

            if (step.Command is AccountCommand.Report { Attempt.Verdict.Culprit: Culprit.Client })
            {
                Assert.Empty(events);
            }

            if (step.Command is AccountCommand.Report { Attempt: { Verdict: { Measure: Measure.Cool or Measure.Exhaust, Culprit: not Culprit.Client } verdict } attempt }
                && verdict is not { Cause: CoolingCause.ProviderFault, Until: null })
            {
                var named = verdict.Until ?? step.Now;
                var capped = step.Now + Policy.LongestHold;
                Assert.True(
                    state.StandingOf(attempt.Model).UsableAt >= (named < capped ? named : capped) || IsLate(before, attempt, verdict.Scope), $"{verdict} left {state.StandingOf(attempt.Model)}");
            }
        }
    });

    [Fact]
    public void A_lone_fault_of_the_provider_bars_nobody() => ForEachHistory(steps =>
    {
        var state = AccountState.New(new AccountId("u", "a"));
        foreach (var step in Walk(steps, () => state))
        {
            var before = state;
            var events = Decide(state, step);
            state = events.Aggregate(state, AccountDecider.Apply);
            if (step.Command is not AccountCommand.Report { Attempt: { Verdict: { Measure: Measure.Cool, Cause: CoolingCause.ProviderFault, Until: null, Culprit: not Culprit.Client } verdict } attempt })
            {
                continue;
            }

            var isAccount = verdict.Scope == Scope.Account;
            var model = before.Models.GetValueOrDefault(attempt.Model);
            var isAvailable = isAccount ? StandingLayers.Of(before).Limit is Standing.Available : model is null or { Standing: Standing.Available };
            var stumbledAt = isAccount ? before.StumbledAt : model?.StumbledAt;
            Assert.True(!isAvailable || stumbledAt < attempt.LeasedAt || Models.All(each => before.StandingOf(each) == state.StandingOf(each)));
            Assert.True(!isAvailable || !(stumbledAt < attempt.LeasedAt) || Assert.Single(events) is AccountEvent.Cooled { Failures: >= 2 });
            Assert.True(events.IsEmpty || state.HasFailuresOf(attempt.Model));
        }
    });

    // What a late report names counts against the latest instant that is known, which may be capped.
    private static bool IsLate(AccountState before, AttemptReport attempt, Scope scope)
    {
        var standing = scope == Scope.Account ? StandingLayers.Of(before).Limit : before.Models.GetValueOrDefault(attempt.Model)?.Standing;
        return standing switch
        {
            Standing.Cooling cooling => attempt.LeasedAt <= cooling.Since || attempt.LeasedAt < cooling.Until,
            Standing.Exhausted exhausted => attempt.LeasedAt <= exhausted.Since || attempt.LeasedAt < exhausted.ProbeAt,
            _ => false,
        };
    }

    private static bool Frees(AccountEvent happened) => happened is AccountEvent.Recovered or AccountEvent.Reset or AccountEvent.Cleared
        or AccountEvent.CredentialAccepted or AccountEvent.CredentialRefreshed or AccountEvent.Registered or AccountEvent.Resumed;

    private static AccountEvent Stored(AccountEvent happened)
    {
        var (manifest, payload) = AccountEventFormat.Write(happened);
        return AccountEventFormat.Read(manifest, payload);
    }

    private static ImmutableArray<AccountEvent> Decide(AccountState state, Step step) =>
        AccountDecider.Decide(state, step.Command, step.Now, Policy, step.Jitter);

    private static void ForEachHistory(Action<uint[]> law) => Check.One(
        Often, Prop.ForAll(Gen.Choose(0, int.MaxValue).Select(number => (uint)number).ArrayOf().ToArbitrary(), law));

    // Each number is the seed of one step, so that FsCheck shrinks a history by leaving steps out.
    private static IEnumerable<Step> Walk(uint[] seeds, Func<AccountState> state)
    {
        var now = AccountStory.Start;
        foreach (var seed in seeds.Prepend(0u))
        {
            var random = new Random((int)seed);
            now += random.Next(4) switch
            {
                0 => TimeSpan.FromMilliseconds(random.Next(1, 900)),
                1 => TimeSpan.FromSeconds(random.Next(1, 5)),
                2 => TimeSpan.FromSeconds(random.Next(1, 90)),
                _ => TimeSpan.FromMinutes(random.Next(0, 45)),
            };
            yield return new Step(seed == 0 ? new AccountCommand.Register(AccountLimits.None, "fp-0", true) : Command(random, now, state()), now, random.NextDouble());
        }
    }

    private static AccountCommand Command(Random random, DateTimeOffset now, AccountState state) => random.Next(25) switch
    {
        0 => new AccountCommand.Register(AccountLimits.None, $"fp-{random.Next(3)}", random.Next(3) > 0),
        1 => new AccountCommand.Retire(),
        2 => new AccountCommand.Suspend("ann"),
        3 => new AccountCommand.Resume("ann"),
        4 => new AccountCommand.Clear(random.Next(2) == 0 ? null : Models[random.Next(3)], "ann"),
        5 => new AccountCommand.StartRefresh(),
        6 => new AccountCommand.RefreshSucceeded(null, $"fp-{random.Next(3)}"),
        7 => new AccountCommand.RefreshFailed(random.Next(5) == 0, "reason"),
        8 => new AccountCommand.ResumeRefresh(),
        _ => Report(random, now, state),
    };

    private static AccountCommand.Report Report(Random random, DateTimeOffset now, AccountState state)
    {
        var model = Models[random.Next(3)];
        var leased = now - TimeSpan.FromMilliseconds(random.Next(1, random.Next(2) == 0 ? 300 : 100_000));
        return new AccountCommand.Report(new AttemptReport
        {
            RequestId = "r",
            Model = model,
            LeasedAt = leased,

            // A rest may have been prolonged since the probe went out.
            IsAccountProbe = random.Next(3) == 0,
            IsModelProbe = random.Next(3) == 0,
            Verdict = AVerdict(random, now),
        });
    }

    private static Verdict AVerdict(Random random, DateTimeOffset now)
    {
        DateTimeOffset? until = random.Next(2) == 0 ? null : now + TimeSpan.FromSeconds(random.Next(1, random.Next(3) == 0 ? 900_000 : 120));
        var scope = (Scope)random.Next(2);
        return random.Next(9) switch
        {
            0 or 1 or 2 => Verdicts.Success,
            3 => Verdicts.Strike,
            4 when random.Next(3) == 0 => Verdicts.Refuse,
            5 => Verdicts.Quota() with { Scope = scope, Until = until },
            6 => Verdicts.Fault(random.Next(4) == 0 ? CoolingCause.Overload : CoolingCause.ProviderFault) with
            {
                Scope = scope,
                Until = random.Next(4) == 0 ? until : null,
            },
            7 => new Verdict(Culprit.Client, (Measure)random.Next(6), scope, CoolingCause.RateLimit, RetryAdvice.GiveUp, until, "invalid"),
            _ => Verdicts.Limit() with { Scope = scope, Until = until },
        };
    }

    private readonly record struct Step(AccountCommand Command, DateTimeOffset Now, double Jitter);
}
