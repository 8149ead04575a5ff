using System.Globalization;
using Engine.Actors.Journal;
using Engine.Actors.Kernel;
using Engine.Actors.Persistence;

namespace Engine.Actors.Rotation;

/// <summary>One pool's memory: writes its moves and retries into the journal.</summary>
internal sealed class PoolActor(string pool, IJournal journal)
    : PersistentActor<PoolMessage, PoolEvent, PoolState>(PersistenceIdOf(pool), journal, PoolFormat.Instance, PoolState.New)
{
    private const int LongestName = 240;

    /// <summary>The name of a pool's history in the journal. A name that is too long for it is cut and told apart by its hash.</summary>
    public static string PersistenceIdOf(string pool) => pool.Length <= LongestName
        ? "pool/" + pool
        : string.Create(CultureInfo.InvariantCulture, $"pool/{pool.AsSpan(0, LongestName - 33)}~{SessionKey.Of(pool):x32}");

    protected override PoolState Apply(PoolState state, PoolEvent happened) => state.After(happened);

    protected override async ValueTask OnReceive(PoolMessage message)
    {
        if (message.Happened is { } happened)
        {
            await PersistAsync(happened);
        }

        if (message.Snapshot)
        {
            await SaveSnapshotAsync();
        }

        message.Reply.Tell(State);
    }
}

/// <summary>Something to write down, answered when it is in the journal. Without it the pool only tells what it remembers.</summary>
internal sealed record PoolMessage(PoolEvent? Happened, ReplyTo<PoolState> Reply) : IAwaited
{
    /// <summary>True to save a snapshot as well.</summary>
    public bool Snapshot { get; init; }

    public void Abandon(Exception cause) => Reply.Fail(cause);
}
