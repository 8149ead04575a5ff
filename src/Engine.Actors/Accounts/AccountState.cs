using System.Collections.Immutable;

namespace Engine.Actors.Accounts;

/// <summary>Everything that is known of an account and must survive the process. Immutable; the decider makes the next one.</summary>
public sealed record AccountState
{
    /// <summary>Which account.</summary>
    public required AccountId Id { get; init; }

    /// <summary>What the whole account may do.</summary>
    public Standing Standing { get; init; } = Standing.Available.Instance;

    /// <summary>What was there before an operator suspended or the config retired it; comes back afterwards.</summary>
    public Standing? Underlying { get; init; }

    /// <summary>The operator's word that a retirement covers; it holds again when the account comes back. Null otherwise.</summary>
    public Standing.Suspended? Suspension { get; init; }

    /// <summary>The rate limit or spent quota that a refused credential covers; a new credential does not lift it. Null when there is none.</summary>
    public Standing? BehindRefusal { get; init; }

    /// <summary>Models with a standing of their own, or with failures behind them. A model that is not here is available.</summary>
    public ImmutableDictionary<string, ModelState> Models { get; init; } = ImmutableDictionary<string, ModelState>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Refusals of the whole account in a row.</summary>
    public int Failures { get; init; }

    /// <summary>When the provider last failed the whole account alone, so that nothing is barred yet. Null when it rests or stands well.</summary>
    public DateTimeOffset? StumbledAt { get; init; }

    /// <summary>Refusals of the credential in a row: 0, 1 or 2.</summary>
    public int Strikes { get; init; }

    /// <summary>When the credential was last refused; refusals of calls leased before are the same refusal. Null when it stands well.</summary>
    public DateTimeOffset? StruckAt { get; init; }

    /// <summary>Its credential.</summary>
    public CredentialState Credential { get; init; } = new CredentialState.Valid(null);

    /// <summary>When the present credential came. Refusals of calls leased before concern its predecessor.</summary>
    public DateTimeOffset CredentialSince { get; init; }

    /// <summary>True when the engine can fetch a new credential by itself.</summary>
    public bool IsRefreshable { get; init; }

    /// <summary>Tells one credential from another without being one; empty where none is needed.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The operator's own limits of the account.</summary>
    public AccountLimits Limits { get; init; } = AccountLimits.None;

    /// <summary>An account that nobody has registered yet: retired since ever, with nothing behind it.</summary>
    public static AccountState New(AccountId id) => new()
    {
        Id = id,
        Standing = new Standing.Retired(DateTimeOffset.MinValue),
        Underlying = Standing.Available.Instance,
    };

    /// <summary>What the account may do for a model: the stricter of its own standing and the model's, that is, the one usable later.</summary>
    public Standing StandingOf(string model) =>
        Models.TryGetValue(model, out var own) && own.Standing.UsableAt > Standing.UsableAt ? own.Standing : Standing;

    /// <summary>True when a success with this model would free something, so that it must be reported.</summary>
    public bool HasFailuresOf(string model) =>
        Strikes > 0 || Failures > 0 || Standing is not Standing.Available || Models.ContainsKey(model);
}

/// <summary>One model of an account.</summary>
/// <param name="Standing">What it may do.</param>
/// <param name="Failures">Refusals in a row: the backoff's exponent.</param>
/// <param name="StumbledAt">When the provider last failed the model alone, so that nothing is barred yet; null when it rests.</param>
public sealed record ModelState(Standing Standing, int Failures, DateTimeOffset? StumbledAt = null);

/// <summary>An account's credential.</summary>
public abstract record CredentialState
{
    private CredentialState()
    {
    }

    /// <summary>Usable.</summary>
    /// <param name="Until">When it expires; null when it does not.</param>
    public sealed record Valid(DateTimeOffset? Until) : CredentialState;

    /// <summary>A refresh is under way, or was when the process died.</summary>
    /// <param name="Since">When it began.</param>
    /// <param name="Until">When the credential that is being replaced expires; null when it does not, or has no expiry.</param>
    public sealed record Refreshing(DateTimeOffset Since, DateTimeOffset? Until = null) : CredentialState;

    /// <summary>The provider will not take it again.</summary>
    /// <param name="Since">When that became clear.</param>
    /// <param name="Reason">The provider's code.</param>
    public sealed record Invalid(DateTimeOffset Since, string Reason) : CredentialState;
}

/// <summary>An operator's own limits; 0 means none.</summary>
/// <param name="RequestsPerMinute">Calls in any 60 seconds.</param>
/// <param name="TokensPerMinute">Input and output tokens in any 60 seconds.</param>
/// <param name="Concurrency">Calls at once.</param>
public sealed record AccountLimits(long RequestsPerMinute, long TokensPerMinute, int Concurrency)
{
    /// <summary>No limit.</summary>
    public static readonly AccountLimits None = new(0, 0, 0);
}
