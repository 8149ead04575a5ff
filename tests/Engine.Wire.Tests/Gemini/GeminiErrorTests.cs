using System.Text;
using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Gemini;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Gemini;

public class GeminiErrorReaderTests
{
    [Theory]
    [InlineData(400, "INVALID_ARGUMENT", "bad", ErrorKind.Invalid)]
    [InlineData(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", ErrorKind.ContextOverflow)]
    [InlineData(400, "INVALID_ARGUMENT", "Invalid JSON payload received. Unknown name \"foo\" at 'contents': Cannot find field.", ErrorKind.UnsupportedParameter)]
    [InlineData(400, "FAILED_PRECONDITION", "User location is not supported for the API use.", ErrorKind.Permission)]
    [InlineData(401, "UNAUTHENTICATED", "no", ErrorKind.UpstreamCredential)]
    [InlineData(402, "", "prepay", ErrorKind.Quota)]
    [InlineData(403, "PERMISSION_DENIED", "no", ErrorKind.Permission)]
    [InlineData(404, "NOT_FOUND", "models/x is not found", ErrorKind.UnknownModel)]
    [InlineData(408, "", "late", ErrorKind.Timeout)]
    [InlineData(409, "ABORTED", "again", ErrorKind.Overloaded)]
    [InlineData(413, "", "big", ErrorKind.BodyTooLarge)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "slow down", ErrorKind.RateLimit)]
    [InlineData(499, "CANCELLED", "The operation was cancelled.", ErrorKind.UpstreamFault)]
    [InlineData(500, "INTERNAL", "oops", ErrorKind.UpstreamFault)]
    [InlineData(503, "UNAVAILABLE", "The model is overloaded.", ErrorKind.Overloaded)]
    [InlineData(504, "DEADLINE_EXCEEDED", "late", ErrorKind.Timeout)]
    public void Status_and_message_decide_the_kind(int code, string status, string message, ErrorKind kind)
    {
        var text = JsonSerializer.Serialize(message);
        var body = $$$$"""{"error":{"code":{{{{code}}}},"message":{{{{text}}}},"status":"{{{{status}}}}"}}""";

        Assert.Equal(kind, Read(code, body).Kind);
        Assert.Equal(kind, Read(0, body).Kind);
        Assert.Equal(kind, Read(code, $"[{body}]").Kind);
    }

    [Theory]
    [InlineData("UNAVAILABLE", ErrorKind.Overloaded)]
    [InlineData("RESOURCE_EXHAUSTED", ErrorKind.RateLimit)]
    [InlineData("WHATEVER", ErrorKind.UpstreamFault)]
    public void An_error_in_a_stream_may_have_a_status_only(string status, ErrorKind kind) =>
        Assert.Equal(kind, Read(0, $$$$"""{"error":{"message":"x","status":"{{{{status}}}}"}}""").Kind);

    [Fact]
    public void An_invalid_key_is_a_400_and_still_the_engines_credential()
    {
        var error = Read(400, """{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}""");

        Assert.Equal((ErrorKind.UpstreamCredential, "API_KEY_INVALID", 400), (error.Kind, error.Code, error.UpstreamStatus));
    }

    [Theory]
    [InlineData("", 502, ErrorKind.UpstreamFault)]
    [InlineData("<html>Bad gateway</html>", 503, ErrorKind.Overloaded)]
    [InlineData("null", 429, ErrorKind.RateLimit)]
    [InlineData("[]", 404, ErrorKind.UnknownModel)]
    [InlineData("{\"error\":null}", 500, ErrorKind.UpstreamFault)]
    public void Bodies_of_another_shape_are_classified_by_status_and_not_shown(string body, int status, ErrorKind kind)
    {
        var error = Read(status, body);

        Assert.Equal(kind, error.Kind);
        Assert.NotEmpty(error.Message);
        Assert.DoesNotContain("html", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_as_text_and_errors_inside_messages_are_found()
    {
        Assert.Equal("boom", Read(500, """{"error":"boom"}""").Message);

        var nested = JsonSerializer.Serialize("""{"error":{"code":429,"message":"inner","status":"RESOURCE_EXHAUSTED"}}""");
        Assert.Equal((ErrorKind.RateLimit, "inner"), Facts(Read(400, $$$$"""{"error":{"message":{{{{nested}}}}}}""")));
    }

    [Fact]
    public void A_stray_comma_does_not_hide_the_facts()
    {
        var error = Read(429, """[{"error":{"code":429,"message":"You have exhausted your capacity on this model. Your quota will reset after 19h14m47s.","details":[{"reason":"QUOTA_EXHAUSTED","domain":"cloudcode-pa.googleapis.com", , "metadata":{}},{"retryDelay":"68940s"}]}}]""");

        Assert.Equal((ErrorKind.Quota, TimeSpan.FromSeconds(68940)), (error.Kind, error.RetryAfter));
    }

    [Theory]
    [InlineData("45.837906927s", 45.837906927)]
    [InlineData("900ms", 0.9)]
    [InlineData("1h16m0.66s", 4560.66)]
    [InlineData("2h13m5.2s", 7985.2)]
    [InlineData("34s", 34)]
    public void Pitfall_102_the_delay_stands_in_the_body(string delay, double seconds)
    {
        string[] bodies =
        [
            $$$$"""{"error":{"code":429,"message":"x","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{{{{delay}}}}"}]}}""",
            $$$$"""{"error":{"code":429,"message":"x","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","metadata":{"quotaResetDelay":"{{{{delay}}}}"}}]}}""",
            $$$$"""{"error":{"code":429,"message":"Quota. Please retry in {{{{delay}}}}."}}""",
            $$$$"""{"error":{"code":429,"message":"Your quota will reset after {{{{delay}}}}."}}""",
        ];
        foreach (var body in bodies)
        {
            var error = Read(429, body);
            Assert.Equal(ErrorKind.RateLimit, error.Kind);
            Assert.Equal(seconds, error.RetryAfter!.Value.TotalSeconds, 6);
        }
    }

    [Theory]
    [InlineData("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "30s", ErrorKind.Quota, 30.0)]
    [InlineData("GenerateContentInputTokensPerModelPerMinute", "40s", ErrorKind.RateLimit, 40.0)]
    [InlineData("GenerateContentInputTokensPerModelPerMinute", null, ErrorKind.RateLimit, 60.0)]
    public void Pitfall_103_the_named_window_wins_over_the_prose(string quota, string? delay, ErrorKind kind, double seconds)
    {
        var retry = delay is null ? "" : $$$$""",{"retryDelay":"{{{{delay}}}}"}""";
        var error = Read(429, $$$$"""{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","details":[{"violations":[{"quotaId":"{{{{quota}}}}"}]}{{{{retry}}}}]}}""");

        Assert.Equal((kind, TimeSpan.FromSeconds(seconds)), (error.Kind, error.RetryAfter));
    }

    [Fact]
    public void Pitfall_103_without_a_window_the_prose_decides_and_a_limit_of_zero_is_final()
    {
        Assert.Equal(ErrorKind.Quota, Read(429, """{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details."}}""").Kind);
        Assert.Equal(ErrorKind.Quota, Read(429, """{"error":{"code":429,"message":"Quota exceeded, limit: 0\nPlease retry in 5s."}}""").Kind);
        Assert.Equal(ErrorKind.RateLimit, Read(429, """{"error":{"code":429,"message":"Quota exceeded, limit: 0.5\nPlease retry in 5s."}}""").Kind);
        Assert.Equal(ErrorKind.Overloaded, Read(429, """{"error":{"code":429,"message":"x","details":[{"reason":"MODEL_CAPACITY_EXHAUSTED"},{"retryDelay":"9s"}]}}""").Kind);
    }

    [Fact]
    public void Pitfall_104_a_delay_below_a_second_is_told_as_it_is() =>
        Assert.Equal(TimeSpan.FromMilliseconds(3), Read(429, """{"error":{"code":429,"details":[{"retryDelay":"0.003s"}]}}""").RetryAfter);

    [Fact]
    public void Nothing_of_the_account_reaches_the_client()
    {
        var error = Read(403, """{"error":{"code":403,"message":"Generative Language API has not been used in project 123456789 before. Enable it by visiting https://console.developers.google.com/apis?project=123456789 for 'project_number:348715329010' on '//aiplatform.googleapis.com/projects/my-proj/locations/x' or projects/abc-def with AIzaSyA0123456789abcdefghij."}}""");

        foreach (var secret in new[] { "123456789", "https", "348715329010", "my-proj", "abc-def", "AIza", "googleapis" })
        {
            Assert.DoesNotContain(secret, error.Message, StringComparison.Ordinal);
        }

        Assert.StartsWith("Generative Language API has not been used in […] before.", error.Message, StringComparison.Ordinal);
    }

    private static UpstreamError Read(int status, string body) => GeminiDialect.Instance.ReadError(status, Encoding.UTF8.GetBytes(body));

    private static (ErrorKind, string) Facts(UpstreamError error) => (error.Kind, error.Message);
}

public class GeminiErrorWriterTests
{
    [Fact]
    public void The_matrix_of_kinds_knows_a_legal_status_for_each()
    {
        string[] legal = ["INVALID_ARGUMENT", "UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND", "UNIMPLEMENTED", "RESOURCE_EXHAUSTED", "UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL"];
        foreach (var kind in Enum.GetValues<ErrorKind>())
        {
            var (status, body) = Write(new UpstreamError(kind, "what \"happened\""));
            using var document = JsonDocument.Parse(body);
            if (kind == ErrorKind.Policy)
            {
                Assert.Equal(200, status);
                Assert.Equal("PROHIBITED_CONTENT", document.RootElement.GetProperty("promptFeedback").GetProperty("blockReason").GetString());
                continue;
            }

            var error = document.RootElement.GetProperty("error");
            Assert.Equal(status, error.GetProperty("code").GetInt32());
            Assert.Contains(error.GetProperty("status").GetString(), legal);
            Assert.Contains("what \"happened\"", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ErrorKind.UpstreamCredential, 503)]
    [InlineData(ErrorKind.ClientAuthentication, 401)]
    [InlineData(ErrorKind.UnknownModel, 404)]
    [InlineData(ErrorKind.Overloaded, 503)]
    [InlineData(ErrorKind.Timeout, 504)]
    [InlineData(ErrorKind.UpstreamFault, 500)]
    [InlineData(ErrorKind.Truncated, 500)]
    [InlineData(ErrorKind.BodyTooLarge, 413)]
    public void The_status_of_a_kind(ErrorKind kind, int status) => Assert.Equal(status, Write(new UpstreamError(kind, "x")).Status);

    [Fact]
    public void Waits_are_told_as_RetryInfo_and_a_spent_quota_as_QuotaFailure()
    {
        Assert.EndsWith(
            "\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34.07s\"}]}}",
            Write(new UpstreamError(ErrorKind.RateLimit, "x") { RetryAfter = TimeSpan.FromSeconds(34.07) }).Body,
            StringComparison.Ordinal);

        var quota = Write(new UpstreamError(ErrorKind.Quota, "x") { RetryAfter = TimeSpan.FromHours(1) }).Body;
        Assert.Equal(
            (ErrorKind.Quota, TimeSpan.FromHours(1)),
            (GeminiDialect.Instance.ReadError(429, Encoding.UTF8.GetBytes(quota)).Kind, GeminiDialect.Instance.ReadError(429, Encoding.UTF8.GetBytes(quota)).RetryAfter));
    }

    [Theory]
    [InlineData("prompt is too long: 210000 tokens > 200000 maximum", "The input token count (210000) exceeds the maximum number of tokens allowed (200000).")]
    [InlineData("This model's maximum context length is 128,000 tokens. However, your messages resulted in 130,500 tokens.", "The input token count (130500) exceeds the maximum number of tokens allowed (128000).")]
    [InlineData("The input token count (5) exceeds the maximum number of tokens allowed (4).", "The input token count (5) exceeds the maximum number of tokens allowed (4).")]
    [InlineData("Too long for gpt-4.", "The input token count exceeds the maximum number of tokens allowed. Too long for gpt-4.")]
    public void Pitfall_107_an_overflow_is_told_in_the_sentence_that_agents_know(string message, string expected)
    {
        using var document = JsonDocument.Parse(Write(new UpstreamError(ErrorKind.ContextOverflow, message)).Body);

        Assert.Equal(expected, document.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public void Kinds_survive_a_round_trip_through_the_wire()
    {
        ErrorKind[] kinds =
        [
            ErrorKind.Invalid, ErrorKind.ContextOverflow, ErrorKind.BodyTooLarge, ErrorKind.Permission, ErrorKind.UnknownModel, ErrorKind.RateLimit,
            ErrorKind.Quota, ErrorKind.Overloaded, ErrorKind.Timeout, ErrorKind.UpstreamFault,
        ];
        foreach (var kind in kinds)
        {
            var (status, body) = Write(new UpstreamError(kind, "x"));
            Assert.Equal(kind, GeminiDialect.Instance.ReadError(status, Encoding.UTF8.GetBytes(body)).Kind);
        }
    }

    private static (int Status, string Body) Write(UpstreamError error)
    {
        using var output = new PooledBytes();
        var status = GeminiDialect.Instance.WriteError(error, "req-1", output);
        return (status, Encoding.UTF8.GetString(output.Span));
    }
}
