using System.Collections.Immutable;
using System.Text.Json;

namespace Engine.Actors.Accounts;

/// <summary>An account's state as a snapshot keeps it.</summary>
internal sealed record StoredAccount(
    string Upstream,
    string Account,
    StoredStanding Standing,
    StoredStanding? Underlying,
    StoredStanding? Suspension,
    StoredStanding? BehindRefusal,
    IReadOnlyDictionary<string, StoredModel> Models,
    int Failures,
    DateTimeOffset? StumbledAt,
    int Strikes,
    DateTimeOffset? StruckAt,
    StoredCredential Credential,
    DateTimeOffset CredentialSince,
    bool IsRefreshable,
    string Fingerprint,
    AccountLimits Limits)
{
    public static StoredAccount Of(AccountState state) => new(
        state.Id.Upstream,
        state.Id.Account,
        StoredStanding.Of(state.Standing),
        state.Underlying is null ? null : StoredStanding.Of(state.Underlying),
        state.Suspension is null ? null : StoredStanding.Of(state.Suspension),
        state.BehindRefusal is null ? null : StoredStanding.Of(state.BehindRefusal),

        // In order, so that the same state is always stored as the same bytes.
        new SortedDictionary<string, StoredModel>(
            state.Models.ToDictionary(
                each => each.Key,
                each => new StoredModel(StoredStanding.Of(each.Value.Standing), each.Value.Failures, each.Value.StumbledAt),
                StringComparer.Ordinal),
            StringComparer.Ordinal),
        state.Failures,
        state.StumbledAt,
        state.Strikes,
        state.StruckAt,
        StoredCredential.Of(state.Credential),
        state.CredentialSince,
        state.IsRefreshable,
        state.Fingerprint,
        state.Limits);

    public AccountState ToState() => Upstream is null || Account is null || Standing is null || Models is null || Credential is null
        ? throw new JsonException("A member of the account is missing.")
        : Restored();

    private AccountState Restored() => new()
    {
        Id = new AccountId(Upstream, Account),
        Standing = Standing.ToStanding(),
        Underlying = Underlying?.ToStanding(),
        Suspension = Suspension?.ToStanding() as Standing.Suspended,
        BehindRefusal = BehindRefusal?.ToStanding(),
        Models = Models.ToImmutableDictionary(
            each => each.Key,
            each => new ModelState(each.Value.Standing.ToStanding(), each.Value.Failures, each.Value.StumbledAt),
            StringComparer.Ordinal),
        Failures = Failures,
        StumbledAt = StumbledAt,
        Strikes = Strikes,
        StruckAt = StruckAt,
        Credential = Credential.ToCredential(),
        CredentialSince = CredentialSince,
        IsRefreshable = IsRefreshable,
        Fingerprint = Fingerprint ?? "",
        Limits = Limits ?? AccountLimits.None,
    };
}

/// <summary>One model in a snapshot.</summary>
internal sealed record StoredModel(StoredStanding Standing, int Failures, DateTimeOffset? StumbledAt);

/// <summary>A standing in a snapshot: its word, and the members that it has.</summary>
internal sealed record StoredStanding(string Is)
{
    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public CoolingCause? Cause { get; init; }

    public DateTimeOffset? Hint { get; init; }

    public DateTimeOffset? ResetAt { get; init; }

    public DateTimeOffset? ProbeAt { get; init; }

    public string? Reason { get; init; }

    public string? By { get; init; }

    public static StoredStanding Of(Standing standing) => standing switch
    {
        Standing.Cooling(var since, var until, var cause, var hint) =>
            new(AccountStatus.Cooling) { Since = since, Until = until, Cause = cause, Hint = hint },
        Standing.Exhausted(var since, var resetAt, var probeAt) =>
            new(AccountStatus.Exhausted) { Since = since, ResetAt = resetAt, ProbeAt = probeAt },
        Standing.AuthenticationFailed(var since, var probeAt, var reason) =>
            new(AccountStatus.AuthenticationFailed) { Since = since, ProbeAt = probeAt, Reason = reason },
        Standing.Suspended(var since, var by) => new(AccountStatus.Suspended) { Since = since, By = by },
        Standing.Retired { Since: var since } => new(AccountStatus.Retired) { Since = since },
        _ => new(AccountStatus.Available),
    };

    public Standing ToStanding() => Is switch
    {
        AccountStatus.Available => Standing.Available.Instance,
        AccountStatus.Cooling => new Standing.Cooling(Needed(Since), Needed(Until), Needed(Cause), Hint),
        AccountStatus.Exhausted => new Standing.Exhausted(Needed(Since), ResetAt, Needed(ProbeAt)),
        AccountStatus.AuthenticationFailed => new Standing.AuthenticationFailed(Needed(Since), Needed(ProbeAt), Reason ?? ""),
        AccountStatus.Suspended => new Standing.Suspended(Needed(Since), By ?? ""),
        AccountStatus.Retired => new Standing.Retired(Needed(Since)),
        _ => throw new JsonException($"There is no standing '{Is}'."),
    };

    private T Needed<T>(T? member)
        where T : struct => member ?? throw new JsonException($"A member of the standing '{Is}' is missing.");
}

/// <summary>A credential's state in a snapshot.</summary>
internal sealed record StoredCredential(string Is, DateTimeOffset? Since, DateTimeOffset? Until, string? Reason)
{
    public static StoredCredential Of(CredentialState credential) => credential switch
    {
        CredentialState.Refreshing(var since, var until) => new("refreshing", since, until, null),
        CredentialState.Invalid(var since, var reason) => new("invalid", since, null, reason),
        _ => new("valid", null, (credential as CredentialState.Valid)?.Until, null),
    };

    public CredentialState ToCredential() => Is switch
    {
        "valid" => new CredentialState.Valid(Until),
        "refreshing" => new CredentialState.Refreshing(Since ?? DateTimeOffset.MinValue, Until),
        "invalid" => new CredentialState.Invalid(Since ?? DateTimeOffset.MinValue, Reason ?? ""),
        _ => throw new JsonException($"There is no credential state '{Is}'."),
    };
}
