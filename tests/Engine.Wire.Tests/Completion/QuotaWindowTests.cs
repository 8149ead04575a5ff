using System.Text;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Gemini;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.Completion;

public class QuotaWindowTests
{
    [Theory]
    [InlineData(429, "rate_limit_exceeded", "Rate limit reached for gpt-5 on requests per min (RPM): Limit 500", ErrorKind.RateLimit, QuotaWindow.Minute)]
    [InlineData(429, "rate_limit_exceeded", "Rate limit reached for gpt-5 on tokens per min (TPM): Limit 500", ErrorKind.RateLimit, QuotaWindow.Minute)]
    [InlineData(429, "rate_limit_exceeded", "Rate limit reached for gpt-5 on requests per day (RPD): Limit 500", ErrorKind.RateLimit, QuotaWindow.Day)]
    [InlineData(429, "rate_limit_exceeded", "Rate limit reached for gpt-5 on tokens per day (TPD): Limit 500", ErrorKind.RateLimit, QuotaWindow.Day)]
    [InlineData(429, "rate_limit_exceeded", "slow down", ErrorKind.RateLimit, QuotaWindow.Unknown)]
    [InlineData(429, "insufficient_quota", "You exceeded your current quota", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData(429, "insufficient_quota", "The free daily quota is used up", ErrorKind.Quota, QuotaWindow.Day)]
    [InlineData(429, "project_spend_limit_exceeded", "m", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData(429, "organization_usage_limit_exceeded", "m", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData(429, "usage_limit_reached", "m", ErrorKind.Quota, QuotaWindow.Unknown)]
    [InlineData(402, "x", "Insufficient Balance", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData(429, "Throttling.RateQuota", "m", ErrorKind.RateLimit, QuotaWindow.Unknown)]
    [InlineData(429, "MONTHLY_REQUEST_COUNT", "m", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData(429, "OVERAGE_REQUEST_LIMIT_EXCEEDED", "m", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData(429, "DAILY_REQUEST_COUNT", "m", ErrorKind.RateLimit, QuotaWindow.Day)]
    [InlineData(400, "invalid_value", "Choose daily or monthly, at most 3 per minute", ErrorKind.Invalid, QuotaWindow.Unknown)]
    public void OpenAI_and_its_kin_name_it_in_code_or_words(int status, string code, string message, ErrorKind kind, QuotaWindow window) => Check(
        OpenAiChatDialect.Instance.ReadError(status, Utf8($$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}"}}""")), kind, window);

    [Theory]
    [InlineData(429, "rate_limit_error", "enforced_spend_limit_reached", "m", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData(402, "billing_error", "", "pay", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData(400, "invalid_request_error", "", "Your credit balance is too low", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData(429, "rate_limit_error", "", "exceeds the limit of 50 requests per minute", ErrorKind.RateLimit, QuotaWindow.Minute)]
    [InlineData(429, "rate_limit_error", "", "exceeds the limit of 5,000 requests per day", ErrorKind.RateLimit, QuotaWindow.Day)]
    [InlineData(429, "rate_limit_error", "ramp_limit_exceeded", "m", ErrorKind.RateLimit, QuotaWindow.Unknown)]
    [InlineData(529, "overloaded_error", "", "Overloaded since per minute", ErrorKind.Overloaded, QuotaWindow.Unknown)]
    public void Anthropic_names_it_by_error_code_or_words(int status, string type, string code, string message, ErrorKind kind, QuotaWindow window) => Check(
        AnthropicDialect.Instance.ReadError(
            status, Utf8($$$$"""{"type":"error","error":{"type":"{{{{type}}}}","message":"{{{{message}}}}","details":{"error_code":"{{{{code}}}}"}}}""")),
        kind,
        window);

    [Theory]
    [InlineData("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "", ErrorKind.Quota, QuotaWindow.Day)]
    [InlineData("DailyRequests", "", ErrorKind.Quota, QuotaWindow.Day)]
    [InlineData("GenerateContentInputTokensPerModelPerMinute", "", ErrorKind.RateLimit, QuotaWindow.Minute)]
    [InlineData("", "You exceeded your current quota, please check your plan and billing details.", ErrorKind.Quota, QuotaWindow.Unknown)]
    [InlineData("", "Your prepayment credits are depleted.", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData("GenerateRequestsPerDay", "Quota exceeded, limit: 0", ErrorKind.Quota, QuotaWindow.Longer)]
    [InlineData("", "slow down", ErrorKind.RateLimit, QuotaWindow.Unknown)]
    public void Gemini_names_it_by_the_quota(string quota, string message, ErrorKind kind, QuotaWindow window) => Check(
        GeminiDialect.Instance.ReadError(
            429, Utf8($$$"""{"error":{"code":429,"message":"{{{message}}}","details":[{"violations":[{"quotaId":"{{{quota}}}"}]}]}}""")),
        kind,
        window);

    private static void Check(UpstreamError error, ErrorKind kind, QuotaWindow window) => Assert.Equal((kind, window), (error.Kind, error.Window));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
