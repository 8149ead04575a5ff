namespace Engine.Actors.Rotation;

/// <summary>
/// Hands out accounts. The seam between the data plane and whatever decides: a static table today, supervised account actors
/// behind the same calls later. Lock-free; never waits.
/// </summary>
public interface IAccountPool
{
    /// <summary>Takes the next account that is not in <paramref name="tried"/>.</summary>
    /// <param name="tried">Accounts this request has already been refused by; empty on the first attempt.</param>
    Lease TryLease(IReadOnlyCollection<AccountSlot> tried);

    /// <summary>Gives the account back.</summary>
    void Return(AccountSlot slot);
}
