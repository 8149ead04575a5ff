using Engine.Actors.Retries;

namespace Engine.Actors.Rotation;

/// <summary>What an account's provider last said is left, per window. Written by every answer that says so; readers may see one field newer than the next.</summary>
public sealed class Headroom
{
    private static readonly int Kinds = Enum.GetValues<WindowKind>().Length;

    private readonly long[] _limit = new long[Kinds];
    private readonly long[] _remaining = new long[Kinds];
    private readonly long[] _resetAt = new long[Kinds];
    private long _soonestReset = long.MaxValue;

    /// <summary>UTC ticks at which the first window that has something left is refilled: what is left by then is lost. <see cref="long.MaxValue"/> when unknown.</summary>
    public long SoonestReset => Volatile.Read(ref _soonestReset);

    /// <summary>Takes what an answer said.</summary>
    public void Observe(in RateLimitSignals signals)
    {
        if (signals.Windows.IsDefaultOrEmpty)
        {
            return;
        }

        var soonest = long.MaxValue;
        foreach (var window in signals.Windows)
        {
            var kind = (int)window.Kind;
            Volatile.Write(ref _limit[kind], window.Limit);
            Volatile.Write(ref _remaining[kind], window.Remaining);
            Volatile.Write(ref _resetAt[kind], window.ResetAt?.UtcTicks ?? 0);
            if (window.Remaining != 0 && window.ResetAt is { } reset)
            {
                soonest = Math.Min(soonest, reset.UtcTicks);
            }
        }

        Volatile.Write(ref _soonestReset, soonest);
    }

    /// <summary>What is known of a window: null when no answer spoke of it.</summary>
    public WindowCounter? Of(WindowKind kind)
    {
        var (limit, remaining, reset) = (Volatile.Read(ref _limit[(int)kind]), Volatile.Read(ref _remaining[(int)kind]), Volatile.Read(ref _resetAt[(int)kind]));
        return limit == 0 && remaining == 0 && reset == 0
            ? null
            : new WindowCounter(kind, limit, remaining, reset == 0 ? null : new DateTimeOffset(reset, TimeSpan.Zero), Rejected: false);
    }
}
