namespace Engine.Quota;

/// <summary>What an account has left. Not thread-safe.</summary>
internal sealed class AccountQuota
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly QuotaPlan _plan;
    private DateTimeOffset _seen;
    private DateTimeOffset _window;
    private DateTimeOffset _dayTurns;
    private double _level;
    private int _usedToday;

    public AccountQuota(QuotaPlan plan)
    {
        _plan = plan;
        _seen = plan.Start;
        _window = plan.FirstWindow - Minute;
        _dayTurns = plan.DayTurns;
    }

    /// <summary>Takes one request, if there is one.</summary>
    public Grant Take(DateTimeOffset now)
    {
        Refill(now);
        if (_usedToday >= _plan.PerDay)
        {
            return new Grant(IsGranted: false, IsDay: true, 0, _dayTurns, _dayTurns);
        }

        if (_level < 1)
        {
            return new Grant(IsGranted: false, IsDay: false, 0, _plan.IsBucket ? now + TimeFor(1 - _level) : _window + Minute, FullAt(now));
        }

        _level--;
        _usedToday++;
        return new Grant(IsGranted: true, IsDay: false, (int)_level, now, FullAt(now));
    }

    private void Refill(DateTimeOffset now)
    {
        if (_plan.IsBucket)
        {
            _level = Math.Min(_plan.PerMinute, _level + ((now - _seen) / Minute * _plan.PerMinute));
        }

        for (; now >= _window + Minute; _window += Minute)
        {
            _level = _plan.IsBucket ? _level : _plan.PerMinute;
        }

        for (; now >= _dayTurns; _dayTurns += TimeSpan.FromDays(1))
        {
            _usedToday = 0;
        }

        _seen = now;
    }

    private DateTimeOffset FullAt(DateTimeOffset now) => _plan.IsBucket ? now + TimeFor(_plan.PerMinute - _level) : _window + Minute;

    private TimeSpan TimeFor(double requests) => Minute * (Math.Max(requests, 0) / _plan.PerMinute);
}

/// <summary>What became of a request.</summary>
/// <param name="IsGranted">Whether it was within the quota.</param>
/// <param name="IsDay">Whether it was the day's quota that it was not within.</param>
/// <param name="Remaining">What is left.</param>
/// <param name="AgainAt">When the next one is granted, after a refusal.</param>
/// <param name="FullAt">When the whole minute's quota is there again.</param>
internal readonly record struct Grant(bool IsGranted, bool IsDay, int Remaining, DateTimeOffset AgainAt, DateTimeOffset FullAt);
