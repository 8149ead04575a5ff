using Engine.Actors.Accounts;
using Engine.Actors.Retries;
using Engine.Actors.Rotation;
using Engine.Host.Exchange;
using Engine.Host.Routing;
using Engine.Wire.Completion;

namespace Engine.Host.Accounts;

/// <summary>The thin way from requests to the accounts' actors: outcomes in, verdicts out. Outlives reloads of the config.</summary>
internal sealed class AccountFeed
{
    private static readonly Verdict Success =
        OutcomeClassifier.Classify(new UpstreamOutcome { Dialect = "", Kind = FailureKind.None }, DateTimeOffset.UnixEpoch);

    private readonly TimeProvider _time;

    public AccountFeed(AccountRegistry accounts, WaitingRoom room, TimeProvider time)
    {
        Registry = accounts;
        _time = time;
        Room = room;
        accounts.Published += room.Signal;
    }

    /// <summary>The accounts' actors.</summary>
    public AccountRegistry Registry { get; }

    /// <summary>Where requests wait while no account may be called.</summary>
    public WaitingRoom Room { get; }

    /// <summary>How many retries the whole engine may make.</summary>
    public RetryBudget Retries { get; } = new();

    /// <summary>The last requests' decisions.</summary>
    public DecisionLog Decisions { get; } = new(2048);

    /// <summary>How long to wait before another attempt.</summary>
    /// <param name="failures">Failures of this request so far; 1 or more.</param>
    public TimeSpan Backoff(int failures) => Engine.Actors.Retries.Backoff.Before(failures - 1, Random.Shared.NextDouble());

    /// <summary>
    /// An attempt failed. What that means comes back at once; until it is in the journal the account is held back, and the client
    /// hears nothing.
    /// </summary>
    public Verdict Failed(LeasedAccount lease, string requestId, UpstreamError error, in AnswerSigns signs, JournalBarrier barrier)
    {
        var verdict = OutcomeClassifier.Classify(OutcomeReader.Failure(lease, error, signs), _time.GetUtcNow());
        if (verdict.Measure != Measure.None && !lease.Target.Upstream.IsRecording)
        {
            barrier.Add(ReportAsync(lease, requestId, verdict, signs.Limits, lease.Lease.Lane.BeginReview(verdict.Scope == Scope.Account)));
        }

        return verdict;
    }

    /// <summary>An attempt has content: a success, which is worth telling only where it changes something.</summary>
    public void Answered(LeasedAccount lease, string requestId, in AnswerSigns signs, JournalBarrier barrier)
    {
        lease.Account.Slot.Headroom.Observe(signs.Limits);
        if (!lease.WasAnswered)
        {
            lease.WasAnswered = true;
            lease.Lease.Answered(signs.Limits.RequestsLeft, _time.GetUtcNow().UtcTicks);
            Room.Signal();
        }

        if ((lease.Lease.Lane.ReportsSuccess || signs.Limits.SaysNothingLeft) && !lease.Target.Upstream.IsRecording)
        {
            barrier.Add(ReportAsync(lease, requestId, Success, signs.Limits, review: null));
        }
    }

    /// <summary>A pool stays on another account from now on.</summary>
    public ValueTask RotatedAsync(string pool, RotationMove move) => Registry.RotatedAsync(pool, move.From.Id, move.To.Id, move.Why);

    /// <summary>A request went from one account to another.</summary>
    public ValueTask RetriedAsync(string pool, string requestId, AccountId from, AccountId to, string why) =>
        Registry.RetriedAsync(pool, requestId, from, to, why);

    private async ValueTask ReportAsync(LeasedAccount lease, string requestId, Verdict verdict, RateLimitSignals signals, Review? review)
    {
        try
        {
            await Registry.ReportAsync(lease.Id, new AttemptReport
            {
                RequestId = requestId,
                Model = lease.Lease.Lane.Model,
                LeasedAt = new DateTimeOffset(lease.Lease.LeasedAt, TimeSpan.Zero),
                IsAccountProbe = lease.Lease.ProbesAccount,
                IsModelProbe = lease.Lease.ProbesModel,
                Verdict = verdict,
                Signals = signals,
            });
        }
        finally
        {
            review?.End();
            Room.Signal();
        }
    }
}
