using Engine.Actors.Journal;

namespace Engine.Actors.Accounts;

/// <summary>What all account actors share. Thread-safe.</summary>
internal sealed class AccountSurroundings
{
    private readonly Random _random;
    private readonly Lock _lock = new();
    private volatile CoolingPolicy _policy = CoolingPolicy.Default;

    /// <summary>Makes the surroundings.</summary>
    /// <param name="journal">The history.</param>
    /// <param name="random">Jitter; guarded by this object's lock.</param>
    /// <param name="published">Called after an account's new state is visible.</param>
    public AccountSurroundings(IJournal journal, Random random, Action published)
    {
        Journal = journal;
        _random = random;
        Published = published;
    }

    public IJournal Journal { get; }

    public Action Published { get; }

    /// <summary>How long accounts rest; another one after a reload.</summary>
    public CoolingPolicy Policy
    {
        get => _policy;
        set => _policy = value;
    }

    /// <summary>In [0, 1).</summary>
    public double Jitter()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }
}
