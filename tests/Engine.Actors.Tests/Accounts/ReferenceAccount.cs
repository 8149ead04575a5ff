using Engine.Actors.Accounts;
using Engine.Actors.Retries;

namespace Engine.Actors.Tests.Accounts;

/// <summary>
/// The rules once more, naively: mutable, one bar per scope, no events. Written from the rules, not from the decider; the two
/// must agree on when each model may be called.
/// </summary>
internal sealed class ReferenceAccount(CoolingPolicy policy)
{
    private readonly Dictionary<string, Bar> _bars = [];
    private readonly Dictionary<string, DateTimeOffset> _stumbles = [];

    private Bar? _refusal;
    private bool _isConfigured;
    private bool _isSuspended;
    private bool _isRefreshing;
    private bool _isInvalid;
    private bool _isRefreshable;
    private string _fingerprint = "";
    private int _strikes;
    private int _refusals;
    private DateTimeOffset _struckAt = DateTimeOffset.MinValue;
    private DateTimeOffset _credentialSince = DateTimeOffset.MinValue;

    public DateTimeOffset UsableAt(string model) => !_isConfigured || _isSuspended
        ? DateTimeOffset.MaxValue
        : new[] { Of("")?.Until, Of(model)?.Until, _refusal?.Until }.Max() ?? DateTimeOffset.MinValue;

    public void Do(AccountCommand command, DateTimeOffset now, double jitter)
    {
        switch (command)
        {
            case AccountCommand.Register register:
                _isConfigured = true;
                _isRefreshable = register.IsRefreshable;
                if (_fingerprint != register.Fingerprint)
                {
                    (_fingerprint, _credentialSince, _isInvalid, _isRefreshing) = (register.Fingerprint, now, false, false);
                    Trust();
                }

                break;
            case AccountCommand.Retire:
                _isConfigured = false;
                break;
            case AccountCommand.Suspend:
                _isSuspended = true;
                break;
            case AccountCommand.Resume:
                _isSuspended = false;
                break;
            case AccountCommand.Clear { Model: { } model }:
                _bars.Remove(model);
                _stumbles.Remove(model);
                break;
            case AccountCommand.Clear:
                _bars.Clear();
                _stumbles.Clear();
                _isInvalid = false;
                Trust();
                break;
            case AccountCommand.StartRefresh:
                _isRefreshing |= _isRefreshable && !_isInvalid;
                break;
            case AccountCommand.RefreshSucceeded succeeded when _isInvalid || _isRefreshing || _fingerprint != succeeded.Fingerprint:
                Refreshed(succeeded.Fingerprint, now);
                break;
            case AccountCommand.RefreshFailed { IsTerminal: true } when !_isInvalid:
                (_isInvalid, _isRefreshing) = (true, false);
                _refusal = new Bar { Since = now, Until = DateTimeOffset.MaxValue, IsFinal = true };
                break;
            case AccountCommand.RefreshFailed:
                _isRefreshing = false;
                break;
            case AccountCommand.Report { Attempt: { Verdict.Culprit: not Culprit.Client } attempt }:
                Report(attempt, now, jitter);
                break;
            default:
                break;
        }

        if (_refusal is not null && Of("") is { } limit && limit.Until > _refusal.Until)
        {
            _refusal.Until = limit.Until;
        }
    }

    private void Refreshed(string fingerprint, DateTimeOffset now)
    {
        var wasInvalid = _isInvalid;
        (_fingerprint, _credentialSince, _isInvalid, _isRefreshing) = (fingerprint, now, false, false);
        if (wasInvalid)
        {
            Trust();
        }
        else if (_refusal is { } refusal && (!refusal.IsFinal || _strikes == 2))
        {
            (_refusal, _strikes, _refusals) = (null, Math.Min(_strikes, 1), 0);
            _stumbles.Remove("");
            Forgive("");
        }
    }

    private void Report(AttemptReport attempt, DateTimeOffset now, double jitter)
    {
        var verdict = attempt.Verdict;
        var key = verdict.Scope == Scope.Account ? "" : attempt.Model;
        switch (verdict.Measure)
        {
            case Measure.Free:
                if (_refusal is not null ? IsFresh(_refusal, attempt, true) : attempt.LeasedAt > _struckAt && attempt.LeasedAt >= _credentialSince)
                {
                    if (_strikes > 0 || _refusal is not null)
                    {
                        Trust();
                    }
                }

                foreach (var free in new[] { "", attempt.Model }.Where(each => Of(each) is { } bar && IsFresh(bar, attempt, each.Length == 0)).ToArray())
                {
                    _bars.Remove(free);
                    _refusals = free.Length == 0 ? 0 : _refusals;
                }

                foreach (var old in _stumbles.Where(each => (each.Key.Length == 0 || each.Key == attempt.Model) && each.Value < attempt.LeasedAt).ToArray())
                {
                    _stumbles.Remove(old.Key);
                    _refusals = old.Key.Length == 0 ? 0 : _refusals;
                }

                break;
            case Measure.Cool when verdict is { Cause: CoolingCause.ProviderFault, Until: null } && Of(key) is null
                && !(_stumbles.TryGetValue(key, out var before) && before < attempt.LeasedAt):
                if (_stumbles.TryAdd(key, now) && key.Length == 0)
                {
                    _refusals++;
                }

                break;
            case Measure.Cool:
                Hold(key, attempt, verdict.Until, verdict.Cause, now, jitter);
                break;
            case Measure.Exhaust:
                Hold(key, attempt, verdict.Until, null, now, jitter);
                break;
            case Measure.Strike or Measure.Refuse when _isInvalid || attempt.LeasedAt < _credentialSince:
                break;
            case Measure.Strike when attempt.LeasedAt > _struckAt && (_refusal is null || IsFresh(_refusal, attempt, true)):
                Strike(now);
                break;
            case Measure.Refuse when _refusal is not { IsFinal: true } || IsFresh(_refusal, attempt, true):
                (_refusal, _struckAt) = (new Bar { Since = now, Until = now + policy.LongestHold, IsFinal = true }, now);
                break;
            default:
                break;
        }
    }

    private void Strike(DateTimeOffset now)
    {
        var mayWaitForRefresh = _isRefreshing || (_isRefreshable && _struckAt >= _credentialSince);
        if (_refusal is { IsFinal: true } || (_strikes > 0 && !mayWaitForRefresh))
        {
            (_strikes, _refusal) = (2, new Bar { Since = now, Until = now + policy.LongestHold, IsFinal = true });
        }
        else
        {
            _refusals = _strikes == 0 ? 1 : AccountFailures() + 1;
            if (Of("") is { } limit)
            {
                limit.Failures = _refusals;
            }

            _strikes = 1;
            _isRefreshing |= _isRefreshable;
            var rest = now + Doubling(policy.StrikeRest, _refusals, policy.FaultCeiling);
            _refusal = new Bar { Since = now, Until = _refusal?.Until > rest ? _refusal.Until : rest };
        }

        _struckAt = now;
    }

    private void Hold(string key, AttemptReport attempt, DateTimeOffset? hint, CoolingCause? cause, DateTimeOffset now, double jitter)
    {
        var bar = Of(key);
        if (bar is null || IsFresh(bar, attempt, key.Length == 0) || (cause is null && !bar.IsQuota))
        {
            var isLate = bar is not null && !IsFresh(bar, attempt, key.Length == 0);
            var counted = key.Length == 0 ? AccountFailures() : bar?.Failures ?? (_stumbles.ContainsKey(key) ? 1 : 0);
            var failures = counted + (_stumbles.Remove(key, out var stumbled) && stumbled >= attempt.LeasedAt ? 0 : 1);
            var wait = hint is { } named ? Wait(named, now, jitter)
                : cause is null ? policy.LongestHold
                : Doubling(policy.BackoffBase, failures, cause is CoolingCause.Overload or CoolingCause.ProviderFault ? policy.FaultCeiling : policy.RateLimitCeiling);
            var until = now + wait;
            _bars[key] = new Bar
            {
                Since = now,
                Until = bar is not null && bar.Until > until ? bar.Until : until,
                Known = hint,
                IsQuota = cause is null,
                Failures = isLate ? failures - 1 : failures,
            };
            _refusals = key.Length == 0 ? _bars[key].Failures : _refusals;
        }
        else if (hint is { } later && later > (bar.Known ?? bar.Until))
        {
            var until = now + Wait(later, now, jitter);
            (bar.Known, bar.Until) = (later, until > bar.Until ? until : bar.Until);
        }
    }

    private int AccountFailures() => Of("")?.Failures ?? _refusals;

    private TimeSpan Wait(DateTimeOffset named, DateTimeOffset now, double jitter)
    {
        var seconds = Math.Max((named - now).TotalSeconds, policy.Floor.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Min(seconds + (jitter * Math.Min(seconds / 100, 0.5)), policy.LongestHold.TotalSeconds));
    }

    private static TimeSpan Doubling(TimeSpan first, int times, TimeSpan ceiling)
    {
        var wait = first;
        for (var i = 1; i < times && wait < ceiling; i++)
        {
            wait *= 2;
        }

        return wait < ceiling ? wait : ceiling;
    }

    private static bool IsFresh(Bar bar, AttemptReport attempt, bool isAccount) =>
        attempt.LeasedAt > bar.Since && ((isAccount ? attempt.IsAccountProbe : attempt.IsModelProbe) || attempt.LeasedAt >= bar.Until);

    private Bar? Of(string key) => _bars.GetValueOrDefault(key);

    private void Trust()
    {
        (_refusal, _strikes, _refusals, _struckAt) = (null, 0, 0, DateTimeOffset.MinValue);
        _stumbles.Remove("");
        Forgive("");
    }

    private void Forgive(string key)
    {
        if (Of(key) is { } bar)
        {
            bar.Failures = 0;
        }
    }

    private sealed class Bar
    {
        public DateTimeOffset Since { get; init; }

        public DateTimeOffset Until { get; set; }

        public DateTimeOffset? Known { get; set; }

        public bool IsQuota { get; init; }

        public bool IsFinal { get; init; }

        public int Failures { get; set; }
    }
}
