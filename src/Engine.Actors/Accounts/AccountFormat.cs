using Engine.Actors.Persistence;

namespace Engine.Actors.Accounts;

/// <summary>What <see cref="AccountEventFormat"/> does, in the form persistent actors take.</summary>
internal sealed class AccountFormat : IEventFormat<AccountEvent, AccountState>
{
    public static readonly AccountFormat Instance = new();

    public Stored WriteEvent(AccountEvent happened)
    {
        var (manifest, payload) = AccountEventFormat.Write(happened);
        return new Stored(manifest, payload);
    }

    public AccountEvent ReadEvent(string manifest, ReadOnlyMemory<byte> payload) => AccountEventFormat.Read(manifest, payload.Span);

    public Stored WriteState(AccountState state)
    {
        var (manifest, payload) = AccountEventFormat.WriteState(state);
        return new Stored(manifest, payload);
    }

    public AccountState ReadState(string manifest, ReadOnlyMemory<byte> payload) => AccountEventFormat.ReadState(manifest, payload.Span);
}
