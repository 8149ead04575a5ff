using Engine.Actors.Journal;
using Engine.Actors.Kernel;
using Engine.Actors.Persistence;
using Engine.Actors.Rotation;

namespace Engine.Actors.Accounts;

/// <summary>
/// One account: asks the decider, writes what it says into the journal, and only then shows the new state to requests. It knows
/// nothing about accounts itself.
/// </summary>
internal sealed class AccountActor : PersistentActor<AccountMessage, AccountEvent, AccountState>
{
    private readonly AccountSlot _slot;
    private readonly AccountSurroundings _around;

    public AccountActor(AccountSlot slot, AccountSurroundings around)
        : base(slot.Id.PersistenceId, around.Journal, AccountFormat.Instance, AccountState.New(slot.Id))
    {
        _slot = slot;
        _around = around;
    }

    protected override AccountState Apply(AccountState state, AccountEvent happened) => AccountDecider.Apply(state, happened);

    protected override ValueTask OnRecovered()
    {
        Show();
        return default;
    }

    protected override async ValueTask OnReceive(AccountMessage message)
    {
        var durability = Durability.Durable;
        if (message.Command is { } command)
        {
            var events = AccountDecider.Decide(State, command, Context.System.Time.GetUtcNow(), _around.Policy, _around.Jitter());
            if (events.Length > 0)
            {
                durability = await PersistAsync(events);
                Show();
            }
        }

        if (message.Snapshot)
        {
            await SaveSnapshotAsync();
        }

        message.Reply.Tell(durability);
    }

    private void Show()
    {
        _slot.Publish(State);
        _around.Published();
    }
}

/// <summary>A command to an account, answered when what follows from it is in the journal and visible. Without a command it only asks whether the account has recovered.</summary>
internal sealed record AccountMessage(AccountCommand? Command, ReplyTo<Durability> Reply) : IAwaited
{
    /// <summary>True to save a snapshot as well.</summary>
    public bool Snapshot { get; init; }

    public void Abandon(Exception cause) => Reply.Fail(cause);
}
