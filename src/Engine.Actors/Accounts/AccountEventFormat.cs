using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Engine.Actors.Accounts;

/// <summary>
/// Events and states of accounts as the journal keeps them: a manifest (name and version) and UTF-8 JSON with lower camel-case
/// names, words for enums and no nulls. Members that a reader does not know are ignored. A change of a stored shape needs a new
/// version and a reader for the old one. Thread-safe.
/// </summary>
public static class AccountEventFormat
{
    /// <summary>The manifest of a state.</summary>
    public const string StateManifest = "account-state/1";

    private static readonly AccountJson Json = AccountJson.Default;

    private static readonly (string Manifest, JsonTypeInfo Shape)[] Shapes =
    [
        ("account.registered/1", Json.Registered),
        ("account.retired/1", Json.Retired),
        ("account.cooled/1", Json.Cooled),
        ("account.stumbled/1", Json.Stumbled),
        ("account.recovered/1", Json.Recovered),
        ("account.exhausted/1", Json.Exhausted),
        ("account.reset/1", Json.Reset),
        ("account.authentication-failed/1", Json.AuthenticationFailed),
        ("account.credential-struck/1", Json.CredentialStruck),
        ("account.credential-accepted/1", Json.CredentialAccepted),
        ("account.refresh-started/1", Json.RefreshStarted),
        ("account.credential-refreshed/1", Json.CredentialRefreshed),
        ("account.refresh-failed/1", Json.RefreshFailed),
        ("account.credential-invalidated/1", Json.CredentialInvalidated),
        ("account.suspended/1", Json.Suspended),
        ("account.resumed/1", Json.Resumed),
        ("account.cleared/1", Json.Cleared),
        ("account.limits-changed/1", Json.LimitsChanged),
    ];

    private static readonly Dictionary<string, JsonTypeInfo> ByManifest =
        Shapes.ToDictionary(each => each.Manifest, each => each.Shape, StringComparer.Ordinal);

    private static readonly Dictionary<Type, (string Manifest, JsonTypeInfo Shape)> ByType = Shapes.ToDictionary(each => each.Shape.Type);

    /// <summary>All manifests of events.</summary>
    public static IReadOnlyCollection<string> Manifests => ByManifest.Keys;

    /// <summary>An event in its stored form. The caller owns the payload.</summary>
    public static (string Manifest, byte[] Payload) Write(AccountEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var (manifest, shape) = ByType[happened.GetType()];
        return (manifest, JsonSerializer.SerializeToUtf8Bytes(happened, shape));
    }

    /// <summary>An event from its stored form. The payload is not kept.</summary>
    /// <exception cref="UnknownManifestException">The manifest is none of <see cref="Manifests"/>.</exception>
    /// <exception cref="JsonException">The payload is not what the manifest says.</exception>
    public static AccountEvent Read(string manifest, ReadOnlySpan<byte> payload) =>
        ByManifest.TryGetValue(manifest, out var shape)
            ? (AccountEvent?)JsonSerializer.Deserialize(payload, shape) ?? throw new JsonException($"'{manifest}' holds nothing.")
            : throw new UnknownManifestException(manifest);

    /// <summary>A state in its stored form. The caller owns the payload.</summary>
    public static (string Manifest, byte[] Payload) WriteState(AccountState state) =>
        (StateManifest, JsonSerializer.SerializeToUtf8Bytes(StoredAccount.Of(state), Json.StoredAccount));

    /// <summary>A state from its stored form. The payload is not kept.</summary>
    /// <exception cref="UnknownManifestException">The manifest is not <see cref="StateManifest"/>.</exception>
    /// <exception cref="JsonException">The payload is not what the manifest says.</exception>
    public static AccountState ReadState(string manifest, ReadOnlySpan<byte> payload) =>
        string.Equals(manifest, StateManifest, StringComparison.Ordinal)
            ? JsonSerializer.Deserialize(payload, Json.StoredAccount)?.ToState() ?? throw new JsonException($"'{manifest}' holds nothing.")
            : throw new UnknownManifestException(manifest);
}
