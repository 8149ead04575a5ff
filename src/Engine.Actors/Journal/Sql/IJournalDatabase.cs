using System.Data.Common;

namespace Engine.Actors.Journal.Sql;

/// <summary>What differs between databases: how they are opened, and how their faults read.</summary>
internal interface IJournalDatabase : IDisposable
{
    /// <summary>A connection that writes durably.</summary>
    DbConnection OpenWriter();

    /// <summary>A connection that only reads.</summary>
    DbConnection OpenReader();

    /// <summary>Before the last writer is closed.</summary>
    void Settle(DbConnection writer);

    /// <summary>What the database itself says about its pages; empty when it is whole.</summary>
    IReadOnlyList<string> CheckIntegrity(DbConnection connection);

    /// <summary>What is wrong and what to do, in a sentence for an operator, without secrets.</summary>
    string Explain(Exception exception);
}
