namespace Engine.Actors.Rotation;

/// <summary>The right to make one call. Returned exactly once, by <see cref="Return"/>, whatever became of the call.</summary>
public readonly struct Lease
{
    /// <summary>For <see cref="Return"/>: the call was answered, and nobody said how many tokens it used.</summary>
    public const long TokensUnknown = -1;

    private readonly LimitMeter? _meter;
    private readonly LimitMeter? _laneMeter;
    private readonly MeterShare _share;
    private readonly MeterShare _laneShare;

    // Numbers of the probes it holds; 0 for none.
    private readonly long _accountProbe;
    private readonly long _modelProbe;

    internal Lease(
        Lane lane, long leasedAt, long accountProbe, long modelProbe, LimitMeter? meter, in MeterShare share, LimitMeter? laneMeter, in MeterShare laneShare)
    {
        Lane = lane;
        LeasedAt = leasedAt;
        _accountProbe = accountProbe;
        _modelProbe = modelProbe;
        _meter = meter;
        _share = share;
        _laneMeter = laneMeter;
        _laneShare = laneShare;
    }

    /// <summary>Account and model.</summary>
    public Lane Lane { get; }

    /// <summary>When it was given, in UTC ticks: tells late outcomes from fresh ones.</summary>
    public long LeasedAt { get; }

    /// <summary>True when the call is the single probe of an account whose rest is over.</summary>
    public bool ProbesAccount => _accountProbe != 0;

    /// <summary>True when the call is the single probe of a model whose rest is over.</summary>
    public bool ProbesModel => _modelProbe != 0;

    /// <summary>True when the call is a probe: its success is to be reported as soon as there is content.</summary>
    public bool IsProbe => ProbesAccount || ProbesModel;

    /// <summary>The upstream has answered the call, which may go on for long: others may follow. Called once at most.</summary>
    /// <param name="left">Requests that the provider says are left; negative when it does not say.</param>
    /// <param name="now">UTC ticks.</param>
    public void Answered(long left, long now) => Lane.Ramp.Answered(left, now);

    /// <summary>Gives it back.</summary>
    /// <param name="tokens">What the call used, input and output; 0 after a failure or a cancelled call, which gets its reservation back; <see cref="TokensUnknown"/> keeps the reservation.</param>
    /// <param name="wasSent">False when no upstream saw the call.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="wasAnswered">True after <see cref="Answered"/>.</param>
    public void Return(long tokens, bool wasSent, long now, bool wasAnswered = false)
    {
        if (!wasAnswered)
        {
            Lane.Ramp.Leave();
        }

        _meter?.Settle(_share, tokens, wasSent, now);
        _laneMeter?.Settle(_laneShare, tokens, wasSent, now);
        Lane.Account.Leave();
        Lane.EndProbes(_accountProbe, _modelProbe);
    }
}
