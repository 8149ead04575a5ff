namespace Engine.Actors.Credentials;

/// <summary>The place where a provider exchanges refresh tokens (RFC 6749 §6).</summary>
public interface ITokenEndpoint
{
    /// <summary>The code of a refresh token that the provider does not take any more (RFC 6749 §5.2).</summary>
    const string InvalidGrant = "invalid_grant";

    /// <summary>Asks for a new pair. Takes a bounded time; what goes wrong on the way is an answer, too.</summary>
    /// <param name="refreshToken">Secret; may be of no use afterwards.</param>
    /// <param name="cancellation">Gives up: a pair may have been granted and be lost.</param>
    ValueTask<TokenAnswer> RefreshAsync(string refreshToken, CancellationToken cancellation);
}

/// <summary>What a token endpoint answered.</summary>
/// <param name="Grant">The new tokens; null when there are none.</param>
/// <param name="Failure">The provider's code, or a word for what went wrong on the way; empty with a grant. Never a secret.</param>
public readonly record struct TokenAnswer(TokenGrant? Grant, string Failure)
{
    /// <summary>New tokens.</summary>
    public static TokenAnswer Of(TokenGrant grant) => new(grant, "");

    /// <summary>No tokens.</summary>
    public static TokenAnswer Failed(string code) => new(null, code);
}

/// <summary>New tokens. Shows nothing of them as text.</summary>
/// <param name="accessToken">What calls are signed with.</param>
/// <param name="refreshToken">Replaces the one it was asked with; null when that stays.</param>
/// <param name="lifetime">How long the access token lasts; null when the provider does not say.</param>
public sealed class TokenGrant(string accessToken, string? refreshToken, TimeSpan? lifetime)
{
    /// <summary>What calls are signed with. Secret.</summary>
    public string AccessToken { get; } = accessToken;

    /// <summary>Replaces the one it was asked with; null when that stays. Secret.</summary>
    public string? RefreshToken { get; } = refreshToken;

    /// <summary>How long the access token lasts; null when the provider does not say.</summary>
    public TimeSpan? Lifetime { get; } = lifetime;
}
