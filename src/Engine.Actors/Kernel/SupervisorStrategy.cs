using Engine.Actors.Journal;

namespace Engine.Actors.Kernel;

/// <summary>What a supervisor does about a failed child.</summary>
public enum Directive
{
    /// <summary>A new instance after the backoff, with the mail that waits; the child's own children are stopped before.</summary>
    Restart,

    /// <summary>The same instance goes on with its next message. A child that failed at its start is restarted instead.</summary>
    Resume,

    /// <summary>The child ends.</summary>
    Stop,

    /// <summary>The supervisor fails with the same cause; its own supervisor decides. At the root: <see cref="Stop"/>.</summary>
    Escalate,
}

/// <summary>
/// One-for-one supervision: a child's failure concerns that child alone. The wait before the n-th restart in a row is
/// <c>min(MaxBackoff, MinBackoff · 2^(n−1))</c>, lengthened by a random share of up to <see cref="Jitter"/>.
/// </summary>
public sealed record SupervisorStrategy
{
    /// <summary>Restart on every failure, 100 ms to 30 s apart, at most 10 times in a row.</summary>
    public static SupervisorStrategy Default { get; } = new();

    /// <summary>Chooses by the failure. A journal conflict stops the child whatever this says; a decider that throws stops it too.</summary>
    public Func<Exception, Directive> Decider { get; init; } = static _ => Directive.Restart;

    /// <summary>Restarts in a row until the child is stopped; null for no limit.</summary>
    public int? RestartLimit { get; init; } = 10;

    /// <summary>A failure that comes later than this after the latest restart begins a new count.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The wait before the first restart; zero restarts at once.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait, before jitter.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest share of the wait that is added at random, 0 to 1.</summary>
    public double Jitter { get; init; } = 0.2;

    internal Directive Decide(Exception cause)
    {
        try
        {
            return cause is JournalConflictException ? Directive.Stop : Decider(cause);
        }
        catch (Exception)
        {
            return Directive.Stop;
        }
    }

    /// <summary>The wait before the <paramref name="restart"/>-th restart in a row.</summary>
    /// <param name="restart">1 for the first.</param>
    /// <param name="jitter">Random, in [0, 1).</param>
    public TimeSpan BackoffOf(int restart, double jitter)
    {
        var wait = Math.Min(MaxBackoff.TotalSeconds, MinBackoff.TotalSeconds * Math.Pow(2, Math.Min(restart - 1, 62)));
        return TimeSpan.FromSeconds(wait * (1 + (Jitter * jitter)));
    }
}

/// <summary>What a supervisor did about a failure. Published on the <see cref="EventStream"/>.</summary>
/// <param name="Path">The actor that failed.</param>
/// <param name="Cause">What it threw.</param>
/// <param name="Directive">What was decided; a spent restart limit shows as <see cref="Directive.Stop"/>.</param>
/// <param name="Delay">The wait before the restart; zero otherwise.</param>
public sealed record ActorFailed(string Path, Exception Cause, Directive Directive, TimeSpan Delay);

/// <summary>How often a child was restarted in a row; belongs to its supervisor's turn.</summary>
internal sealed class RestartHistory
{
    private int _restarts;
    private DateTimeOffset _latest;

    /// <returns>The wait before the next restart; null when the limit is spent.</returns>
    internal TimeSpan? Next(SupervisorStrategy strategy, DateTimeOffset now, double jitter)
    {
        _restarts = _restarts > 0 && now - _latest > strategy.Window ? 1 : _restarts + 1;
        if (_restarts > strategy.RestartLimit)
        {
            return null;
        }

        var wait = strategy.BackoffOf(_restarts, jitter);
        _latest = now + wait;
        return wait;
    }
}
