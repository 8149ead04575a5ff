namespace Engine.Actors.Journal.Postgres;

/// <summary>Where a journal on PostgreSQL is and what it may keep in memory.</summary>
/// <param name="ConnectionString">As Npgsql reads it. A secret: it is never logged.</param>
public sealed record PostgresJournalOptions(string ConnectionString)
{
    /// <summary>Bounds in memory.</summary>
    public JournalLimits Limits { get; init; } = new();

    /// <summary>Without the connection string.</summary>
    public override string ToString() => nameof(PostgresJournalOptions);
}
