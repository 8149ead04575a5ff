namespace Engine.Actors.Rotation;

/// <summary>What a pool says to a request.</summary>
public enum LeaseAnswer
{
    /// <summary>An account was leased.</summary>
    Leased,

    /// <summary>Every account is cooling; the earliest is usable at a known instant.</summary>
    WaitUntil,

    /// <summary>No account can serve this request.</summary>
    NobodyCan,

    /// <summary>The pool takes no more requests.</summary>
    Refused,
}
