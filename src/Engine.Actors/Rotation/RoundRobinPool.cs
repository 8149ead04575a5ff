namespace Engine.Actors.Rotation;

/// <summary>Round-robin over a static table. A request that retries walks on from where it was, so no account is tried twice.</summary>
public sealed class RoundRobinPool : IAccountPool
{
    private readonly RotationTable _table;
    private uint _next;

    /// <summary>Rotates over <paramref name="table"/>.</summary>
    public RoundRobinPool(RotationTable table) => _table = table;

    /// <inheritdoc/>
    public Lease TryLease(IReadOnlyCollection<AccountSlot> tried)
    {
        var slots = _table.Slots;
        if (slots.IsEmpty)
        {
            return Lease.Nobody;
        }

        var first = Interlocked.Increment(ref _next) - 1;
        for (var i = 0u; i < slots.Length; i++)
        {
            var slot = slots[(int)((first + i) % (uint)slots.Length)];
            if (tried.Count == 0 || !tried.Contains(slot))
            {
                return Lease.Of(slot);
            }
        }

        return Lease.Nobody;
    }

    /// <inheritdoc/>
    public void Return(AccountSlot slot)
    {
        // A static table has no account state to give back to.
    }
}
