using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.OpenAiChat;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatErrorReaderTests
{
    [Theory]
    [InlineData(400, """{"error":{"message":"bad","type":"invalid_request_error","param":"max_tokens","code":"integer_below_min_value"}}""", ErrorKind.Invalid, "bad")]
    [InlineData(400, """{"error":{"message":"m","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}""", ErrorKind.UnsupportedParameter, "m")]
    [InlineData(400, """{"error":{"message":"m","type":"invalid_request_error","code":"context_length_exceeded"}}""", ErrorKind.ContextOverflow, "m")]
    [InlineData(400, """{"error":{"message":"This endpoint's maximum context length is 200000 tokens.","code":400}}""", ErrorKind.ContextOverflow, "This endpoint's maximum context length is 200000 tokens.")]
    [InlineData(400, """{"error":{"message":"The total length of all messages is too long.","type":"too_many_prompt_tokens","code":400}}""", ErrorKind.ContextOverflow, "The total length of all messages is too long.")]
    [InlineData(400, """{"code":400,"message":"Validation: Temperature must be between 0 and 2","type":"Bad Request"}""", ErrorKind.Invalid, "Validation: Temperature must be between 0 and 2")]
    [InlineData(400, """{"error":{"code":"content_filter","message":"m"}}""", ErrorKind.Policy, "m")]
    [InlineData(400, """{"code":"Client specified an invalid argument","error":"Model x does not support parameter reasoningEffort."}""", ErrorKind.UnsupportedParameter, "Model x does not support parameter reasoningEffort.")]
    [InlineData(400, """{"code":"1500","message":"Invalid model: x","object":"error","param":null,"raw_status_code":400,"type":"invalid_model"}""", ErrorKind.UnknownModel, "Invalid model: x")]
    [InlineData(400, """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]""", ErrorKind.UpstreamCredential, "API key not valid. Please pass a valid API key.")]
    [InlineData(401, """{"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}}""", ErrorKind.UpstreamCredential, "Invalid API Key")]
    [InlineData(401, """{"error":{"message":"Unauthorized","type":"api_error","param":null,"code":null}}""", ErrorKind.UpstreamCredential, "Unauthorized")]
    [InlineData(402, """{"error":{"message":"Insufficient Balance","code":"invalid_request_error"}}""", ErrorKind.Quota, "Insufficient Balance")]
    [InlineData(403, """{"error":{"code":"forbidden","message":"Forbidden"}}""", ErrorKind.Permission, "Forbidden")]
    [InlineData(404, """{"error":"Specified model not found: x."}""", ErrorKind.UnknownModel, "Specified model not found: x.")]
    [InlineData(404, """{"detail":"Not Found"}""", ErrorKind.NotFound, "Not Found")]
    [InlineData(413, "", ErrorKind.BodyTooLarge, "The upstream answered with status 413 and said nothing.")]
    [InlineData(422, """{"detail":[{"loc":["body","n"],"msg":"value is not an integer","type":"type_error"}]}""", ErrorKind.Invalid, "value is not an integer")]
    [InlineData(422, """{"error":{"code":"Invalid input","details":[{"msg":"x"}],"message":"invalid input error","status":422}}""", ErrorKind.Invalid, "invalid input error")]
    [InlineData(429, """{"error":{"message":"m","type":"requests","code":"rate_limit_exceeded"}}""", ErrorKind.RateLimit, "m")]
    [InlineData(429, """{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}""", ErrorKind.Quota, "m")]
    [InlineData(429, """{"error":{"message":"m","type":"x","code":"project_spend_limit_exceeded"}}""", ErrorKind.Quota, "m")]
    [InlineData(429, """{"error":{"message":"You exceeded your current quota, please check your plan"}}""", ErrorKind.Quota, "You exceeded your current quota, please check your plan")]
    [InlineData(429, """{"error":{"code":429,"message":"Provider returned error","metadata":{"provider_name":"G","raw":"temporarily rate-limited upstream"}}}""", ErrorKind.RateLimit, "Provider returned error")]
    [InlineData(500, "<html><body>Bad</body></html>", ErrorKind.UpstreamFault, "The upstream answered with status 500 and said nothing.")]
    [InlineData(501, """{"error":{"code":501,"message":"no","type":"not_supported_error"}}""", ErrorKind.UpstreamFault, "no")]
    [InlineData(502, "bad gateway", ErrorKind.UpstreamFault, "bad gateway")]
    [InlineData(503, """{"error":{"message":"m","type":"service_unavailable_error","code":"server_is_overloaded"}}""", ErrorKind.Overloaded, "m")]
    [InlineData(504, "", ErrorKind.Timeout, "The upstream answered with status 504 and said nothing.")]
    [InlineData(524, "", ErrorKind.Timeout, "The upstream answered with status 524 and said nothing.")]
    [InlineData(400, """{"error":{"message":"m" """, ErrorKind.Invalid, "The upstream answered with status 400 and said nothing.")]
    public void Every_shape_is_read(int status, string body, ErrorKind kind, string message)
    {
        var error = OpenAiChatDialect.Instance.ReadError(status, Encoding.UTF8.GetBytes(body));

        Assert.Equal((kind, message, status), (error.Kind, error.Message, error.UpstreamStatus));
    }

    [Fact]
    public void Code_and_parameter_are_kept_for_classification()
    {
        var error = OpenAiChatErrorReader.Read(400, """{"error":{"message":"m","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"""u8);

        Assert.Equal(("unsupported_parameter", "max_tokens"), (error.Code, error.Param));
    }

    [Theory]
    [InlineData("Rate limit reached. Please try again in 20s.", 20_000)]
    [InlineData("Please try again in 1.5s. Visit us.", 1_500)]
    [InlineData("Please try again in 6m0s.", 360_000)]
    [InlineData("Please try again in 1h2m3s.", 3_723_000)]
    [InlineData("Please try again in 850ms.", 850)]
    [InlineData("Please retry after 7 seconds.", 7_000)]
    [InlineData("Please retry after 2 minutes.", 120_000)]
    public void A_wait_named_in_prose_is_found(string message, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), OpenAiChatErrorReader.Read(429, Encoding.UTF8.GetBytes($$$"""{"error":{"message":"{{{message}}}"}}""")).RetryAfter);

    [Theory]
    [InlineData("""{"error":{"message":"m","retry_after":12}}""", 12)]
    [InlineData("""{"error":{"message":"m","retry_after":"3.5"}}""", 3.5)]
    public void A_wait_in_a_field_is_found(string body, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), OpenAiChatErrorReader.Read(429, Encoding.UTF8.GetBytes(body)).RetryAfter);

    [Theory]
    [InlineData("Please try later.")]
    [InlineData("Please try again in 99999999999999999s.")]
    public void A_message_without_a_usable_wait_names_none(string message) =>
        Assert.Null(OpenAiChatErrorReader.Read(429, Encoding.UTF8.GetBytes($$$"""{"error":{"message":"{{{message}}}"}}""")).RetryAfter);

    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-abcdef123456. Find it at https://platform.openai.com/account/api-keys.", "Incorrect API key provided: […]. Find it at […]")]
    [InlineData("Rate limit in organization org-AbCdEf123456 on tokens", "Rate limit in organization […] on tokens")]
    [InlineData("Authorization: Bearer abc.def-123456789", "Authorization: […]")]
    [InlineData("Team: bb642ce4-5161-45c9-8f34-408850883602", "Team: […]")]
    [InlineData("line\\none\\ttwo\\u0000", "line one two")]
    public void Messages_lose_addresses_keys_and_accounts(string message, string clean) =>
        Assert.Equal(clean, OpenAiChatErrorReader.Read(400, Encoding.UTF8.GetBytes($$$"""{"error":{"message":"{{{message}}}"}}""")).Message);

    [Fact]
    public void A_long_message_is_cut() =>
        Assert.Equal(1001, OpenAiChatErrorReader.Read(500, Encoding.UTF8.GetBytes(new string('x', 100_000))).Message.Length);

    [Fact]
    public void Any_bytes_are_read_without_fault() => Prop
        .ForAll<byte[], int>(static (body, status) => OpenAiChatErrorReader.Read(Math.Abs(status % 600), body).Message.Length > 0)
        .QuickCheckThrowOnFailure();
}
