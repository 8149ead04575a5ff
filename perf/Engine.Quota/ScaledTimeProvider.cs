using System.Diagnostics;

namespace Engine.Quota;

/// <summary>A clock that runs faster than the world's, and begins when it is told to. Timers are never early by more than the system's own.</summary>
internal sealed class ScaledTimeProvider : TimeProvider
{
    private readonly DateTimeOffset _start;
    private readonly double _scale;
    private readonly long _origin = Stopwatch.GetTimestamp();

    public ScaledTimeProvider(DateTimeOffset start, double scale)
    {
        _start = start;
        _scale = scale;
    }

    public override long GetTimestamp() => _origin + (long)((Stopwatch.GetTimestamp() - _origin) * _scale);

    public override DateTimeOffset GetUtcNow() => _start + GetElapsedTime(_origin);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(this, System.CreateTimer(callback, state, InReality(dueTime), InReality(period)));

    private TimeSpan InReality(TimeSpan wait) =>
        wait <= TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds / _scale));

    private sealed class ScaledTimer(ScaledTimeProvider time, ITimer real) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => real.Change(time.InReality(dueTime), time.InReality(period));

        public void Dispose() => real.Dispose();

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
