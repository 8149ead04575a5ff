using System.Diagnostics.Metrics;

namespace Engine.Actors.Journal;

/// <summary>The instruments of one journal on the meter <c>Engine.Actors</c>. Ends with the journal.</summary>
internal sealed class JournalMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<double> _append;
    private readonly Counter<long> _events;
    private readonly Counter<long> _commits;

    /// <param name="owner">The meter's scope: tells one journal's instruments from another's.</param>
    internal JournalMetrics(Func<JournalHealth> health, object owner)
    {
        _meter = new Meter(new MeterOptions("Engine.Actors") { Scope = owner });
        _append = _meter.CreateHistogram<double>("engine.journal.append", "s", "From the call to the answer of an append.");
        _events = _meter.CreateCounter<long>("engine.journal.events", "{event}", "Entries written to disk.");
        _commits = _meter.CreateCounter<long>("engine.journal.commits", "{commit}", "Commits; appends share them.");
        _meter.CreateObservableGauge("engine.journal.deferred", () => health().Deferred, "{event}", "Entries in memory that wait for the disk.");
        _meter.CreateObservableCounter("engine.journal.dropped", () => health().Dropped, "{event}", "Entries that found no room in memory.");
    }

    internal void Appended(TimeSpan took) => _append.Record(took.TotalSeconds);

    internal void Committed(int events)
    {
        _commits.Add(1);
        _events.Add(events);
    }

    public void Dispose() => _meter.Dispose();
}
