using System.Collections.Immutable;
using Engine.Actors.Accounts;
using Engine.Actors.Rotation;
using Engine.Host.Upstreams;

namespace Engine.Host.Routing;

/// <summary>
/// Who can answer for one model name: stages in the order they are tried. A plain name has one stage, a flow one per target.
/// Immutable; the accounts' state and the pools' cursors are shared with the pools of other names and other configs.
/// </summary>
/// <param name="Name">The name clients use.</param>
/// <param name="Stages">At least one.</param>
internal sealed record ModelPool(string Name, ImmutableArray<PoolStage> Stages)
{
    /// <summary>True when any account reserves tokens, so that an estimate is worth its price.</summary>
    public bool CountsTokens => Stages.Any(static stage => stage.Table.CountsTokens);

    /// <summary>True when there is a choice, so that it matters to which conversation a request belongs.</summary>
    public bool HasChoice => Stages.Length > 1 || Stages[0].Table.Lanes.Length > 1;
}

/// <summary>All accounts, over all upstreams, that can answer for one name.</summary>
internal sealed class PoolStage
{
    private readonly Dictionary<Lane, (ModelTarget Target, UpstreamAccount Account)> _byLane = [];

    /// <summary>Makes a stage.</summary>
    /// <param name="pool">The pool of the name.</param>
    /// <param name="targets">Who offers it, in the order of preference.</param>
    /// <param name="selector">How they take turns.</param>
    public PoolStage(AccountPool pool, IEnumerable<ModelTarget> targets, Selector selector)
    {
        Pool = pool;
        var lanes = ImmutableArray.CreateBuilder<Lane>();
        var families = ImmutableArray.CreateBuilder<string>();
        foreach (var target in targets)
        {
            foreach (var account in target.Upstream.Accounts)
            {
                var lane = account.Slot.LaneOf(target.Model, target.Limits);
                if (_byLane.TryAdd(lane, (target, account)))
                {
                    lanes.Add(lane);
                    families.Add(SignatureFamilies.Of(target, account));
                }
            }
        }

        Table = new RotationTable(lanes.ToImmutable(), families.ToImmutable(), selector);
    }

    /// <summary>Cursor and waiting requests.</summary>
    public AccountPool Pool { get; }

    /// <summary>The lanes.</summary>
    public RotationTable Table { get; }

    /// <summary>What to call with a lease from this stage.</summary>
    public LeasedAccount Of(in LeaseResult result)
    {
        var (target, account) = _byLane[result.Lease.Lane];
        return new LeasedAccount(this, result.Lease, target, account, result.FamilyChanged);
    }

    /// <summary>The lanes that lead to the same upstream and model.</summary>
    public IEnumerable<Lane> LanesOf(ModelTarget target) => _byLane.Where(each => each.Value.Target == target).Select(each => each.Key);
}

/// <summary>An account, the model to ask it for, and the right to do so once.</summary>
/// <param name="Stage">Where it was leased.</param>
/// <param name="Lease">To be returned exactly once.</param>
/// <param name="Target">Upstream and model.</param>
/// <param name="Account">The account.</param>
/// <param name="FamilyChanged">True when the conversation's reasoning was signed by accounts that this one does not believe.</param>
internal sealed record LeasedAccount(PoolStage Stage, Lease Lease, ModelTarget Target, UpstreamAccount Account, bool FamilyChanged)
{
    /// <summary>Which account.</summary>
    public AccountId Id => Account.Slot.Id;

    /// <summary>True once the upstream has begun its answer. Touched by the request's own flow alone.</summary>
    public bool WasAnswered { get; set; }
}
