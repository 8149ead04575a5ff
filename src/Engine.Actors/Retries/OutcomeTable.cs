using static Engine.Actors.Accounts.CoolingCause;

namespace Engine.Actors.Retries;

/// <summary>
/// The classification table. Facts: the error sections of wire/*.md, wire/mapping.md §7, wire/pitfalls.md 102–106. Words decide
/// only where the provider gives no code, and against an account only where a client cannot put them into the answer.
/// </summary>
internal static class OutcomeTable
{
    private const string Google = "gemini code-assist";

    private const string Codex = "codex openai-responses openai-chat";

    /// <summary>An answer that no row explains.</summary>
    public static readonly OutcomeRow Unexplained = Faulty("unexplained");

    /// <summary>All rows, the first that fits decides.</summary>
    public static readonly OutcomeRow[] Rows =
    [
        // Ours, and the way out
        Engines("engine") with { Kind = FailureKind.Engine, Retry = RetryAdvice.GiveUp },
        Egress("egress_blocked") with { Status = 429, Circumstance = Circumstance.Html },
        Egress("egress_blocked") with { Words = "automated queries" },
        Egress("egress_challenge") with { Status = 403, Circumstance = Circumstance.Html },
        Egress("egress_challenge") with { Status = 403, Words = "cf-ray" },
        Egress("egress_challenge") with { Status = 403, Words = "just a moment" },
        Egress("egress_region") with { Code = "unsupported_country_region_territory" },
        Egress("egress_proxy") with { Status = 407 },
        Egress("egress_unreachable") with { Kind = FailureKind.Unreachable, Circumstance = Circumstance.ThroughProxy },

        // A fault of the server's own cannot blame the request, whatever its body says
        Clients("not_supported") with { Status = 501, Retry = RetryAdvice.OtherTarget },
        Faulty("provider_fault") with { Kind = FailureKind.ContextOverflow, Status = 5 },
        Faulty("provider_fault") with { Kind = FailureKind.Invalid, Status = 5 },

        // The request's own faults, by code
        Clients("fast_mode_credits") with { Dialects = "anthropic", Status = 429, Words = "credits are required for fast mode" },
        Clients("context_overflow") with { Kind = FailureKind.ContextOverflow },
        Clients("context_overflow") with { Code = "context_length_exceeded" },
        Clients("context_overflow") with { Code = "CONTENT_LENGTH_EXCEEDS_THRESHOLD" },
        Clients("body_too_large") with { Kind = FailureKind.BodyTooLarge },
        Clients("body_too_large") with { Status = 413 },
        Clients("policy") with { Kind = FailureKind.Policy },
        Clients("policy") with { Code = "cyber_policy" },
        Clients("policy") with { Code = "content_policy_violation" },
        Clients("policy") with { Code = "content_filter" },
        Clients("policy") with { Code = "data_inspection_failed" },
        Clients("policy") with { Code = "DataInspectionFailed" },
        Clients("policy") with { Status = 403, Words = "violates usage guidelines" },
        Clients("foreign_reasoning") with { Code = "invalid_encrypted_content", Retry = RetryAdvice.Elsewhere },
        Clients("foreign_reasoning") with { Status = 400, Words = "signature in thinking block", Retry = RetryAdvice.Elsewhere },
        Clients("foreign_reasoning") with { Status = 400, Words = "`signature` in `thinking` block", Retry = RetryAdvice.Elsewhere },
        Clients("foreign_reasoning") with { Status = 400, Words = "corrupted thought signature", Retry = RetryAdvice.Elsewhere },
        Clients("foreign_response") with { Code = "previous_response_not_found", Retry = RetryAdvice.Elsewhere },
        Clients("unknown_model") with { Code = "INVALID_MODEL_ID", Retry = RetryAdvice.Elsewhere },
        Clients("unknown_model") with { Code = "model_not_found", Retry = RetryAdvice.Elsewhere },
        Clients("unknown_model") with { Status = 400, Words = "model is not supported", Retry = RetryAdvice.Elsewhere },

        // The provider closes the account, or asks its owner for something
        Closed("account_on_hold") with { Code = "organization_on_hold" },
        Closed("account_disabled") with { Code = "CONSUMER_SUSPENDED" },
        Closed("account_disabled") with { Status = 403, Words = "has been disabled" },
        Closed("account_suspended") with { Code = "TEMPORARILY_SUSPENDED" },
        Closed("validation_required") with { Code = "VALIDATION_REQUIRED" },
        Closed("service_disabled") with { Code = "SERVICE_DISABLED" },
        Closed("plan_excluded") with { Code = "usage_not_included" },
        Closed("plan_excluded") with { Code = "FEATURE_NOT_SUPPORTED" },
        Closed("billing_or_region") with { Dialects = Google, Code = "FAILED_PRECONDITION" },
        Closed("project_missing") with { Dialects = "code-assist", Status = 404, Words = "could not be found" },

        // The credential
        Struck("credential") with { Dialects = Google, Code = "API_KEY_" },
        Struck("credential") with { Dialects = Google, Code = "ACCESS_TOKEN_EXPIRED" },
        Struck("credential") with { Dialects = "kiro", Status = 403, Words = "bearer token" },
        Struck("credential") with { Kind = FailureKind.Credential },
        Struck("credential") with { Status = 401 },

        // A model without room: the same for every account
        Full("model_capacity") with { Code = "MODEL_CAPACITY" },
        Full("model_capacity") with { Dialects = Codex, Words = "model is at capacity" },
        Full("upstream_rate_limit") with { Words = "rate-limited upstream", Cause = RateLimit },

        // Money and quotas, the account's or one model's
        Spent("billing") with { Dialects = "anthropic", Words = "^your credit balance" },
        Spent("billing") with { Code = "billing_error" },
        SpentModel("no_quota") with { Dialects = Google, Words = "limit: 0" },
        SpentModel("quota_day") with { Dialects = Google, Circumstance = Circumstance.Day, Deadline = Deadline.GoogleDay },
        Spent("credits") with { Code = "INSUFFICIENT_G1_CREDITS" },
        SpentModel("quota") with { Dialects = Google, Code = "QUOTA_EXHAUSTED" },
        Spent("quota_day") with { Dialects = "qwen", Circumstance = Circumstance.Day, Deadline = Deadline.BeijingDay },
        Spent("quota_day") with { Dialects = "qwen", Kind = FailureKind.Quota, Deadline = Deadline.BeijingDay },
        Spent("quota_month") with { Dialects = "kiro", Code = "MONTHLY_REQUEST_COUNT", Deadline = Deadline.Month },
        Spent("quota_month") with { Dialects = "kiro", Code = "OVERAGE_REQUEST_LIMIT", Deadline = Deadline.Month },
        Spent("quota_month") with { Dialects = "kiro", Code = "ServiceQuotaExceeded", Deadline = Deadline.Month },
        Spent("quota_day") with { Dialects = "kiro", Code = "DAILY_REQUEST_COUNT" },
        Spent("billing") with { Status = 402 },
        Spent("usage_limit") with { Code = "usage_limit_reached" },
        Spent("spend_limit") with { Code = "spend_limit" },
        Spent("spend_limit") with { Code = "organization_usage_limit_exceeded" },
        Spent("billing") with { Code = "insufficient_quota" },
        Spent("billing") with { Code = "credit_balance_exhausted" },
        Spent("subscription_window") with { Circumstance = Circumstance.AccountWindowRejected, Deadline = Deadline.Latest },
        SpentModel("model_window") with { Circumstance = Circumstance.ModelWindowRejected, Deadline = Deadline.Latest },
        Spent("subscription_window") with { Dialects = "codex", Status = 429, Circumstance = Circumstance.AccountWindowSpent },
        SpentModel("quota_day") with { Kind = FailureKind.RateLimit, Circumstance = Circumstance.Day },
        SpentModel("quota_day") with { Kind = FailureKind.Quota, Circumstance = Circumstance.Day },
        Spent("quota") with { Kind = FailureKind.RateLimit, Circumstance = Circumstance.Longer },
        SpentModel("quota") with { Dialects = Google, Kind = FailureKind.Quota },
        Spent("quota") with { Kind = FailureKind.Quota },

        // Too much for the moment
        Overloaded("overloaded") with { Dialects = "kiro", Words = "unexpectedly high load" },
        Limited("rate_limit") with { Dialects = "kiro ollama", Kind = FailureKind.RateLimit, Scope = Scope.Account },
        Limited("rate_limit") with { Kind = FailureKind.RateLimit },
        Overloaded("overloaded") with { Kind = FailureKind.Overloaded },
        Overloaded("overloaded") with { Status = 529 },
        Limited("rate_limit") with { Status = 429 },
        Limited("rate_limit") with { Status = 449 },

        // The provider's faults
        Faulty("timeout") with { Kind = FailureKind.Timeout },
        Faulty("truncated") with { Kind = FailureKind.Truncated },
        Faulty("unreachable") with { Kind = FailureKind.Unreachable, Scope = Scope.Account },
        Faulty("timeout") with { Status = 408 },
        Faulty("conflict") with { Status = 409 },
        Faulty("cancelled") with { Status = 499 },
        Faulty("provider_fault") with { Kind = FailureKind.Fault },
        Faulty("provider_fault") with { Status = 5 },

        // Permission, and what remains of the request's own faults
        Forbidden("forbidden") with { Kind = FailureKind.Permission },
        Forbidden("forbidden") with { Status = 403 },
        Clients("unknown_model") with { Kind = FailureKind.UnknownModel, Retry = RetryAdvice.Elsewhere },
        Clients("not_found") with { Kind = FailureKind.NotFound, Retry = RetryAdvice.OtherTarget },
        Clients("not_found") with { Status = 404, Retry = RetryAdvice.OtherTarget },
        Clients("unsupported_parameter") with { Kind = FailureKind.UnsupportedParameter },
        Clients("invalid") with { Kind = FailureKind.Invalid },
    ];

    private static OutcomeRow Engines(string reason) => new() { Reason = reason, Culprit = Culprit.Engine };

    private static OutcomeRow Egress(string reason) =>
        new() { Reason = reason, Culprit = Culprit.Engine, Measure = Measure.Cool, Scope = Scope.Account, Cause = Accounts.CoolingCause.Egress };

    private static OutcomeRow Clients(string reason) => new() { Reason = reason, Culprit = Culprit.Client, Retry = RetryAdvice.GiveUp };

    private static OutcomeRow Closed(string reason) =>
        new() { Reason = reason, Culprit = Culprit.Account, Measure = Measure.Refuse, Scope = Scope.Account };

    private static OutcomeRow Struck(string reason) =>
        new() { Reason = reason, Culprit = Culprit.Account, Measure = Measure.Strike, Scope = Scope.Account };

    private static OutcomeRow Spent(string reason) =>
        new() { Reason = reason, Culprit = Culprit.Account, Measure = Measure.Exhaust, Scope = Scope.Account };

    private static OutcomeRow SpentModel(string reason) =>
        new() { Reason = reason, Culprit = Culprit.Account, Measure = Measure.Exhaust, Scope = Scope.Model };

    private static OutcomeRow Limited(string reason) =>
        new() { Reason = reason, Culprit = Culprit.Account, Measure = Measure.Cool, Cause = RateLimit };

    private static OutcomeRow Forbidden(string reason) =>
        new() { Reason = reason, Culprit = Culprit.Account, Measure = Measure.Cool, Cause = Permission };

    private static OutcomeRow Overloaded(string reason) =>
        new() { Reason = reason, Culprit = Culprit.Provider, Measure = Measure.Cool, Cause = Overload };

    private static OutcomeRow Full(string reason) => Overloaded(reason) with { Retry = RetryAdvice.OtherTarget };

    private static OutcomeRow Faulty(string reason) =>
        new() { Reason = reason, Culprit = Culprit.Provider, Measure = Measure.Cool, Cause = ProviderFault };
}
