using Engine.Actors.Rotation;
using Engine.Host.Upstreams;

namespace Engine.Host.Routing;

/// <summary>All accounts, over all upstreams, that can answer for one model name.</summary>
internal sealed class ModelPool
{
    private readonly IAccountPool _accounts;
    private readonly Dictionary<AccountSlot, (ModelTarget Target, UpstreamAccount Account)> _bySlot = [];

    public ModelPool(IReadOnlyList<ModelTarget> targets, Func<RotationTable, IAccountPool> rotate)
    {
        foreach (var target in targets)
        {
            foreach (var account in target.Upstream.Accounts)
            {
                _bySlot.TryAdd(account.Slot, (target, account));
            }
        }

        _accounts = rotate(new RotationTable([.. _bySlot.Keys]));
    }

    /// <summary>Takes the next account that is not in <paramref name="tried"/>; null when there is none.</summary>
    public LeasedAccount? TryLease(IReadOnlyCollection<AccountSlot> tried)
    {
        if (_accounts.TryLease(tried) is not { Answer: LeaseAnswer.Leased, Slot: { } slot })
        {
            return null;
        }

        var (target, account) = _bySlot[slot];
        return new LeasedAccount(target, account);
    }

    /// <summary>Gives an account back.</summary>
    public void Return(LeasedAccount lease) => _accounts.Return(lease.Account.Slot);
}

/// <summary>An account and the model to ask it for.</summary>
/// <param name="Target">Upstream and model.</param>
/// <param name="Account">The account.</param>
internal readonly record struct LeasedAccount(ModelTarget Target, UpstreamAccount Account);
