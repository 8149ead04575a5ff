using System.Collections.Immutable;
using Engine.Actors.Accounts;

namespace Engine.Actors.Rotation;

/// <summary>
/// Who was considered for one request, and why each was taken or passed over. Owned by the request until
/// <see cref="DecisionLog.Add"/>; reused afterwards, so that writing one allocates nothing.
/// </summary>
public sealed class DecisionTrace
{
    private const int MaxLooks = 96;
    private const int MaxAttempts = 24;

    private readonly Look[] _looks = new Look[MaxLooks];
    private readonly Round[] _rounds = new Round[MaxAttempts];
    private int _lookCount;
    private int _roundCount;
    private int _unrecorded;

    // Rounds beyond the last are not written down; what happens in them is not the last one's.
    private bool _isFull;

    /// <summary>The request's id.</summary>
    public string RequestId { get; private set; } = "";

    /// <summary>The model that was asked for.</summary>
    public string Model { get; private set; } = "";

    /// <summary>When the request came.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>Begins a trace anew.</summary>
    public void Begin(string requestId, string model, DateTimeOffset at)
    {
        RequestId = requestId;
        Model = model;
        At = at;
        _lookCount = 0;
        _roundCount = 0;
        _unrecorded = 0;
        _isFull = false;
    }

    /// <summary>What happened, for an operator to read.</summary>
    public Decision Read()
    {
        var rounds = ImmutableArray.CreateBuilder<DecisionRound>(_roundCount);
        for (var i = 0; i < _roundCount; i++)
        {
            var (from, to) = (_rounds[i].FirstLook, i + 1 < _roundCount ? _rounds[i + 1].FirstLook : _lookCount);
            var looks = _looks[from..to].Select(static look => new ConsideredAccount(
                look.Lane.Account.Id,
                look.Lane.Model,
                look.Reason == PassedOver.No ? "taken" : look.Reason.Word(),
                look.Until > 0 && look.Until < DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(look.Until, TimeSpan.Zero) : null));
            rounds.Add(new DecisionRound(
                new DateTimeOffset(_rounds[i].At, TimeSpan.Zero), _rounds[i].Strategy, [.. looks], _rounds[i].Queued, _rounds[i].Outcome));
        }

        return new Decision(RequestId, Model, At, rounds.MoveToImmutable(), _unrecorded);
    }

    /// <summary>Says that the present round waited in the queue.</summary>
    public void Queued()
    {
        if (_roundCount > 0 && !_isFull)
        {
            _rounds[_roundCount - 1].Queued = true;
        }
    }

    /// <summary>Says what became of the present round.</summary>
    /// <param name="outcome">A closed word: <c>answered</c>, or the verdict's reason.</param>
    public void Ended(string outcome)
    {
        if (_roundCount > 0 && !_isFull)
        {
            _rounds[_roundCount - 1].Outcome = outcome;
        }
    }

    internal void BeginRound(long now, string strategy)
    {
        // Asking again in vain, from the queue, is one round.
        if (_roundCount > 0 && !_isFull && _rounds[_roundCount - 1] is { Queued: true, Outcome: null } queued && queued.FirstLook <= _lookCount)
        {
            _lookCount = queued.FirstLook;
            _unrecorded = queued.UnrecordedBefore;
            return;
        }

        if (_roundCount == MaxAttempts)
        {
            _unrecorded++;
            _isFull = true;
            return;
        }

        _rounds[_roundCount++] = new Round { At = now, Strategy = strategy, FirstLook = _lookCount, UnrecordedBefore = _unrecorded };
    }

    internal void Consider(Lane lane, PassedOver reason, long until)
    {
        if (_lookCount == MaxLooks || _isFull)
        {
            _unrecorded++;
            return;
        }

        _looks[_lookCount++] = new Look(lane, reason, until);
    }

    private readonly record struct Look(Lane Lane, PassedOver Reason, long Until);

    private struct Round
    {
        public long At;
        public string Strategy;
        public int FirstLook;
        public int UnrecordedBefore;
        public bool Queued;
        public string? Outcome;
    }
}

/// <summary>One request's decisions.</summary>
/// <param name="RequestId">The request's id.</param>
/// <param name="Model">The model that was asked for.</param>
/// <param name="At">When the request came.</param>
/// <param name="Rounds">One per attempt, in order.</param>
/// <param name="Unrecorded">Looks and rounds beyond what a trace holds.</param>
public sealed record Decision(string RequestId, string Model, DateTimeOffset At, ImmutableArray<DecisionRound> Rounds, int Unrecorded);

/// <summary>One choice of an account.</summary>
/// <param name="At">When.</param>
/// <param name="Strategy">The strategy in force.</param>
/// <param name="Considered">Whom the walk met, in its order; accounts after the taken one were not asked.</param>
/// <param name="Queued">True when the request waited for this choice.</param>
/// <param name="Outcome">What became of it; null while it is under way.</param>
public sealed record DecisionRound(DateTimeOffset At, string Strategy, ImmutableArray<ConsideredAccount> Considered, bool Queued, string? Outcome);

/// <summary>One account a choice looked at.</summary>
/// <param name="Account">Which.</param>
/// <param name="Model">The upstream's name of the model.</param>
/// <param name="Result"><c>taken</c>, or why it was passed over.</param>
/// <param name="UsableAt">When it could be asked again; null when it is usable or nobody knows.</param>
public sealed record ConsideredAccount(AccountId Account, string Model, string Result, DateTimeOffset? UsableAt);
