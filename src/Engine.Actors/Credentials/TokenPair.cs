using System.Security.Cryptography;
using System.Text;

namespace Engine.Actors.Credentials;

/// <summary>
/// What a provider has granted to an account. Immutable. Its text never shows a token, so that no log line does by accident.
/// </summary>
public sealed class TokenPair
{
    /// <summary>Makes a pair.</summary>
    /// <param name="accessToken">What calls are signed with; null before the first refresh.</param>
    /// <param name="refreshToken">What the next pair is fetched with.</param>
    /// <param name="until">When the access token expires; null when the provider does not say.</param>
    /// <param name="since">When it was asked for.</param>
    public TokenPair(string? accessToken, string refreshToken, DateTimeOffset? until, DateTimeOffset since)
    {
        AccessToken = accessToken;
        RefreshToken = refreshToken;
        Until = until;
        Since = since;
        Fingerprint = FingerprintOf(accessToken + "\n" + refreshToken);
    }

    /// <summary>What calls are signed with; null before the first refresh. Secret.</summary>
    public string? AccessToken { get; }

    /// <summary>What the next pair is fetched with. Secret.</summary>
    public string RefreshToken { get; }

    /// <summary>When the access token expires; null when the provider does not say.</summary>
    public DateTimeOffset? Until { get; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Tells this pair from another without being one; may be shown.</summary>
    public string Fingerprint { get; }

    /// <summary>The pair an account begins with: nothing to call with yet, so that it has expired from the first.</summary>
    /// <param name="refreshToken">As the operator gave it.</param>
    public static TokenPair Seed(string refreshToken) => new(null, refreshToken, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    /// <summary>Enough to tell one secret from another, and of no other use: 12 hexadecimal digits.</summary>
    public static string FingerprintOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)).AsSpan(0, 6));

    /// <inheritdoc/>
    public override string ToString() => "token pair " + Fingerprint;
}
