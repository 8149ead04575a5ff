using Engine.Actors.Retries;

namespace Engine.Actors.Tests.Retries;

public sealed class OutcomeClassifierTests
{
    private const FailureKind Invalid = FailureKind.Invalid;
    private const FailureKind Fault = FailureKind.Fault;
    private const FailureKind RateLimit = FailureKind.RateLimit;
    private const FailureKind Quota = FailureKind.Quota;
    private const FailureKind Permission = FailureKind.Permission;
    private const FailureKind Overloaded = FailureKind.Overloaded;

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    // One row of expectations per row of the table, at least: what comes in, and the verdict in words.
    private static readonly (string Expected, UpstreamOutcome Outcome)[] Cases =
    [
        ("Engine None GiveUp engine", Seen("gemini", 0, FailureKind.Engine)),
        ("Engine Cool Account Egress Elsewhere egress_blocked", Seen("gemini", 429, RateLimit) with { IsHtml = true }),
        ("Engine Cool Account Egress Elsewhere egress_blocked", Seen("code-assist", 503, Fault, words: "We're sorry... automated queries")),
        ("Engine Cool Account Egress Elsewhere egress_challenge", Seen("codex", 403, Permission) with { IsHtml = true }),
        ("Engine Cool Account Egress Elsewhere egress_challenge", Seen("codex", 403, Permission, words: "blocked, cf-ray: 1234")),
        ("Engine Cool Account Egress Elsewhere egress_challenge", Seen("openai-chat", 403, Permission, words: "Just a moment...")),
        ("Engine Cool Account Egress Elsewhere egress_region", Seen("openai-chat", 403, Permission, "unsupported_country_region_territory")),
        ("Engine Cool Account Egress Elsewhere egress_proxy", Seen("openai-chat", 407, Fault)),
        ("Engine Cool Account Egress Elsewhere egress_unreachable", Seen("anthropic", 0, FailureKind.Unreachable) with { ThroughProxy = true }),

        ("Client None OtherTarget not_supported", Seen("openai-chat", 501, Fault)),
        ("Provider Cool Model ProviderFault Elsewhere provider_fault", Seen("openai-chat", 500, FailureKind.ContextOverflow)),
        ("Provider Cool Model ProviderFault Elsewhere provider_fault", Seen("openai-chat", 502, Invalid)),

        ("Client None GiveUp fast_mode_credits", Seen("anthropic", 429, RateLimit, "rate_limit_error", "Usage credits are required for fast mode.")),
        ("Client None GiveUp context_overflow", Seen("anthropic", 400, FailureKind.ContextOverflow, words: "prompt is too long: 2 tokens > 1 maximum")),
        ("Client None GiveUp context_overflow", Seen("codex", 0, Invalid, "context_length_exceeded")),
        ("Client None GiveUp context_overflow", Seen("kiro", 400, Invalid, "CONTENT_LENGTH_EXCEEDS_THRESHOLD")),
        ("Client None GiveUp body_too_large", Seen("anthropic", 413, FailureKind.BodyTooLarge)),
        ("Client None GiveUp body_too_large", Seen("ollama", 413, Invalid)),
        ("Client None GiveUp policy", Seen("openai-chat", 400, FailureKind.Policy)),
        ("Client None GiveUp policy", Seen("codex", 400, Invalid, "cyber_policy")),
        ("Client None GiveUp policy", Seen("openai-chat", 400, Invalid, "content_policy_violation")),
        ("Client None GiveUp policy", Seen("openai-chat", 400, Invalid, "content_filter")),
        ("Client None GiveUp policy", Seen("qwen", 400, Invalid, "data_inspection_failed")),
        ("Client None GiveUp policy", Seen("qwen", 400, Invalid, "DataInspectionFailed")),
        ("Client None GiveUp policy", Seen("openai-chat", 403, Permission, words: "Content violates usage guidelines.")),
        ("Client None Elsewhere foreign_reasoning", Seen("openai-responses", 400, Invalid, "invalid_encrypted_content")),
        ("Client None Elsewhere foreign_reasoning", Seen("codex", 400, Invalid, words: "Invalid signature in thinking block")),
        ("Client None Elsewhere foreign_reasoning", Seen("anthropic", 400, Invalid, words: "messages.1: Invalid `signature` in `thinking` block")),
        ("Client None Elsewhere foreign_reasoning", Seen("gemini", 400, Invalid, words: "Corrupted thought signature.")),
        ("Client None Elsewhere foreign_response", Seen("openai-responses", 404, FailureKind.NotFound, "previous_response_not_found")),
        ("Client None Elsewhere unknown_model", Seen("kiro", 400, Invalid, "INVALID_MODEL_ID")),
        ("Client None Elsewhere unknown_model", Seen("openai-chat", 404, FailureKind.NotFound, "model_not_found")),
        ("Client None Elsewhere unknown_model", Seen("codex", 400, Invalid, words: "The model is not supported when using this plan.")),

        ("Account Refuse Account Elsewhere account_on_hold", Seen("anthropic", 400, Invalid, "organization_on_hold")),
        ("Account Refuse Account Elsewhere account_disabled", Seen("gemini", 403, FailureKind.Credential, "CONSUMER_SUSPENDED")),
        ("Account Refuse Account Elsewhere account_disabled", Seen("code-assist", 403, Permission, words: "It has been disabled in this account for violation of Terms of Service.")),
        ("Account Refuse Account Elsewhere account_suspended", Seen("kiro", 403, Permission, "TEMPORARILY_SUSPENDED")),
        ("Account Refuse Account Elsewhere validation_required", Seen("code-assist", 403, Permission, "VALIDATION_REQUIRED")),
        ("Account Refuse Account Elsewhere service_disabled", Seen("gemini", 403, Permission, "SERVICE_DISABLED")),
        ("Account Refuse Account Elsewhere plan_excluded", Seen("codex", 429, RateLimit, "usage_not_included")),
        ("Account Refuse Account Elsewhere plan_excluded", Seen("kiro", 403, Permission, "FEATURE_NOT_SUPPORTED")),
        ("Account Refuse Account Elsewhere billing_or_region", Seen("gemini", 400, Permission, "FAILED_PRECONDITION")),
        ("Account Refuse Account Elsewhere project_missing", Seen("code-assist", 404, FailureKind.UnknownModel, "NOT_FOUND", "Resource […] could not be found")),

        ("Account Strike Account Elsewhere credential", Seen("gemini", 400, Invalid, "API_KEY_INVALID")),
        ("Account Strike Account Elsewhere credential", Seen("code-assist", 401, FailureKind.Permission, "ACCESS_TOKEN_EXPIRED")),
        ("Account Strike Account Elsewhere credential", Seen("kiro", 403, Permission, words: "The bearer token included in the request is invalid")),
        ("Account Strike Account Elsewhere credential", Seen("anthropic", 403, FailureKind.Credential, words: "OAuth token has been revoked")),
        ("Account Strike Account Elsewhere credential", Seen("openai-chat", 401, Invalid, "invalid_api_key")),

        ("Provider Cool Model Overload OtherTarget model_capacity", Seen("code-assist", 429, Overloaded, "MODEL_CAPACITY_EXHAUSTED")),
        ("Provider Cool Model Overload OtherTarget model_capacity", Seen("kiro", 429, RateLimit, "INSUFFICIENT_MODEL_CAPACITY")),
        ("Provider Cool Model Overload OtherTarget model_capacity", Seen("codex", 503, Overloaded, words: "Selected model is at capacity.")),
        ("Provider Cool Model RateLimit OtherTarget upstream_rate_limit", Seen("openai-chat", 429, RateLimit, words: "x:free is temporarily rate-limited upstream.")),

        ("Account Exhaust Account Elsewhere billing", Seen("anthropic", 400, Invalid, "invalid_request_error", "Your credit balance is too low to access the API.")),
        ("Account Exhaust Account Elsewhere billing", Seen("anthropic", 0, Quota, "billing_error")),
        ("Account Exhaust Model Elsewhere no_quota", Seen("gemini", 429, Quota, words: "Quota exceeded for metric: x, limit: 0")),
        ("Account Exhaust Model Elsewhere quota_day", Seen("gemini", 429, Quota) with { Window = QuotaWindow.Day }),
        ("Account Exhaust Account Elsewhere credits", Seen("code-assist", 429, Quota, "INSUFFICIENT_G1_CREDITS_BALANCE")),
        ("Account Exhaust Model Elsewhere quota", Seen("code-assist", 429, RateLimit, "QUOTA_EXHAUSTED")),
        ("Account Exhaust Account Elsewhere quota_day", Seen("qwen", 429, RateLimit) with { Window = QuotaWindow.Day }),
        ("Account Exhaust Account Elsewhere quota_day", Seen("qwen", 429, Quota, "insufficient_quota")),
        ("Account Exhaust Account Elsewhere quota_month", Seen("kiro", 402, Quota, "MONTHLY_REQUEST_COUNT")),
        ("Account Exhaust Account Elsewhere quota_month", Seen("kiro", 429, RateLimit, "OVERAGE_REQUEST_LIMIT_EXCEEDED")),
        ("Account Exhaust Account Elsewhere quota_month", Seen("kiro", 402, Quota, "ServiceQuotaExceededException")),
        ("Account Exhaust Account Elsewhere quota_day", Seen("kiro", 429, RateLimit, "DAILY_REQUEST_COUNT")),
        ("Account Exhaust Account Elsewhere billing", Seen("gemini", 402, Quota)),
        ("Account Exhaust Account Elsewhere usage_limit", Seen("codex", 429, RateLimit, "usage_limit_reached")),
        ("Account Exhaust Account Elsewhere spend_limit", Seen("anthropic", 429, Quota, "enforced_spend_limit_reached")),
        ("Account Exhaust Account Elsewhere spend_limit", Seen("openai-chat", 429, Quota, "organization_usage_limit_exceeded")),
        ("Account Exhaust Account Elsewhere billing", Seen("openai-chat", 429, RateLimit, "insufficient_quota")),
        ("Account Exhaust Account Elsewhere billing", Seen("openai-chat", 429, RateLimit, "credit_balance_exhausted")),
        ("Account Exhaust Account Elsewhere subscription_window", Seen("anthropic", 429, RateLimit) with { Signals = Window(WindowKind.Session, rejected: true) }),
        ("Account Exhaust Model Elsewhere model_window", Seen("anthropic", 429, RateLimit) with { Signals = Window(WindowKind.ModelWeek, rejected: true) }),
        ("Account Exhaust Account Elsewhere subscription_window", Seen("codex", 429, RateLimit) with { Signals = Window(WindowKind.Week, rejected: false) }),
        ("Account Exhaust Model Elsewhere quota_day", Seen("openai-chat", 429, RateLimit, "rate_limit_exceeded") with { Window = QuotaWindow.Day }),
        ("Account Exhaust Model Elsewhere quota_day", Seen("openai-chat", 429, Quota) with { Window = QuotaWindow.Day }),
        ("Account Exhaust Account Elsewhere quota", Seen("anthropic", 429, RateLimit) with { Window = QuotaWindow.Longer }),
        ("Account Exhaust Model Elsewhere quota", Seen("gemini", 429, Quota, words: "You have exhausted your capacity on this model.")),
        ("Account Exhaust Account Elsewhere quota", Seen("anthropic", 400, Quota)),

        ("Provider Cool Model Overload Elsewhere overloaded", Seen("kiro", 500, Fault, words: "Encountered unexpectedly high load when processing")),
        ("Account Cool Account RateLimit Elsewhere rate_limit", Seen("kiro", 429, RateLimit, "ThrottlingException")),
        ("Account Cool Model RateLimit Elsewhere rate_limit", Seen("openai-chat", 429, RateLimit, "rate_limit_exceeded")),
        ("Provider Cool Model Overload Elsewhere overloaded", Seen("codex", 503, Overloaded, "server_is_overloaded")),
        ("Provider Cool Model Overload Elsewhere overloaded", Seen("anthropic", 529, Fault)),
        ("Account Cool Model RateLimit Elsewhere rate_limit", Seen("openai-chat", 429, Invalid)),
        ("Account Cool Model RateLimit Elsewhere rate_limit", Seen("iflow", 449, Invalid)),

        ("Provider Cool Model ProviderFault Elsewhere timeout", Seen("gemini", 504, FailureKind.Timeout)),
        ("Provider Cool Model ProviderFault Elsewhere truncated", Seen("anthropic", 200, FailureKind.Truncated)),
        ("Provider Cool Account ProviderFault Elsewhere unreachable", Seen("anthropic", 0, FailureKind.Unreachable)),
        ("Provider Cool Model ProviderFault Elsewhere timeout", Seen("openai-chat", 408, Invalid)),
        ("Provider Cool Model ProviderFault Elsewhere conflict", Seen("anthropic", 409, Fault)),
        ("Provider Cool Model ProviderFault Elsewhere cancelled", Seen("gemini", 499, Invalid)),
        ("Provider Cool Model ProviderFault Elsewhere provider_fault", Seen("openai-chat", 200, Fault)),
        ("Provider Cool Model ProviderFault Elsewhere provider_fault", Seen("openai-chat", 520, FailureKind.NotFound)),

        ("Account Cool Model Permission Elsewhere forbidden", Seen("openai-chat", 403, Permission, words: "You are not allowed to sample from this model")),
        ("Account Cool Model Permission Elsewhere forbidden", Seen("openai-chat", 403, Invalid, "forbidden")),
        ("Client None Elsewhere unknown_model", Seen("anthropic", 404, FailureKind.UnknownModel, words: "model: claude-x")),
        ("Client None OtherTarget not_found", Seen("anthropic", 404, FailureKind.NotFound)),
        ("Client None OtherTarget not_found", Seen("openai-chat", 404, Invalid)),
        ("Client None GiveUp unsupported_parameter", Seen("openai-chat", 400, FailureKind.UnsupportedParameter)),
        ("Client None GiveUp invalid", Seen("openai-chat", 422, Invalid)),
    ];

    public static TheoryData<int> CaseNumbers => [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(CaseNumbers))]
    public void Each_row_gives_its_verdict(int number)
    {
        var (expected, outcome) = Cases[number];

        var verdict = OutcomeClassifier.Classify(outcome, Now);

        object?[] words = verdict.Measure == Measure.None
            ? [verdict.Culprit, verdict.Measure, verdict.Retry, verdict.Reason]
            : [verdict.Culprit, verdict.Measure, verdict.Scope, verdict.Cause, verdict.Retry, verdict.Reason];
        Assert.Equal(expected, string.Join(' ', words.Where(word => word is not null)));
    }

    [Fact]
    public void No_row_is_unreachable_and_each_is_tested()
    {
        var reached = Cases.Select(each => OutcomeClassifier.RowOf(each.Outcome)).ToHashSet(ReferenceEqualityComparer.Instance);

        Assert.Empty(OutcomeTable.Rows.Where(row => !reached.Contains(row)).Select(row => $"{row.Reason} {row.Dialects} {row.Kind} {row.Status} {row.Code} {row.Words}"));
    }

    [Fact]
    public void Every_kind_and_status_finds_a_row()
    {
        foreach (var kind in Enum.GetValues<FailureKind>().Where(kind => kind != FailureKind.None))
        {
            foreach (var status in Enumerable.Range(0, 600))
            {
                Assert.NotSame(OutcomeTable.Unexplained, OutcomeClassifier.RowOf(Seen("openai-chat", status, kind)));
            }
        }

        Assert.Same(OutcomeTable.Unexplained, OutcomeClassifier.RowOf(Seen("openai-chat", 0, (FailureKind)99)));
    }

    [Fact]
    public void A_success_frees() => Assert.Equal(
        new Verdict(Culprit.Nobody, Measure.Free, Scope.Model, null, RetryAdvice.GiveUp, null, "success"),
        OutcomeClassifier.Classify(Seen("anthropic", 200, FailureKind.None), Now));

    [Fact]
    public void A_client_cannot_talk_an_account_out_of_service()
    {
        // Provider messages quote what the client sent.
        foreach (var words in (string[])["tools.0.name: 'your credit balance is too low'", "'limit: 0' has been disabled", "bearer token", "spend_limit"])
        {
            foreach (var dialect in (string[])["anthropic", "openai-chat", "codex", "kiro"])
            {
                Assert.Equal(Culprit.Client, OutcomeClassifier.Classify(Seen(dialect, 400, Invalid, "invalid_request_error", words), Now).Culprit);
            }
        }
    }

    [Theory]
    [InlineData("limit: 0", "no_quota")]
    [InlineData("limit: 0, model: x", "no_quota")]
    [InlineData("limit: 0.5", "rate_limit")]
    [InlineData("limit: 05", "rate_limit")]
    public void A_limit_of_nothing_is_no_quota(string words, string reason) =>
        Assert.Equal(reason, OutcomeClassifier.Classify(Seen("gemini", 429, RateLimit, words: words), Now).Reason);

    private static UpstreamOutcome Seen(string dialect, int status, FailureKind kind, string? code = null, string? words = null) =>
        new() { Dialect = dialect, Status = status, Kind = kind, Code = code, Message = words };

    private static RateLimitSignals Window(WindowKind kind, bool rejected) =>
        new(null, [new WindowCounter(kind, 100, 0, Now.AddHours(1), rejected)]);
}
