using System.Text.RegularExpressions;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Classifies error answers and in-stream errors (wire/anthropic-messages.md §8, wire/mapping.md §7).</summary>
internal static partial class AnthropicErrorReader
{
    private const int LongestMessage = 2000;

    /// <summary>Reads an error of any shape. Inside a stream the status is 0 and the type alone counts.</summary>
    public static UpstreamError Read(int status, ReadOnlySpan<byte> body)
    {
        var fault = AnthropicFault.Parse(body);
        return Classify(status, fault.Message.Length > LongestMessage ? fault with { Message = fault.Message[..LongestMessage] } : fault, fault.Message);
    }

    /// <summary>Reads the value of an <c>error</c> field.</summary>
    public static UpstreamError ReadError(int status, RawJson error) => Read(status, error.Utf8);

    private static UpstreamError Classify(int status, AnthropicFault fault, string words)
    {
        var kind = KindOf(status, fault);
        return new UpstreamError(kind, Clean(kind, words))
        {
            UpstreamStatus = status,
            Code = UpstreamText.Token(fault.Code.Length > 0 ? fault.Code : fault.Type),
            Param = kind is ErrorKind.Invalid or ErrorKind.UnsupportedParameter && Field().Match(fault.Message) is { Success: true } field
                ? UpstreamText.Token(field.Groups["path"].Value)
                : null,
            RetryAfter = RetryWords.Find(fault.Message),
            Window = WindowOf(kind, fault),
        };
    }

    // What this dialect calls a quota is always money; its rate limits name their window in words.
    private static QuotaWindow WindowOf(ErrorKind kind, AnthropicFault fault) =>
        kind == ErrorKind.Quota ? QuotaWindow.Longer : QuotaWindows.Find(kind, $"{fault.Code} {fault.Message}");

    private static ErrorKind KindOf(int status, AnthropicFault fault) => fault.Type switch
    {
        "invalid_request_error" => Invalid(fault.Message),
        "authentication_error" => ErrorKind.UpstreamCredential,
        "billing_error" => ErrorKind.Quota,
        "permission_error" => Permission(fault.Message),
        "not_found_error" => NotFound(fault.Message),
        "request_too_large" => ErrorKind.BodyTooLarge,
        "rate_limit_error" => IsSpent(fault) ? ErrorKind.Quota : ErrorKind.RateLimit,
        "overloaded_error" => ErrorKind.Overloaded,
        "timeout" or "timeout_error" => ErrorKind.Timeout,
        "api_error" or "conflict_error" => ErrorKind.UpstreamFault,
        _ => KindOf(status, fault.Message),
    };

    private static ErrorKind KindOf(int status, string message) => status switch
    {
        401 => ErrorKind.UpstreamCredential,
        402 => ErrorKind.Quota,
        403 => Permission(message),
        404 => NotFound(message),
        405 => ErrorKind.MethodNotAllowed,
        408 or 504 => ErrorKind.Timeout,
        413 => ErrorKind.BodyTooLarge,
        415 => ErrorKind.UnsupportedMediaType,
        429 => ErrorKind.RateLimit,
        503 or 529 => ErrorKind.Overloaded,
        >= 400 and < 500 and not 409 => Invalid(message),
        _ => ErrorKind.UpstreamFault,
    };

    // The first line that fits. Validation errors quote the client, so that only the beginning may speak against the account.
    private static ErrorKind Invalid(string message) => message switch
    {
        _ when Overflow().IsMatch(message) => ErrorKind.ContextOverflow,
        _ when message.StartsWith("your credit balance", StringComparison.OrdinalIgnoreCase) => ErrorKind.Quota,
        _ when Has(message, "content filtering policy") => ErrorKind.Policy,
        _ when Unsupported().IsMatch(message) => ErrorKind.UnsupportedParameter,
        _ => ErrorKind.Invalid,
    };

    // A revoked OAuth token is reported as a missing permission.
    private static ErrorKind Permission(string message) =>
        Has(message, "token") && (Has(message, "revoked") || Has(message, "expired")) ? ErrorKind.UpstreamCredential : ErrorKind.Permission;

    private static ErrorKind NotFound(string message) =>
        message.StartsWith("model:", StringComparison.Ordinal) ? ErrorKind.UnknownModel : ErrorKind.NotFound;

    private static bool IsSpent(AnthropicFault fault) => fault.Code.EndsWith("_spend_limit_reached", StringComparison.Ordinal);

    private static bool Has(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static string Clean(ErrorKind kind, string message)
    {
        if (message.Length == 0)
        {
            return kind switch
            {
                ErrorKind.RateLimit => "The provider's rate limit was reached.",
                ErrorKind.Quota => "The provider's quota is used up.",
                ErrorKind.Overloaded => "The provider is overloaded.",
                ErrorKind.Timeout => "The provider did not answer in time.",
                ErrorKind.UpstreamCredential => "The provider refused the engine's credential.",
                ErrorKind.UpstreamFault => "The provider failed.",
                _ => "The provider refused the request.",
            };
        }

        return UpstreamText.Clean(message);
    }

    [GeneratedRegex(
        @"prompt is too long|exceeds? (the )?context (limit|window)|maximum context length",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Overflow();

    [GeneratedRegex(
        @"Extra inputs are not permitted|(is|are) not supported|does not support|unsupported",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unsupported();

    // Validation errors begin with the field's path.
    [GeneratedRegex(@"^(?<path>[a-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*): ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Field();
}
