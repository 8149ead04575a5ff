using System.Collections.Immutable;

namespace Engine.Quota;

/// <summary>One simulation. Times are the simulation's own unless they say otherwise.</summary>
internal sealed record QuotaOptions
{
    /// <summary>Accounts of each dialect.</summary>
    public int Accounts { get; init; } = 4;

    /// <summary>Agents of each dialect.</summary>
    public int Agents { get; init; } = 48;

    /// <summary>Client keys, shared evenly by the agents of a dialect.</summary>
    public int Keys { get; init; } = 4;

    public int Minutes { get; init; } = 20;

    /// <summary>How much faster than the world's the clock runs.</summary>
    public double Scale { get; init; } = 10;

    public int PerMinute { get; init; } = 60;

    public ImmutableArray<string> Dialects { get; init; } = Simulated.Names;

    public string Strategy { get; init; } = "request-count";

    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(90);

    public int Seed { get; init; } = 1;

    public TimeSpan Duration => TimeSpan.FromMinutes(Minutes);

    /// <summary>When daily quotas turn: two thirds into the run, at a midnight of Google's (UTC−8 in winter).</summary>
    public DateTimeOffset DayTurns { get; } = new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Start => DayTurns - (Duration * (2.0 / 3));

    /// <summary>What a third of the run would use up: accounts that have a daily quota stand still for another third.</summary>
    public int PerDay => PerMinute * Minutes / 3;

    /// <summary>The quota of an account: every other one has a daily quota too; windows of a minute begin at different seconds.</summary>
    public QuotaPlan PlanOf(string dialect, int account) => new(
        PerMinute,
        account % 2 == 1 ? PerDay : null,
        DayTurns,
        Start,
        Start + (TimeSpan.FromMinutes(1) * account / Accounts),
        Simulated.Of(dialect).IsBucket);
}
