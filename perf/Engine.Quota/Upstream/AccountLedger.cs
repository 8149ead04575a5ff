using System.Diagnostics;

namespace Engine.Quota;

/// <summary>One account at the upstream: its quota, what it has been told, and what it did all the same. Thread-safe.</summary>
internal sealed class AccountLedger
{
    private readonly Lock _lock = new();
    private readonly AccountQuota _quota;
    private readonly DateTimeOffset _end;
    private DateTimeOffset _barredUntil;
    private long _barredSince;
    private bool _isHalfOpen;
    private int _unanswered;

    public AccountLedger(QuotaPlan plan, DateTimeOffset end)
    {
        _quota = new AccountQuota(plan);
        _end = end;
    }

    public int Granted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>First calls after an instant that had been named.</summary>
    public int Probes { get; private set; }

    /// <summary>Calls that came while a probe was not answered yet.</summary>
    public int BesideProbe { get; private set; }

    /// <summary>Calls before the instant that had been named: how long after it had been told, in real time.</summary>
    public List<TimeSpan> Early { get; } = [];

    /// <summary>Judges a call.</summary>
    /// <param name="now">The simulation's clock.</param>
    /// <param name="named">The instant a refusal tells the client, as exact as its headers are.</param>
    /// <param name="isProbe">True when the call's answer ends with <see cref="ProbeAnswered"/>.</param>
    public Grant Arrive(DateTimeOffset now, Func<Grant, DateTimeOffset> named, out bool isProbe)
    {
        lock (_lock)
        {
            isProbe = false;
            var counts = now < _end;
            if (now < _barredUntil)
            {
                if (counts)
                {
                    Early.Add(Stopwatch.GetElapsedTime(_barredSince));
                }
            }
            else if (_isHalfOpen)
            {
                isProbe = true;
                _isHalfOpen = false;
                _unanswered++;
                Probes += counts ? 1 : 0;
            }
            else if (_unanswered > 0)
            {
                BesideProbe += counts ? 1 : 0;
            }

            var grant = _quota.Take(now);
            if (grant.IsGranted)
            {
                Granted += counts ? 1 : 0;
                return grant;
            }

            Refused += counts ? 1 : 0;
            if (now >= _barredUntil)
            {
                _barredSince = Stopwatch.GetTimestamp();
            }

            var until = named(grant);
            _barredUntil = until > _barredUntil ? until : _barredUntil;
            _isHalfOpen = true;
            return grant;
        }
    }

    /// <summary>A probe has its first content, or its refusal.</summary>
    public void ProbeAnswered()
    {
        lock (_lock)
        {
            _unanswered--;
        }
    }
}
