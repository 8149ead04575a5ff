namespace Engine.Actors.Rotation;

/// <summary>What a request says when it asks a pool for a lane.</summary>
public readonly record struct LeaseRequest
{
    /// <summary>Who asks: waiting requests of different clients take turns. Empty when the engine asks for no keys.</summary>
    public string Client { get; init; }

    /// <summary>UTC ticks at which it came: one that was refused elsewhere meanwhile keeps its place among its client's.</summary>
    public long Since { get; init; }

    /// <summary>The conversation, hashed; 0 when requests of it need not stay together.</summary>
    public UInt128 Session { get; init; }

    /// <summary>Tokens the call will probably use; reserved where the operator limits them.</summary>
    public long Tokens { get; init; }

    /// <summary>Lanes that refused this request; null on the first attempt. Not to be changed while a pool looks at it.</summary>
    public IReadOnlyList<Lane>? Tried { get; init; }

    /// <summary>Where it is written down who was considered and why not; null when nobody will ask.</summary>
    public DecisionTrace? Trace { get; init; }
}

/// <summary>A pool's answer.</summary>
public enum LeaseAnswer
{
    /// <summary>Here is a lane.</summary>
    Leased,

    /// <summary>Not now; the earliest is usable at a known instant.</summary>
    WaitUntil,

    /// <summary>No lane can serve this request, and time does not help.</summary>
    NobodyCan,

    /// <summary>Waiting would help, but as many requests wait already as may.</summary>
    Refused,
}

/// <summary>A pool's answer to one request.</summary>
/// <param name="Answer">What it says.</param>
/// <param name="Lease">The lane, when leased.</param>
/// <param name="UsableAt">UTC ticks of the earliest instant at which a lane may be free, when the answer is to wait.</param>
/// <param name="Reason">What stands in the way of the lane that is free first.</param>
/// <param name="FamilyChanged">True when the conversation's reasoning was signed by another family of accounts than the leased one.</param>
/// <param name="Rotation">The pool's move to another account, when this lease made one.</param>
public readonly record struct LeaseResult(
    LeaseAnswer Answer, Lease Lease, long UsableAt, PassedOver Reason, bool FamilyChanged, RotationMove? Rotation);

/// <summary>A sticky strategy moved on.</summary>
/// <param name="From">The account it stayed on.</param>
/// <param name="To">The account it is on now.</param>
/// <param name="Why">A closed word: <c>request_count</c>, or what stood in the way.</param>
public sealed record RotationMove(AccountSlot From, AccountSlot To, string Why);
