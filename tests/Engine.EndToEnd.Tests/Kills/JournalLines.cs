using System.Text.Json;

namespace Engine.EndToEnd.Tests.Kills;

/// <summary>What <c>engine journal show</c> printed.</summary>
internal sealed class JournalLines
{
    private readonly Dictionary<string, int> _retries;
    private readonly ILookup<string, JsonElement> _bars;

    public JournalLines(IEnumerable<string> lines)
    {
        var entries = lines.Select(static line => line.Split("  ", 4)).Where(static parts => parts.Length == 4)
            .Select(static parts => (Owner: parts[1].Split('#')[0], Manifest: parts[2], Event: ClientDialects.Parse(parts[3]))).ToArray();
        Count = entries.Length;
        _retries = entries.Where(static entry => entry.Manifest == "pool.retried/1")
            .CountBy(static entry => entry.Event.GetProperty("requestId").GetString()!, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        _bars = entries
            .Where(static entry => entry.Manifest is "account.cooled/1" or "account.exhausted/1" or "account.credential-struck/1" or "account.authentication-failed/1")
            .ToLookup(static entry => entry.Owner, static entry => entry.Event, StringComparer.Ordinal);
    }

    /// <summary>All of them.</summary>
    public int Count { get; }

    /// <summary>How often a request was tried again.</summary>
    public int RetriesOf(string request) => _retries.GetValueOrDefault(request);

    /// <summary>True when an event written before the client saw anything bars as much, and as long, as the upstream had told.</summary>
    public bool Covers(ToldBar told) => _bars["account/" + told.Call.Account].Any(each =>
        (!each.TryGetProperty("model", out var model) || model.GetString() == told.Call.Model)
        && (told.Episode.Model is not null || !each.TryGetProperty("model", out _))
        && each.GetProperty("at").GetDateTimeOffset() <= told.SeenAt
        && Latest(each) >= told.Until);

    /// <summary>True when an event names the request that was told.</summary>
    public bool Has(ToldBar told) => _bars["account/" + told.Call.Account].Any(each =>
        each.TryGetProperty("requestId", out var request) && request.GetString() == told.Call.Request.Id);

    private static DateTimeOffset Latest(JsonElement bar) => ((string[])["until", "probeAt", "resetAt"])
        .Select(name => bar.TryGetProperty(name, out var instant) ? instant.GetDateTimeOffset() : default)
        .Max();
}
