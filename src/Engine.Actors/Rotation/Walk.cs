namespace Engine.Actors.Rotation;

/// <summary>One request's walk over a table: what it met, what it took, and when it may come back.</summary>
internal ref struct Walk
{
    private const int MostTracked = 256;

    private readonly RotationTable _table;
    private readonly LeaseRequest _request;
    private readonly long _now;
    private Lease _lease;
    private Lane? _home;
    private long _usableAt = long.MaxValue;
    private PassedOver _reason = PassedOver.No;
    private PassedOver _last = PassedOver.No;

    public Walk(RotationTable table, in LeaseRequest request, long now)
    {
        _table = table;
        _request = request;
        _now = now;
    }

    /// <summary>The lane taken.</summary>
    public readonly Lane Taken => _lease.Lane;

    /// <summary>The position it was taken at.</summary>
    public int Position { get; private set; }

    /// <summary>What stood in the way where the walk began.</summary>
    public PassedOver FirstReason { get; private set; }

    /// <summary>Takes one lane if it can serve.</summary>
    public bool TryTake(Lane lane)
    {
        if (IsTried(lane))
        {
            Pass(lane, PassedOver.Tried, _now);
            return false;
        }

        var reason = lane.TryLease(_request.Tokens, _now, out _lease, out var usableAt);
        if (reason == PassedOver.No)
        {
            _request.Trace?.Consider(lane, reason, 0);
            return true;
        }

        Pass(lane, reason, usableAt);
        return false;
    }

    /// <summary>Takes the lane a conversation is on if it can serve; otherwise the walk does not look at it again.</summary>
    public bool TryHome(Lane lane)
    {
        _home = lane;
        return TryTake(lane);
    }

    /// <summary>Walks once around from a position.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="family">Null for any family.</param>
    /// <param name="isThat">True to take lanes of that family only, false to take lanes of other families only.</param>
    public bool Run(int start, string? family, bool isThat)
    {
        FirstReason = PassedOver.No;
        return _table.Selector.Compares ? RunComparing(start, family, isThat) : RunInOrder(start, family, isThat);
    }

    /// <summary>What the walk would find, without taking or writing anything.</summary>
    public LeaseResult Survey()
    {
        foreach (var lane in _table.Lanes)
        {
            if (IsTried(lane))
            {
                NoteTried(lane);
                continue;
            }

            var reason = lane.Check(_request.Tokens, _now, out var usableAt);
            if (reason == PassedOver.No)
            {
                return new LeaseResult(LeaseAnswer.WaitUntil, default, _now, reason, FamilyChanged: false, null);
            }

            Note(reason, usableAt);
        }

        return Refused();
    }

    public readonly LeaseResult Leased(bool familyChanged, RotationMove? rotation) =>
        new(LeaseAnswer.Leased, _lease, _now, PassedOver.No, familyChanged, rotation);

    public readonly LeaseResult Refused() => _usableAt == long.MaxValue
        ? new LeaseResult(LeaseAnswer.NobodyCan, default, 0, _reason, FamilyChanged: false, null)
        : new LeaseResult(LeaseAnswer.WaitUntil, default, _usableAt, _reason, FamilyChanged: false, null);

    private bool RunInOrder(int start, string? family, bool isThat)
    {
        var order = _table.Order;

        // Where lanes have several places in the order, each is asked once.
        Span<bool> passed = stackalloc bool[order.Length > _table.Lanes.Length ? Math.Min(_table.Lanes.Length, MostTracked) : 0];
        for (var i = 0; i < order.Length; i++)
        {
            var position = start + i < order.Length ? start + i : start + i - order.Length;
            var lane = _table.Lanes[order[position]];
            if (order[position] < passed.Length)
            {
                if (passed[order[position]])
                {
                    continue;
                }

                passed[order[position]] = true;
            }

            if (family is not null && (_table.Families[order[position]] == family) != isThat)
            {
                _last = PassedOver.OtherFamily;
            }
            else if (lane != _home && TryTake(lane))
            {
                Position = position;
                return true;
            }

            FirstReason = i == 0 ? _last : FirstReason;
        }

        return false;
    }

    private bool RunComparing(int start, string? family, bool isThat)
    {
        Span<bool> passed = _table.Lanes.Length <= MostTracked ? stackalloc bool[MostTracked] : new bool[_table.Lanes.Length];
        while (true)
        {
            var best = -1;
            var bestScore = 0L;
            for (var i = 0; i < _table.Order.Length; i++)
            {
                var position = start + i < _table.Order.Length ? start + i : start + i - _table.Order.Length;
                var index = _table.Order[position];
                var lane = _table.Lanes[index];
                if (passed[index] || lane == _home || (family is not null && (_table.Families[index] == family) != isThat))
                {
                    continue;
                }

                if (IsTried(lane) || lane.Check(_now, out _) != PassedOver.No)
                {
                    // Says why, and when to come back.
                    passed[index] = true;
                    if (TryTake(lane))
                    {
                        Position = position;
                        return true;
                    }

                    continue;
                }

                var score = _table.Selector.Score(lane, _now);
                if (best < 0 || score < bestScore)
                {
                    (best, bestScore) = (position, score);
                }
            }

            if (best < 0)
            {
                return false;
            }

            // Somebody else may have taken its last place meanwhile.
            passed[_table.Order[best]] = true;
            if (TryTake(_table.Lanes[_table.Order[best]]))
            {
                Position = best;
                TraceNotChosen(passed, family);
                return true;
            }
        }
    }

    private readonly void TraceNotChosen(ReadOnlySpan<bool> passed, string? family)
    {
        for (var i = 0; _request.Trace is { } trace && i < _table.Lanes.Length; i++)
        {
            if (!passed[i])
            {
                trace.Consider(_table.Lanes[i], family is null || _table.Families[i] == family ? PassedOver.NotChosen : PassedOver.OtherFamily, 0);
            }
        }
    }

    private readonly bool IsTried(Lane lane)
    {
        if (_request.Tried is { } tried)
        {
            for (var i = 0; i < tried.Count; i++)
            {
                if (tried[i] == lane)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Pass(Lane lane, PassedOver reason, long usableAt)
    {
        _last = reason;
        _request.Trace?.Consider(lane, reason, reason.ResolvesByItself() ? 0 : usableAt);
        if (reason == PassedOver.Tried)
        {
            NoteTried(lane);
        }
        else
        {
            Note(reason, usableAt);
        }
    }

    // It counts for waiting only as far as it is barred: one that could serve would refuse again.
    private void NoteTried(Lane lane)
    {
        var reason = lane.Check(_now, out var usableAt);
        if (reason == PassedOver.No)
        {
            Note(PassedOver.Tried, DateTimeOffset.MaxValue.UtcTicks);
        }
        else
        {
            Note(reason, usableAt);
        }
    }

    private void Note(PassedOver reason, long usableAt)
    {
        if (usableAt == DateTimeOffset.MaxValue.UtcTicks)
        {
            _reason = _reason == PassedOver.No ? reason : _reason;
        }
        else if (usableAt < _usableAt)
        {
            (_usableAt, _reason) = (usableAt, reason);
        }
    }
}
