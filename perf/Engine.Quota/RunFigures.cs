using System.Collections.Immutable;

namespace Engine.Quota;

/// <summary>What a run came to.</summary>
/// <param name="Cpu">Of the whole process: providers, agents and, where there is one, the engine.</param>
/// <param name="RoundTrip">The longest loopback round trip to the providers, in real time.</param>
/// <param name="Dialects">In the order of the options.</param>
internal sealed record RunFigures(TimeSpan Cpu, TimeSpan RoundTrip, ImmutableArray<DialectFigures> Dialects);

/// <summary>One dialect's share of a run.</summary>
internal sealed record DialectFigures
{
    public required string Dialect { get; init; }

    public required int Available { get; init; }

    public required int Granted { get; init; }

    /// <summary>429s that the upstream gave.</summary>
    public required int Refused { get; init; }

    public required int ClientRefusals { get; init; }

    public required int ClientFailures { get; init; }

    /// <summary>Calls before the instant that was named, later than a round trip after it had been.</summary>
    public required int Barred { get; init; }

    /// <summary>Those within the round trip: they were under way when the account was barred.</summary>
    public required int Races { get; init; }

    public required TimeSpan LatestRace { get; init; }

    public required int Probes { get; init; }

    public required int BesideProbe { get; init; }

    public required int Retries { get; init; }

    public required ImmutableArray<TimeSpan> Waits { get; init; }

    public required double FairAgents { get; init; }

    public required double FairKeys { get; init; }

    public required ImmutableArray<string> Notes { get; init; }

    public double Goodput => (double)Granted / Available;

    public static DialectFigures Of(
        string dialect, QuotaOptions options, ImmutableArray<AccountLedger> ledgers, ImmutableArray<AgentRecord> agents, TimeSpan roundTrip)
    {
        var early = ledgers.SelectMany(static ledger => ledger.Early).ToArray();
        return new DialectFigures
        {
            Dialect = dialect,
            Available = Enumerable.Range(0, options.Accounts).Sum(i => options.PlanOf(dialect, i).AvailableUntil(options.Start + options.Duration)),
            Granted = ledgers.Sum(static ledger => ledger.Granted),
            Refused = ledgers.Sum(static ledger => ledger.Refused),
            ClientRefusals = agents.Sum(static agent => agent.RateLimited),
            ClientFailures = agents.Sum(static agent => agent.Failed),
            Barred = early.Count(each => each > roundTrip),
            Races = early.Count(each => each <= roundTrip),
            LatestRace = early.Where(each => each <= roundTrip).DefaultIfEmpty().Max(),
            Probes = ledgers.Sum(static ledger => ledger.Probes),
            BesideProbe = ledgers.Sum(static ledger => ledger.BesideProbe),
            Retries = agents.Sum(static agent => agent.Retries),
            Waits = [.. agents.SelectMany(static agent => agent.Waits).Order()],
            FairAgents = Jain(agents.Select(static agent => (double)agent.Answered)),
            FairKeys = Jain(agents.Select(static (agent, i) => (agent, i)).GroupBy(each => each.i % options.Keys).Select(static key => (double)key.Sum(each => each.agent.Answered))),
            Notes = [.. agents.SelectMany(static agent => agent.Notes).Distinct(StringComparer.Ordinal).Take(3)],
        };
    }

    /// <summary>The wait that this share of the answered turns did not exceed.</summary>
    public TimeSpan Wait(double share) => Waits.IsEmpty ? TimeSpan.Zero : Waits[Math.Min(Waits.Length - 1, (int)(share * Waits.Length))];

    // 1 when all got the same, 1/n when one got everything.
    private static double Jain(IEnumerable<double> shares)
    {
        var all = shares.ToArray();
        var squares = all.Sum(static each => each * each);
        return squares == 0 ? 0 : all.Sum() * all.Sum() / (all.Length * squares);
    }
}
