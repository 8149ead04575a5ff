using System.Text.RegularExpressions;
using Engine.Wire.Completion;

namespace Engine.Wire.Gemini;

/// <summary>Classifies error answers and in-stream errors (wire/gemini.md §7, wire/code-assist.md §4, wire/mapping.md §7).</summary>
internal static partial class GeminiErrorReader
{
    private static readonly TimeSpan MinuteQuota = TimeSpan.FromSeconds(60);

    /// <summary>Reads an error of any shape. Inside a stream the status is 0 and the body's own code counts.</summary>
    public static UpstreamError Read(int status, ReadOnlySpan<byte> body)
    {
        var fault = GeminiFault.Parse(body);
        var code = fault.Code != 0 ? fault.Code : status != 0 ? status : StatusOf(fault.Status);
        var (kind, delay) = Classify(code, fault);
        return new UpstreamError(kind, Message(kind, fault.Message))
        {
            UpstreamStatus = status,
            Code = UpstreamText.Token(fault.Reasons.Count > 0 ? fault.Reasons[0] : fault.Status),
            Param = UpstreamText.Token(UnknownName().Match(fault.Message) is { Success: true } unknown ? unknown.Groups["name"].Value : fault.Field),
            RetryAfter = delay,
            ResetsAtUnixSeconds = IsFinal(fault) ? null : fault.ResetsAtUnixSeconds,
            Window = WindowOf(kind, fault),
        };
    }

    private static (ErrorKind Kind, TimeSpan? Delay) Classify(int code, GeminiFault fault)
    {
        if (Names(fault.Reasons, "API_KEY_") || Names(fault.Reasons, "ACCESS_TOKEN_EXPIRED") || Names(fault.Reasons, "CONSUMER_SUSPENDED"))
        {
            return (ErrorKind.UpstreamCredential, null);
        }

        return code switch
        {
            400 => (BadRequest(fault), null),
            401 => (ErrorKind.UpstreamCredential, null),
            402 => (ErrorKind.Quota, fault.Delay),
            403 => (ErrorKind.Permission, null),
            404 => (ErrorKind.UnknownModel, null),
            408 or 504 => (ErrorKind.Timeout, fault.Delay),
            409 or 503 => (ErrorKind.Overloaded, fault.Delay),
            413 => (ErrorKind.BodyTooLarge, null),
            429 => Exhausted(fault),
            >= 400 and < 499 => (ErrorKind.Invalid, null),
            _ => (ErrorKind.UpstreamFault, fault.Delay),
        };
    }

    private static ErrorKind BadRequest(GeminiFault fault) => fault switch
    {
        _ when Says(fault, "token count") && Says(fault, "exceed") => ErrorKind.ContextOverflow,
        _ when Says(fault, "Cannot find field") => ErrorKind.UnsupportedParameter,

        // Billing or region: the account's trouble, not the request's.
        { Status: "FAILED_PRECONDITION" } => ErrorKind.Permission,
        _ => ErrorKind.Invalid,
    };

    // The first line that fits. A window the server names wins over prose, which is the same for a minute and for good.
    private static (ErrorKind Kind, TimeSpan? Delay) Exhausted(GeminiFault fault)
    {
        var delay = fault.Delay ?? RetryWords.Find(fault.Message);
        return fault switch
        {
            _ when IsFinal(fault) => (ErrorKind.Quota, null),
            _ when Names(fault.Quotas, "PerDay") || Names(fault.Quotas, "Daily") => (ErrorKind.Quota, delay),
            _ when Names(fault.Reasons, "MODEL_CAPACITY_") => (ErrorKind.Overloaded, delay),
            _ when Names(fault.Reasons, "QUOTA_EXHAUSTED") || Names(fault.Reasons, "INSUFFICIENT_G1_CREDITS_BALANCE") => (ErrorKind.Quota, delay),
            _ when delay is not null => (ErrorKind.RateLimit, delay),
            _ when Names(fault.Quotas, "PerMinute") => (ErrorKind.RateLimit, MinuteQuota),
            _ when Spent().IsMatch(fault.Message) => (ErrorKind.Quota, null),
            _ => (ErrorKind.RateLimit, null),
        };
    }

    private static QuotaWindow WindowOf(ErrorKind kind, GeminiFault fault)
    {
        var isMoney = IsFinal(fault) || Names(fault.Reasons, "INSUFFICIENT_G1_CREDITS_BALANCE") || Depleted().IsMatch(fault.Message);
        return isMoney && kind == ErrorKind.Quota ? QuotaWindow.Longer : QuotaWindows.Find(kind, string.Join(' ', fault.Quotas));
    }

    // The account has none of it at all.
    private static bool IsFinal(GeminiFault fault) => Zero().IsMatch(fault.Message);

    private static bool Says(GeminiFault fault, string words) => fault.Message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static bool Names(IReadOnlyList<string> names, string part) =>
        names.Any(name => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    // Codes of wire/mapping.md §7 for errors that carry a status only.
    private static int StatusOf(string status) => status switch
    {
        "INVALID_ARGUMENT" or "FAILED_PRECONDITION" or "OUT_OF_RANGE" => 400,
        "UNAUTHENTICATED" => 401,
        "PERMISSION_DENIED" => 403,
        "NOT_FOUND" => 404,
        "ALREADY_EXISTS" or "ABORTED" => 409,
        "RESOURCE_EXHAUSTED" => 429,
        "CANCELLED" => 499,
        "UNAVAILABLE" => 503,
        "DEADLINE_EXCEEDED" => 504,
        _ => 500,
    };

    private static string Message(ErrorKind kind, string message)
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
                ErrorKind.UnknownModel => "The provider does not have this model.",
                ErrorKind.UpstreamFault => "The provider failed.",
                _ => "The provider refused the request.",
            };
        }

        return UpstreamText.Clean(message);
    }

    [GeneratedRegex(@"\blimit: 0\b(?![.,][0-9])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Zero();

    [GeneratedRegex(
        "exhausted your capacity|capacity exceeded|billing details|prepayment|credits? (are|is) depleted",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spent();

    [GeneratedRegex("prepayment|credits? (are|is) depleted", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Depleted();

    [GeneratedRegex("Unknown name \"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnknownName();
}
