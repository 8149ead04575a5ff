namespace Engine.Actors.Rotation;

/// <summary>A pool's answer to one request for an account.</summary>
/// <param name="Answer">What the pool says.</param>
/// <param name="Slot">The account, when leased.</param>
/// <param name="UsableAt">When to ask again, for <see cref="LeaseAnswer.WaitUntil"/>.</param>
public readonly record struct Lease(LeaseAnswer Answer, AccountSlot? Slot, DateTimeOffset? UsableAt)
{
    /// <summary>An account to call.</summary>
    public static Lease Of(AccountSlot slot) => new(LeaseAnswer.Leased, slot, null);

    /// <summary>Nobody can serve.</summary>
    public static readonly Lease Nobody = new(LeaseAnswer.NobodyCan, null, null);
}
