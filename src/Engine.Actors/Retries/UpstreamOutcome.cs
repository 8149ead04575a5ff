namespace Engine.Actors.Retries;

/// <summary>What kind of failure an upstream's answer was, as its dialect's reader understood it (wire/mapping.md §7).</summary>
public enum FailureKind
{
    /// <summary>No failure.</summary>
    None,

    /// <summary>The request is malformed, or asks for something impossible.</summary>
    Invalid,

    /// <summary>A parameter that the model does not take.</summary>
    UnsupportedParameter,

    /// <summary>The prompt is longer than the model's window.</summary>
    ContextOverflow,

    /// <summary>The body is too large for the provider.</summary>
    BodyTooLarge,

    /// <summary>The provider's policy refuses the content.</summary>
    Policy,

    /// <summary>The provider, or this account of it, does not have the model.</summary>
    UnknownModel,

    /// <summary>Nothing is at that path.</summary>
    NotFound,

    /// <summary>The credential is refused.</summary>
    Credential,

    /// <summary>The account may not do this.</summary>
    Permission,

    /// <summary>Too much for the moment.</summary>
    RateLimit,

    /// <summary>A quota or the credit is used up.</summary>
    Quota,

    /// <summary>The provider is overloaded.</summary>
    Overloaded,

    /// <summary>The provider did not answer in time.</summary>
    Timeout,

    /// <summary>The provider failed, or answered with something that is not its dialect.</summary>
    Fault,

    /// <summary>The answer broke off.</summary>
    Truncated,

    /// <summary>No connection was made.</summary>
    Unreachable,

    /// <summary>The engine gave up or failed itself.</summary>
    Engine,
}

/// <summary>The window of the quota that was violated, where the provider names one.</summary>
public enum QuotaWindow
{
    /// <summary>Not named.</summary>
    Unknown,

    /// <summary>A minute or less.</summary>
    Minute,

    /// <summary>A day.</summary>
    Day,

    /// <summary>Longer than a day, or money.</summary>
    Longer,
}

/// <summary>One call's end as the data plane saw it: a small value, success or failure.</summary>
public readonly record struct UpstreamOutcome
{
    /// <summary>The upstream's dialect, by its config word: <c>openai-chat</c>, <c>anthropic</c>, <c>gemini</c>…</summary>
    public required string Dialect { get; init; }

    /// <summary>The HTTP status; 0 when there was none.</summary>
    public int Status { get; init; }

    /// <summary>What the dialect's reader made of it.</summary>
    public FailureKind Kind { get; init; }

    /// <summary>The provider's own code or type.</summary>
    public string? Code { get; init; }

    /// <summary>The provider's words, cleaned of secrets.</summary>
    public string? Message { get; init; }

    /// <summary>The window of the quota at fault, from the body.</summary>
    public QuotaWindow Window { get; init; }

    /// <summary>How long the provider asks to wait, from the body; null when it does not say.</summary>
    public TimeSpan? BodyRetryAfter { get; init; }

    /// <summary>The instant the body names (<c>resets_at</c>, <c>quotaResetTimeStamp</c>); null when it names none. Counts before <see cref="BodyRetryAfter"/>.</summary>
    public DateTimeOffset? BodyRetryAt { get; init; }

    /// <summary>True when the body is a web page: something between the engine and the provider's API has answered.</summary>
    public bool IsHtml { get; init; }

    /// <summary>What the response headers say about limits.</summary>
    public RateLimitSignals Signals { get; init; }

    /// <summary>True when the account's own proxy was in the way.</summary>
    public bool ThroughProxy { get; init; }
}
