namespace Engine.Actors.Journal;

/// <summary>Bounds of what a durable journal keeps in memory.</summary>
public sealed record JournalLimits
{
    /// <summary>Appends that may wait for the writer; further ones wait outside, asynchronously. At least 1.</summary>
    public int QueueLength { get; init; } = 1_024;

    /// <summary>Appends and snapshots that share one commit at most. At least 1.</summary>
    public int CommitLength { get; init; } = 512;

    /// <summary>Entries kept while the disk does not take them. At least 0.</summary>
    public int BacklogEntries { get; init; } = 100_000;

    /// <summary>Bytes of payload kept while the disk does not take them. At least 0.</summary>
    public long BacklogBytes { get; init; } = 64 << 20;

    /// <summary>The first pause before the disk is tried again; each further pause is twice as long.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause before the disk is tried again.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);
}
