using Engine.Actors.Retries;
using Engine.Host.Configuration;
using Engine.Host.Exchange;
using Engine.Host.Routing;
using Engine.Host.Upstreams;
using Engine.Wire.Completion;
using QuotaWindow = Engine.Wire.Completion.QuotaWindow;

namespace Engine.Host.Accounts;

/// <summary>From what the wire said to what the accounts understand.</summary>
internal static class OutcomeReader
{
    /// <summary>What an answer's head shows.</summary>
    public static AnswerSigns SignsOf(UpstreamDialect dialect, UpstreamResponse response, DateTimeOffset now) =>
        new(Limits(dialect, response, now), UpstreamFailures.IsWebPage(response), Unreachable: false);

    /// <summary>A failed attempt as an outcome.</summary>
    public static UpstreamOutcome Failure(LeasedAccount lease, UpstreamError error, in AnswerSigns signs) => new()
    {
        Dialect = ConfigWords.Dialects.Of(lease.Target.Upstream.Dialect),
        Status = error.UpstreamStatus,
        Kind = signs.Unreachable ? FailureKind.Unreachable : KindOf(error.Kind),
        Code = error.Code,
        Message = error.Message,
        Window = error.Window switch
        {
            QuotaWindow.Minute => Engine.Actors.Retries.QuotaWindow.Minute,
            QuotaWindow.Day => Engine.Actors.Retries.QuotaWindow.Day,
            QuotaWindow.Longer => Engine.Actors.Retries.QuotaWindow.Longer,
            _ => Engine.Actors.Retries.QuotaWindow.Unknown,
        },
        BodyRetryAfter = error.RetryAfter,
        BodyRetryAt = error.ResetsAtUnixSeconds is { } at and > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(at) : null,
        IsHtml = signs.IsWebPage,
        Signals = signs.Limits,
        ThroughProxy = lease.Account.Proxy is not null,
    };

    // Looks at names only, until one is of interest.
    private static RateLimitSignals Limits(UpstreamDialect dialect, UpstreamResponse response, DateTimeOffset now)
    {
        foreach (var (name, _) in response.Headers)
        {
            if (name.Contains("ratelimit", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("retry-after", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("x-codex-", StringComparison.OrdinalIgnoreCase))
            {
                return RateLimitHeaders.Read(ConfigWords.Dialects.Of(dialect), response.Header, now);
            }
        }

        return default;
    }

    private static FailureKind KindOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid or ErrorKind.UnsupportedMediaType or ErrorKind.MethodNotAllowed => FailureKind.Invalid,
        ErrorKind.UnsupportedParameter => FailureKind.UnsupportedParameter,
        ErrorKind.ContextOverflow => FailureKind.ContextOverflow,
        ErrorKind.BodyTooLarge => FailureKind.BodyTooLarge,
        ErrorKind.Policy => FailureKind.Policy,
        ErrorKind.UnknownModel => FailureKind.UnknownModel,
        ErrorKind.NotFound => FailureKind.NotFound,
        ErrorKind.UpstreamCredential or ErrorKind.ClientAuthentication => FailureKind.Credential,
        ErrorKind.Permission => FailureKind.Permission,
        ErrorKind.RateLimit => FailureKind.RateLimit,
        ErrorKind.Quota => FailureKind.Quota,
        ErrorKind.Overloaded => FailureKind.Overloaded,
        ErrorKind.Timeout => FailureKind.Timeout,
        ErrorKind.UpstreamFault => FailureKind.Fault,
        ErrorKind.Truncated => FailureKind.Truncated,
        _ => FailureKind.Engine,
    };
}
