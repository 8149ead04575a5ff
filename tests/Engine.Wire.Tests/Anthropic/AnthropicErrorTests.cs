using System.Buffers;
using System.Text;
using System.Text.Json;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicErrorReaderTests
{
    [Theory]
    [InlineData(400, "invalid_request_error", "messages.0.content: Field required", ErrorKind.Invalid)]
    [InlineData(400, "invalid_request_error", "temperature: Extra inputs are not permitted", ErrorKind.UnsupportedParameter)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 201000 tokens > 200000 maximum", ErrorKind.ContextOverflow)]
    [InlineData(400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 190000 + 21000 > 200000", ErrorKind.ContextOverflow)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the API.", ErrorKind.Quota)]
    [InlineData(400, "invalid_request_error", "messages.0.role: Input should be 'user', got 'your credit balance is too low'", ErrorKind.Invalid)]
    [InlineData(400, "invalid_request_error", "tools.0.name: String should match pattern; got 'Credit balance'", ErrorKind.Invalid)]
    [InlineData(400, "error_of_tomorrow", "YOUR CREDIT BALANCE is too low", ErrorKind.Quota)]
    [InlineData(400, "error_of_tomorrow", "x: 'your credit balance is too low'", ErrorKind.Invalid)]
    [InlineData(400, "invalid_request_error", "Output blocked by content filtering policy", ErrorKind.Policy)]
    [InlineData(401, "authentication_error", "invalid x-api-key", ErrorKind.UpstreamCredential)]
    [InlineData(402, "billing_error", "pay", ErrorKind.Quota)]
    [InlineData(403, "permission_error", "no", ErrorKind.Permission)]
    [InlineData(403, "permission_error", "OAuth token has been revoked.", ErrorKind.UpstreamCredential)]
    [InlineData(404, "not_found_error", "model: claude-x", ErrorKind.UnknownModel)]
    [InlineData(404, "not_found_error", "Not Found", ErrorKind.NotFound)]
    [InlineData(408, "timeout", "slow", ErrorKind.Timeout)]
    [InlineData(409, "conflict_error", "again", ErrorKind.UpstreamFault)]
    [InlineData(413, "request_too_large", "big", ErrorKind.BodyTooLarge)]
    [InlineData(429, "rate_limit_error", "slow down", ErrorKind.RateLimit)]
    [InlineData(500, "api_error", "oops", ErrorKind.UpstreamFault)]
    [InlineData(503, "api_error", "oops", ErrorKind.UpstreamFault)]
    [InlineData(504, "timeout_error", "slow", ErrorKind.Timeout)]
    [InlineData(529, "overloaded_error", "Overloaded", ErrorKind.Overloaded)]
    [InlineData(418, "error_of_tomorrow", "x", ErrorKind.Invalid)]
    public void An_error_is_classified_by_its_type(int status, string type, string message, ErrorKind kind)
    {
        var error = Read(status, $$"""{"type":"error","error":{"type":"{{type}}","message":"{{message}}"},"request_id":"req_1"}""");
        Assert.Equal((kind, status, type, message), (error.Kind, error.UpstreamStatus, error.Code, error.Message));
    }

    [Theory]
    [InlineData(400, ErrorKind.Invalid)]
    [InlineData(401, ErrorKind.UpstreamCredential)]
    [InlineData(402, ErrorKind.Quota)]
    [InlineData(403, ErrorKind.Permission)]
    [InlineData(404, ErrorKind.NotFound)]
    [InlineData(405, ErrorKind.MethodNotAllowed)]
    [InlineData(408, ErrorKind.Timeout)]
    [InlineData(413, ErrorKind.BodyTooLarge)]
    [InlineData(415, ErrorKind.UnsupportedMediaType)]
    [InlineData(429, ErrorKind.RateLimit)]
    [InlineData(500, ErrorKind.UpstreamFault)]
    [InlineData(502, ErrorKind.UpstreamFault)]
    [InlineData(503, ErrorKind.Overloaded)]
    [InlineData(504, ErrorKind.Timeout)]
    [InlineData(529, ErrorKind.Overloaded)]
    public void A_body_of_another_shape_is_classified_by_its_status(int status, ErrorKind kind)
    {
        foreach (var body in new[] { "", "<html><body>https://internal/</body></html>", "[]", "{}", "{\"error\":" })
        {
            var error = Read(status, body);
            Assert.Equal(kind, error.Kind);
            Assert.DoesNotContain("html", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_cloud_hosts_own_shape_is_read_too()
    {
        var error = Read(429, """{"error":{"code":429,"message":"Quota exceeded for base model","status":"RESOURCE_EXHAUSTED"}}""");
        Assert.Equal((ErrorKind.RateLimit, "RESOURCE_EXHAUSTED", "Quota exceeded for base model"), (error.Kind, error.Code, error.Message));
        Assert.Equal("no", Read(400, """{"error":"no"}""").Message);
        Assert.Equal("no", Read(400, """{"message":"no"}""").Message);
    }

    [Fact]
    public void A_spend_limit_is_no_rate_limit()
    {
        var error = Read(429, """{"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}}""");
        Assert.Equal((ErrorKind.Quota, "enforced_spend_limit_reached"), (error.Kind, error.Code));
        Assert.Equal(ErrorKind.RateLimit, Read(429, """{"error":{"type":"rate_limit_error","message":"m","details":{"error_code":"ramp_limit_exceeded"}}}""").Kind);
    }

    [Theory]
    [InlineData("messages.0.content.1.text: must not be empty", "messages.0.content.1.text")]
    [InlineData("max_tokens: 999999 > 64000", "max_tokens")]
    [InlineData("Something: else", null)]
    public void The_field_at_fault_is_named(string message, string? param) =>
        Assert.Equal(param, Read(400, $$$"""{"error":{"type":"invalid_request_error","message":"{{{message}}}"}}""").Param);

    [Theory]
    [InlineData("see https://console.internal/org for more", "see […] for more")]
    [InlineData("key sk-ant-api03-abcdef is wrong", "key […] is wrong")]
    [InlineData("organization 0d0e0f00-1111-2222-3333-444455556666 of a@b.example", "organization […] of […]")]
    [InlineData("org_01ABCDEFG is disabled", "[…] is disabled")]
    public void Nothing_of_the_account_reaches_the_message(string message, string clean) =>
        Assert.Equal(clean, Read(403, $$$"""{"error":{"type":"permission_error","message":"{{{message}}}"}}""").Message);

    [Fact]
    public void Pitfall_013_an_error_status_keeps_its_meaning_though_a_stream_was_asked_for()
    {
        var error = Read(404, """{"type":"error","error":{"type":"not_found_error","message":"model: x"}}""");
        Assert.Equal(404, AnthropicDialect.Instance.WriteError(error, "", new ArrayBufferWriter<byte>()));
    }

    private static UpstreamError Read(int status, string body) => AnthropicDialect.Instance.ReadError(status, Encoding.UTF8.GetBytes(body));
}

public class AnthropicErrorWriterTests
{
    private static readonly (int Status, string Type)[] Legal =
    [
        (400, "invalid_request_error"), (401, "authentication_error"), (402, "billing_error"), (403, "permission_error"), (404, "not_found_error"),
        (405, "invalid_request_error"), (413, "request_too_large"), (415, "invalid_request_error"), (429, "rate_limit_error"), (500, "api_error"),
        (502, "api_error"), (504, "timeout_error"), (529, "overloaded_error"),
    ];

    public static TheoryData<ErrorKind> AllKinds => [.. Enum.GetValues<ErrorKind>()];

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Every_kind_has_a_legal_status_and_type(ErrorKind kind)
    {
        var (status, body) = Write(new UpstreamError(kind, "m"));
        using var json = JsonDocument.Parse(body);
        Assert.Equal("error", json.RootElement.GetProperty("type").GetString());
        Assert.Contains((status, json.RootElement.GetProperty("error").GetProperty("type").GetString()!), Legal);
    }

    [Theory]
    [InlineData(ErrorKind.UpstreamCredential, 502)]
    [InlineData(ErrorKind.Overloaded, 529)]
    [InlineData(ErrorKind.Timeout, 504)]
    [InlineData(ErrorKind.RateLimit, 429)]
    [InlineData(ErrorKind.UnknownModel, 404)]
    [InlineData(ErrorKind.BodyTooLarge, 413)]
    [InlineData(ErrorKind.UpstreamFault, 500)]
    public void The_status_tells_the_SDK_what_to_do(ErrorKind kind, int status) => Assert.Equal(status, Write(new UpstreamError(kind, "m")).Status);

    [Fact]
    public void A_spent_quota_is_a_rate_limit_unless_it_is_about_money()
    {
        Assert.Equal(429, Write(new UpstreamError(ErrorKind.Quota, "m")).Status);
        Assert.Equal(402, Write(new UpstreamError(ErrorKind.Quota, "m") { UpstreamStatus = 402 }).Status);
    }

    [Fact]
    public void An_error_body_names_the_request() => Assert.Equal(
        """{"type":"error","error":{"type":"invalid_request_error","message":"a \"b\""},"request_id":"req_1"}""",
        Write(new UpstreamError(ErrorKind.Invalid, "a \"b\"")).Body);

    [Theory]
    [InlineData("prompt is too long: 201000 tokens > 200000 maximum", "prompt is too long: 201000 tokens > 200000 maximum")]
    [InlineData("This model's maximum context length is 128000 tokens. However, your messages resulted in 130500 tokens.", "prompt is too long: 130500 tokens > 128000 maximum")]
    [InlineData("The input token count (1,200,000) exceeds the maximum number of tokens allowed (1,048,576).", "prompt is too long: 1200000 tokens > 1048576 maximum")]
    [InlineData("input length and `max_tokens` exceed context limit: 190000 + 21000 > 200000", "prompt is too long: 211000 tokens > 200000 maximum")]
    [InlineData("Your input exceeds the context window of this model.", "prompt is too long: Your input exceeds the context window of this model.")]
    public void Pitfall_107_an_overflow_begins_with_the_phrase_agents_look_for(string message, string written)
    {
        using var json = JsonDocument.Parse(Write(new UpstreamError(ErrorKind.ContextOverflow, message)).Body);
        Assert.Equal(written, json.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public void A_refused_thread_says_so_in_the_words_the_SDK_looks_for() => Assert.Contains(
        """{"type":"invalid_request_error","message":"m","details":{"error_code":"thread_unsupported_request","unsupported":["thread"]}}""",
        Write(new UpstreamError(ErrorKind.Invalid, "m") { Code = "thread_unsupported_request", Param = "thread" }).Body,
        StringComparison.Ordinal);

    private static (int Status, string Body) Write(UpstreamError error)
    {
        var output = new ArrayBufferWriter<byte>();
        var status = AnthropicDialect.Instance.WriteError(error, "req_1", output);
        return (status, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
