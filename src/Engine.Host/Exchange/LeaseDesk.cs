using Engine.Actors.Retries;
using Engine.Actors.Rotation;
using Engine.Host.Accounts;
using Engine.Host.Routing;
using Engine.Wire.Completion;

namespace Engine.Host.Exchange;

/// <summary>
/// One request's way to accounts: leases one, waits for one as long as waiting can help, remembers who refused, and says when to
/// give up.
/// </summary>
internal sealed class LeaseDesk
{
    // Beyond this something is wrong with all accounts at once, and the client should hear of it.
    private const int MostAttempts = 24;

    // As long as nothing is sent, a wait in vain can still end in an honest 429; clients give up after about 30 s without a head.
    private static readonly TimeSpan SilentWait = TimeSpan.FromSeconds(25);

    private readonly ModelPool _pool;
    private readonly AccountFeed _feed;
    private readonly ExchangeLimits _limits;
    private readonly TimeProvider _time;
    private readonly JournalBarrier _barrier;
    private readonly LeaseRequest _request;
    private readonly Func<string> _client;
    private readonly long _deadline;
    private readonly List<Lane> _tried = [];
    private LeasedAccount? _last;
    private LeaseResult _refusal;
    private Verdict _verdict;
    private int _attempts;
    private int _failures;

    /// <summary>Opens the desk for a request.</summary>
    /// <param name="pool">Who can answer.</param>
    /// <param name="feed">The way to the accounts' actors.</param>
    /// <param name="limits">Retries and waits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="barrier">What must be written before the client sees more.</param>
    /// <param name="request">For what conversation, with how many tokens.</param>
    /// <param name="client">Who asks; called only when the request has to wait.</param>
    /// <param name="patience">How long the client itself waits; null when it does not say.</param>
    public LeaseDesk(
        ModelPool pool,
        AccountFeed feed,
        ExchangeLimits limits,
        TimeProvider time,
        JournalBarrier barrier,
        in LeaseRequest request,
        Func<string> client,
        TimeSpan? patience)
    {
        _client = client;
        _pool = pool;
        _feed = feed;
        _limits = limits;
        _time = time;
        _barrier = barrier;
        var now = time.GetUtcNow();
        _request = request with { Tried = _tried, Since = now.UtcTicks };
        var wait = patience < limits.MaxWait ? patience.Value : limits.MaxWait;
        _deadline = (now + wait).UtcTicks;
        feed.Retries.Earn();
    }

    /// <summary>The next account to call; null when there is none the client could wait for. Then <see cref="Refusal"/> says why.</summary>
    /// <param name="client">The client's stream, which may be kept alive meanwhile; null when it wants a whole answer.</param>
    /// <param name="gone">The client is gone.</param>
    public async ValueTask<LeasedAccount?> NextAsync(ClientStream? client, CancellationToken gone)
    {
        var (stage, result) = TryLease();
        if (result.Answer != LeaseAnswer.Leased && !_barrier.IsOpen)
        {
            // What this request's own failures mean is known in a moment; until then nobody can say for how long.
            await _barrier.WaitAsync();
            (stage, result) = TryLease();
        }

        if (result.Answer == LeaseAnswer.WaitUntil && result.UsableAt < _deadline)
        {
            _request.Trace?.Queued();

            // Whoever refused and rests for it has the rest behind it when its turn comes; whoever failed and does not may not be
            // asked again.
            var now = _time.GetUtcNow().UtcTicks;
            _tried.RemoveAll(lane => lane.Check(now, out _) != PassedOver.No);
            var waiting = _feed.Room.WaitAsync(stage.Pool, stage.Table, _request with { Client = _client() }, _deadline, gone).AsTask();
            result = client is null ? await waiting : await client.KeepAliveAsync(waiting, SilentWait);
        }

        return Take(stage, result);
    }

    /// <summary>The next account to call, without waiting; null when there is none now.</summary>
    public LeasedAccount? TryNext()
    {
        var (stage, result) = TryLease();
        return Take(stage, result);
    }

    /// <summary>Does not call an account, or not again.</summary>
    public void Skip(LeasedAccount lease) => _tried.Add(lease.Lease.Lane);

    /// <summary>Says that an attempt failed, and asks whether another may be made. Waits the backoff where there is one.</summary>
    /// <param name="lease">The attempt's account.</param>
    /// <param name="verdict">What its failure means.</param>
    /// <param name="point">How far the request has gone.</param>
    /// <param name="gone">The client is gone.</param>
    public async ValueTask<bool> MayRetryAsync(LeasedAccount lease, Verdict verdict, CommitPoint point, CancellationToken gone)
    {
        _verdict = verdict;
        _request.Trace?.Ended(verdict.Reason);
        if (!CommitRules.MayTryElsewhere(point, verdict) || _attempts >= MostAttempts)
        {
            return false;
        }

        if (verdict.Retry == RetryAdvice.OtherTarget)
        {
            _tried.AddRange(lease.Stage.LanesOf(lease.Target));
        }
        else
        {
            _tried.Add(lease.Lease.Lane);
        }

        // An account that refuses for reasons of its own is out of the rotation now; only others' failures use up the retries.
        if (verdict.Culprit == Culprit.Account)
        {
            return true;
        }

        if (_failures++ >= _limits.Retries || !_feed.Retries.TrySpend(_time.GetUtcNow()))
        {
            return false;
        }

        await Task.Delay(_feed.Backoff(_failures), _time, gone);
        return true;
    }

    /// <summary>Gives an account back, and its place to whoever waits.</summary>
    /// <param name="lease">The account.</param>
    /// <param name="tokens">What the call used; 0 after a failure, <see cref="Lease.TokensUnknown"/> when nobody said.</param>
    /// <param name="wasSent">False when no upstream saw the call.</param>
    public void Return(LeasedAccount lease, long tokens, bool wasSent)
    {
        lease.Lease.Return(tokens, wasSent, _time.GetUtcNow().UtcTicks, lease.WasAnswered);
        _feed.Room.Signal();
    }

    /// <summary>What the client hears when no account could be leased.</summary>
    /// <param name="failure">The last account's failure; null when none was called.</param>
    public UpstreamError Refusal(UpstreamError? failure) => LeaseRefusal.Of(_pool.Name, _refusal, failure, _verdict, _time.GetUtcNow());

    private LeasedAccount? Take(PoolStage stage, in LeaseResult result)
    {
        _refusal = result;
        if (result.Answer != LeaseAnswer.Leased)
        {
            return null;
        }

        var lease = stage.Of(result);
        _attempts++;
        if (result.Rotation is { } move)
        {
            _barrier.Add(_feed.RotatedAsync(stage.Pool.Name, move));
        }

        if (_last is { } last)
        {
            _barrier.Add(_feed.RetriedAsync(stage.Pool.Name, _request.Trace?.RequestId ?? "", last.Id, lease.Id, _verdict.Reason));
        }

        return _last = lease;
    }

    // The first stage that can serve; else the one that can soonest.
    private (PoolStage Stage, LeaseResult Result) TryLease()
    {
        var best = (Stage: _pool.Stages[0], Result: _pool.Stages[0].Pool.TryLease(_pool.Stages[0].Table, _request));
        for (var i = 1; i < _pool.Stages.Length && best.Result.Answer != LeaseAnswer.Leased; i++)
        {
            var stage = _pool.Stages[i];
            var result = stage.Pool.TryLease(stage.Table, _request);
            var isBetter = result.Answer == LeaseAnswer.Leased
                || (result.Answer == LeaseAnswer.WaitUntil && (best.Result.Answer != LeaseAnswer.WaitUntil || result.UsableAt < best.Result.UsableAt));
            best = isBetter ? (stage, result) : best;
        }

        return best;
    }
}
