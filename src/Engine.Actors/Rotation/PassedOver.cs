namespace Engine.Actors.Rotation;

/// <summary>Why a request did not get a lane. A closed set: decision traces, metrics and error messages use it.</summary>
public enum PassedOver
{
    /// <summary>Nothing stands in the way.</summary>
    No,

    /// <summary>It refused this very request a moment ago.</summary>
    Tried,

    /// <summary>A call to it has just failed; what that means is being written down.</summary>
    UnderReview,

    /// <summary>Its rest is over and one probe is out; the probe's outcome decides.</summary>
    ProbeOut,

    /// <summary>It has come back from a rest, or has few requests left, and as many calls as it may be good for are not answered yet.</summary>
    FewLeft,

    /// <summary>It rests until an instant because its provider limits it.</summary>
    Cooling,

    /// <summary>It rests until an instant because its provider fails or is overloaded.</summary>
    Failing,

    /// <summary>Its quota is used up until an instant.</summary>
    Exhausted,

    /// <summary>The provider refuses its credential.</summary>
    AuthenticationFailed,

    /// <summary>Its credential is being refreshed.</summary>
    Refreshing,

    /// <summary>An operator has taken it out.</summary>
    Suspended,

    /// <summary>It is no longer configured.</summary>
    Retired,

    /// <summary>The operator's limit of requests per minute.</summary>
    RequestLimit,

    /// <summary>The operator's limit of tokens per minute.</summary>
    TokenLimit,

    /// <summary>The operator's limit of calls at once.</summary>
    ConcurrencyLimit,

    /// <summary>The conversation's reasoning belongs to another family of accounts, which is asked first.</summary>
    OtherFamily,

    /// <summary>It could serve; the strategy took another one.</summary>
    NotChosen,

    /// <summary>Requests that came earlier are waiting for it.</summary>
    OthersWait,
}

/// <summary>Words for <see cref="PassedOver"/>.</summary>
public static class PassedOverWords
{
    /// <summary>The word in traces and metrics: <c>cooling</c>, <c>request_limit</c>…</summary>
    public static string Word(this PassedOver reason) => reason switch
    {
        PassedOver.No => "none",
        PassedOver.Tried => "tried",
        PassedOver.UnderReview => "under_review",
        PassedOver.ProbeOut => "probe_out",
        PassedOver.FewLeft => "few_left",
        PassedOver.Cooling => "cooling",
        PassedOver.Failing => "failing",
        PassedOver.Exhausted => "exhausted",
        PassedOver.AuthenticationFailed => "auth_failed",
        PassedOver.Refreshing => "refreshing",
        PassedOver.Suspended => "suspended",
        PassedOver.Retired => "retired",
        PassedOver.RequestLimit => "request_limit",
        PassedOver.TokenLimit => "token_limit",
        PassedOver.ConcurrencyLimit => "concurrency_limit",
        PassedOver.OtherFamily => "other_family",
        PassedOver.OthersWait => "others_wait",
        _ => "not_chosen",
    };

    /// <summary>True when waiting a moment helps although no instant is known: somebody else's call decides.</summary>
    public static bool ResolvesByItself(this PassedOver reason) =>
        reason is PassedOver.UnderReview or PassedOver.ProbeOut or PassedOver.FewLeft or PassedOver.Refreshing or PassedOver.ConcurrencyLimit or PassedOver.OthersWait;
}
