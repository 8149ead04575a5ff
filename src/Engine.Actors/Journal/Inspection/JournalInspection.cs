using Engine.Actors.Journal.Sql;

namespace Engine.Actors.Journal.Inspection;

/// <summary>
/// A look at a journal from outside, also while an engine writes it. Changes nothing. Its calls block the caller's thread: it is
/// made for commands, not for actors. Not thread-safe.
/// </summary>
public sealed class JournalInspection : IDisposable
{
    /// <summary>An examination ends after this many findings.</summary>
    public const int MostFindings = 1_000;

    private readonly IJournalDatabase _database;
    private readonly SqlJournalReader _reader;

    internal JournalInspection(IJournalDatabase database) => (_database, _reader) = (database, new SqlJournalReader(database));

    /// <summary>Entries of all ids in the order in which they were written, a page at a time.</summary>
    /// <param name="persistenceId">Only this id; null for all.</param>
    /// <param name="since">Only what happened then or later; null for all.</param>
    /// <exception cref="JournalUnusableException">The database cannot be read.</exception>
    public IEnumerable<JournalEntry> Entries(string? persistenceId = null, DateTimeOffset? since = null)
    {
        JournalPage page = default;
        do
        {
            var next = persistenceId is not null && page.Entries is { Count: > 0 } read ? read[^1].SequenceNumber + 1 : 1;
            var after = page.LastOrdering;
            page = Read(r => persistenceId is null ? r.PageAfter(after) : r.PageOf(persistenceId, next));
            foreach (var entry in page.Entries)
            {
                if (since is null || entry.At >= since)
                {
                    yield return entry;
                }
            }
        }
        while (page.HasMore);
    }

    /// <summary>
    /// Examines the whole database: its pages, the numbering of each history, its snapshot, every manifest and payload.
    /// </summary>
    /// <param name="isKnown">Whether a manifest, of an event or a state, is one the caller can decode.</param>
    /// <param name="fault">Decodes a payload (manifest, UTF-8): null when that works, else why not.</param>
    /// <returns>At most <see cref="MostFindings"/>; empty when all is well.</returns>
    public IReadOnlyList<JournalFinding> Verify(Func<string, bool> isKnown, Func<string, ReadOnlyMemory<byte>, string?> fault)
    {
        ArgumentNullException.ThrowIfNull(isKnown);
        ArgumentNullException.ThrowIfNull(fault);
        var findings = new List<JournalFinding>();
        try
        {
            findings.AddRange(Read(r => r.CheckIntegrity()).Select(f => new JournalFinding(JournalFindingKind.Damaged, null, 0, f)));
            foreach (var id in Read(r => r.Ids()).Order(StringComparer.Ordinal))
            {
                findings.AddRange(VerifyHistory(id, isKnown, fault).Take(MostFindings - findings.Count));
            }
        }
        catch (JournalUnusableException e)
        {
            findings.Add(new JournalFinding(JournalFindingKind.Damaged, null, 0, e.Message));
        }

        return findings;
    }

    /// <summary>Closes the database.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _database.Dispose();
    }

    private IEnumerable<JournalFinding> VerifyHistory(
        string id, Func<string, bool> isKnown, Func<string, ReadOnlyMemory<byte>, string?> fault)
    {
        var snapshot = Read(r => r.SnapshotOf(id));
        var covered = snapshot?.SequenceNumber ?? 0;
        if (snapshot is not null && Judge(id, covered, snapshot.Manifest, snapshot.Payload, isKnown, fault) is { } bad)
        {
            yield return bad;
        }

        // Compaction deletes from the start: what a snapshot covers there is not missing.
        long last = 0;
        foreach (var entry in Entries(id))
        {
            if (entry.SequenceNumber > last + 1 && (last > 0 || entry.SequenceNumber > covered + 1))
            {
                var isCovered = entry.SequenceNumber <= covered + 1;
                yield return new JournalFinding(
                    isCovered ? JournalFindingKind.CoveredGap : JournalFindingKind.Gap,
                    id,
                    last + 1,
                    $"Entries {last + 1} to {entry.SequenceNumber - 1} are missing" + (isCovered ? "; a snapshot covers them." : "."));
            }

            last = entry.SequenceNumber;
            if (Judge(id, last, entry.Manifest, entry.Payload, isKnown, fault) is { } finding)
            {
                yield return finding;
            }
        }

        if (covered > last)
        {
            yield return new JournalFinding(
                JournalFindingKind.SnapshotAhead, id, covered, $"The snapshot includes entry {covered}; the last entry is {last}.");
        }
    }

    private static JournalFinding? Judge(
        string id,
        long number,
        string manifest,
        ReadOnlyMemory<byte> payload,
        Func<string, bool> isKnown,
        Func<string, ReadOnlyMemory<byte>, string?> fault)
    {
        if (!isKnown(manifest))
        {
            return new JournalFinding(JournalFindingKind.UnknownManifest, id, number, $"The manifest {manifest} is not known here.");
        }

        return fault(manifest, payload) is { } reason
            ? new JournalFinding(JournalFindingKind.Undecodable, id, number, $"{manifest} cannot be decoded: {reason}")
            : null;
    }

    private T Read<T>(Func<SqlJournalReader, T> read)
    {
        try
        {
            return read(_reader);
        }
        catch (Exception e) when (e is not JournalUnusableException)
        {
            throw _reader.Unusable(e);
        }
    }
}
