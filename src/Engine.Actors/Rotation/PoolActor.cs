using Engine.Actors.Journal;
using Engine.Actors.Kernel;

namespace Engine.Actors.Rotation;

/// <summary>One pool's memory: writes its moves and retries into the journal.</summary>
internal sealed class PoolActor(string pool, IJournal journal)
    : PersistentActor<PoolMessage, PoolEvent, PoolState>(PersistenceIdOf(pool), journal, PoolFormat.Instance, PoolState.New)
{
    /// <summary>The name of a pool's history in the journal.</summary>
    public static string PersistenceIdOf(string pool) => "pool/" + pool;

    protected override PoolState Apply(PoolState state, PoolEvent happened) => state.After(happened);

    protected override async ValueTask OnReceive(PoolMessage message)
    {
        if (message.Happened is { } happened)
        {
            await PersistAsync(happened);
        }

        message.Reply.Tell(State);
    }
}

/// <summary>Something to write down, answered when it is in the journal. Without it the pool only tells what it remembers.</summary>
internal sealed record PoolMessage(PoolEvent? Happened, ReplyTo<PoolState> Reply) : IAwaited
{
    public void Abandon(Exception cause) => Reply.Fail(cause);
}
