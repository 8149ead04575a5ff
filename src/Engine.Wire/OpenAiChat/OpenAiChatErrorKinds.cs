using Engine.Wire.Completion;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Tells an error's kind from its code, its type, the status and, where these say too little, its words (wire/openai-chat.md §7,
/// wire/mapping.md §7). Codes win over statuses: a 429 may be a used-up quota, a 400 a prompt too long.
/// </summary>
internal static class OpenAiChatErrorKinds
{
    // Read from top to bottom; a code or type that contains the fragment has the kind.
    private static readonly (string Fragment, ErrorKind Kind)[] Codes =
    [
        ("rate_limit", ErrorKind.RateLimit),
        ("slow_down", ErrorKind.RateLimit),
        ("too_many_requests", ErrorKind.RateLimit),
        ("throttling", ErrorKind.RateLimit),
        ("resource_exhausted", ErrorKind.RateLimit),
        ("insufficient_quota", ErrorKind.Quota),
        ("credit_balance", ErrorKind.Quota),
        ("insufficient_balance", ErrorKind.Quota),
        ("spend_limit", ErrorKind.Quota),
        ("usage_limit", ErrorKind.Quota),
        ("billing", ErrorKind.Quota),
        ("monthly_request", ErrorKind.Quota),
        ("overage_request", ErrorKind.Quota),
        ("context_length", ErrorKind.ContextOverflow),
        ("too_many_prompt_tokens", ErrorKind.ContextOverflow),
        ("exceed_context", ErrorKind.ContextOverflow),
        ("model_not_found", ErrorKind.UnknownModel),
        ("invalid_model", ErrorKind.UnknownModel),
        ("unsupported_parameter", ErrorKind.UnsupportedParameter),
        ("unsupported_value", ErrorKind.UnsupportedParameter),
        ("content_policy", ErrorKind.Policy),
        ("content_filter", ErrorKind.Policy),
        ("data_inspection_failed", ErrorKind.Policy),
        ("datainspectionfailed", ErrorKind.Policy),
        ("invalid_api_key", ErrorKind.UpstreamCredential),
        ("invalid_organization", ErrorKind.UpstreamCredential),
        ("authentication", ErrorKind.UpstreamCredential),
        ("unauthenticated", ErrorKind.UpstreamCredential),
        ("permission_denied", ErrorKind.Permission),
        ("unsupported_country", ErrorKind.Permission),
        ("request_too_large", ErrorKind.BodyTooLarge),
        ("overload", ErrorKind.Overloaded),
        ("unavailable", ErrorKind.Overloaded),
        ("timeout", ErrorKind.Timeout),
        ("deadline_exceeded", ErrorKind.Timeout),
    ];

    // Words of messages that refine a status of 4xx, or stand in where there is no status.
    private static readonly (string Fragment, ErrorKind Kind)[] Phrases =
    [
        ("maximum context length", ErrorKind.ContextOverflow),
        ("context length exceeded", ErrorKind.ContextOverflow),
        ("context window", ErrorKind.ContextOverflow),
        ("exceeds the available context", ErrorKind.ContextOverflow),
        ("prompt is too long", ErrorKind.ContextOverflow),
        ("input token count", ErrorKind.ContextOverflow),
        ("messages is too long", ErrorKind.ContextOverflow),
        ("unsupported parameter", ErrorKind.UnsupportedParameter),
        ("unsupported value", ErrorKind.UnsupportedParameter),
        ("does not support parameter", ErrorKind.UnsupportedParameter),
        ("api key not valid", ErrorKind.UpstreamCredential),
        ("incorrect api key", ErrorKind.UpstreamCredential),
        ("exceeded your current quota", ErrorKind.Quota),
        ("insufficient balance", ErrorKind.Quota),
        ("rate limit", ErrorKind.RateLimit),
        ("rate-limit", ErrorKind.RateLimit),
        ("overloaded", ErrorKind.Overloaded),
    ];

    // Codes and types of limits that only time of another order, or money, lifts. A plan's own windows (`usage_limit_reached`) are not
    // among them: their reset is named beside the code.
    private static readonly string[] Spent =
        ["insufficient_quota", "credit_balance", "insufficient_balance", "billing", "organization_usage_limit", "overage_request"];

    /// <summary>The window of a limit: what words name, else what the code means (wire/openai-chat.md §7, wire/qwen.md, wire/kiro.md).</summary>
    public static QuotaWindow WindowOf(ErrorKind kind, int status, string? code, string? type, string words)
    {
        var named = QuotaWindows.Find(kind, $"{code} {type} {words}");
        if (named != QuotaWindow.Unknown || kind != ErrorKind.Quota)
        {
            return named;
        }

        return status == 402 || Array.Exists(Spent, spent => Has(code, spent) || Has(type, spent)) ? QuotaWindow.Longer : QuotaWindow.Unknown;
    }

    public static ErrorKind Classify(int status, string? code, string? type, string words)
    {
        if (Match(Codes, code) is { } byCode)
        {
            return byCode;
        }

        if (Match(Codes, type) is { } byType && !(byType == ErrorKind.UpstreamCredential && status is not (0 or 400 or 401 or 403)))
        {
            return byType;
        }

        return status switch
        {
            401 => ErrorKind.UpstreamCredential,
            402 => ErrorKind.Quota,
            403 => ErrorKind.Permission,
            404 => words.Contains("model", StringComparison.OrdinalIgnoreCase) ? ErrorKind.UnknownModel : ErrorKind.NotFound,
            405 => ErrorKind.MethodNotAllowed,
            408 or 504 or 524 => ErrorKind.Timeout,
            409 or 503 or 529 => ErrorKind.Overloaded,
            413 => ErrorKind.BodyTooLarge,
            415 => ErrorKind.UnsupportedMediaType,
            429 => Match(Phrases, words) is ErrorKind.Quota ? ErrorKind.Quota : ErrorKind.RateLimit,
            449 => ErrorKind.RateLimit,
            >= 500 => ErrorKind.UpstreamFault,
            >= 400 => Match(Phrases, words) ?? ErrorKind.Invalid,
            _ => Match(Phrases, words) ?? (IsInvalid(code) || IsInvalid(type) ? ErrorKind.Invalid : ErrorKind.UpstreamFault),
        };
    }

    private static bool IsInvalid(string? word) => Has(word, "invalid");

    private static bool Has(string? word, string fragment) => word?.Contains(fragment, StringComparison.OrdinalIgnoreCase) == true;

    private static ErrorKind? Match((string Fragment, ErrorKind Kind)[] table, string? word)
    {
        if (string.IsNullOrEmpty(word))
        {
            return null;
        }

        foreach (var (fragment, kind) in table)
        {
            if (word.Contains(fragment, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        return null;
    }
}
