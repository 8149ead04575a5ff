using System.Globalization;

namespace Engine.EndToEnd.Tests.Kills;

/// <summary>What the ledger proves against an engine. Pure.</summary>
internal static class KillJudge
{
    // A lease reaches its upstream sooner even on a machine that is very busy.
    private static readonly TimeSpan LongestWay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Calls that came too early: the bar had been told, its instant had not come, and a client had already seen something of
    /// the request that learned of it. Excepted are calls that may have been leased before: those of requests which were under
    /// way then, for as long as such a call may take to arrive. Calls of a later process are never excepted.
    /// </summary>
    public static IEnumerable<string> EarlyCalls(IEnumerable<UpstreamCall> calls, IEnumerable<ToldBar> bars)
    {
        var told = bars.ToLookup(static each => each.Call.Account, StringComparer.Ordinal);
        return from call in calls
               let early = told[call.Account].FirstOrDefault(each => IsEarly(call, each))
               where early is not null
               select Text($"{Describe(call)} came {(early.Until - call.At).TotalMilliseconds:F0} ms early: {Describe(early)}");
    }

    /// <summary>
    /// Calls beside the single probe: a bar that was known to the process had come to its instant, a call was under way to see
    /// whether it was over, and a second one came before the upstream had begun to answer the first.
    /// </summary>
    public static IEnumerable<string> SecondProbes(IEnumerable<UpstreamCall> calls)
    {
        var probes = new Dictionary<BarEpisode, UpstreamCall>();
        foreach (var call in calls)
        {
            foreach (var bar in call.Probes)
            {
                if (probes.TryGetValue(bar, out var first)
                    && first.Request.Engine == call.Request.Engine
                    && !(first.AnsweredAt <= call.At)
                    && bar.Told.Exists(told => told.SeenAt < first.At && told.At < first.At))
                {
                    yield return Text($"{Describe(call)} came while {Describe(first)} probed the end of {bar.Kind}");
                }

                probes[bar] = call;
            }
        }
    }

    /// <summary>Retries and refusals that clients have seen the outcome of, and the journal does not have.</summary>
    public static IEnumerable<string> LostEvents(IEnumerable<KillRequest> requests, IEnumerable<ToldBar> bars, JournalLines journal)
    {
        foreach (var request in requests.Where(static request => request.SeenAt is not null && request.Attempts > 1))
        {
            var retries = journal.RetriesOf(request.Id);
            if (retries != request.Attempts - 1)
            {
                yield return Text($"{request.Id} was answered after {request.Attempts} attempts, and the journal has {retries} retries of it");
            }
        }

        foreach (var told in bars.Where(told => told.SeenAt is not null && !journal.Covers(told)))
        {
            yield return Text($"the journal has nothing for {Describe(told)}");
        }
    }

    private static bool IsEarly(UpstreamCall call, ToldBar told) =>
        told.Call != call
        && (told.Episode.Model is null || told.Episode.Model == call.Model)
        && call.At > told.At
        && call.At < told.Until
        // No account rests longer: then one probe may go out, whatever was named.
        && call.At < told.At + BarWords.LongestRest
        && told.SeenAt is { } seen
        && (call.NotLeasedBefore >= seen || call.Request.Engine > told.Call.Request.Engine || call.At > seen + LongestWay);

    private static string Describe(UpstreamCall call) =>
        Text($"{call.Request.Id} on {call.Account} {call.Model} at {call.At:HH:mm:ss.fff} (not leased before {call.NotLeasedBefore:HH:mm:ss.fff})");

    private static string Describe(ToldBar told) => Text(
        $"{told.Episode.Kind} of {told.Call.Account} {told.Episode.Model ?? "(account)"} until {told.Until:HH:mm:ss.fff}, told to {told.Call.Request.Id} at {told.At:HH:mm:ss.fff}, seen at {told.SeenAt:HH:mm:ss.fff}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
