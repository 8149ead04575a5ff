using System.Text.Json;
using System.Text.Json.Serialization;

namespace Engine.Actors.Accounts;

/// <summary>The generated JSON shapes of everything that <see cref="AccountEventFormat"/> stores.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false,
    Converters = [typeof(CoolingCauseWords)])]
[JsonSerializable(typeof(AccountEvent.Registered))]
[JsonSerializable(typeof(AccountEvent.Retired))]
[JsonSerializable(typeof(AccountEvent.Cooled))]
[JsonSerializable(typeof(AccountEvent.Stumbled))]
[JsonSerializable(typeof(AccountEvent.Recovered))]
[JsonSerializable(typeof(AccountEvent.Exhausted))]
[JsonSerializable(typeof(AccountEvent.Reset))]
[JsonSerializable(typeof(AccountEvent.AuthenticationFailed))]
[JsonSerializable(typeof(AccountEvent.CredentialStruck))]
[JsonSerializable(typeof(AccountEvent.CredentialAccepted))]
[JsonSerializable(typeof(AccountEvent.RefreshStarted))]
[JsonSerializable(typeof(AccountEvent.CredentialRefreshed))]
[JsonSerializable(typeof(AccountEvent.RefreshFailed))]
[JsonSerializable(typeof(AccountEvent.CredentialInvalidated))]
[JsonSerializable(typeof(AccountEvent.Suspended))]
[JsonSerializable(typeof(AccountEvent.Resumed))]
[JsonSerializable(typeof(AccountEvent.Cleared))]
[JsonSerializable(typeof(AccountEvent.LimitsChanged))]
[JsonSerializable(typeof(StoredAccount))]
internal sealed partial class AccountJson : JsonSerializerContext;

/// <summary>Causes as words: <c>rate_limit</c>.</summary>
internal sealed class CoolingCauseWords() : JsonStringEnumConverter<CoolingCause>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
