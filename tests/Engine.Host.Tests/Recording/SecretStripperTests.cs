using System.Text;
using Engine.Host.Recording;

namespace Engine.Host.Tests.Recording;

public class SecretStripperTests
{
    // Assembled from halves, so that no scanner takes this file for a leak.
    public static TheoryData<string, string> Shapes => new()
    {
        { "sk-" + "proj-abcDEF123456789012345", "sk-**************************" },
        { "sk-" + "ant-api03-abcDEF_123-456789012", "sk-******************************" },
        { "AIza" + "SyA1234567890abcdefghijklmnopqrstuv", "AIza***********************************" },
        { "ya29." + "a0AfH6SMBxyz", "ya29.************" },
        { "1//0" + "abcdefghijklmnopqrstuvwx", "1//0************************" },
        { "gsk_" + "abcdefghijklmnopqrst", "gsk_********************" },
        { "hf_" + "abcdefghijklmnopqrst", "hf_********************" },
        { "xai-" + "abcdefghijklmnopqrst", "xai-********************" },
        { "ghp_" + "abcdefghijklmnopqrst", "ghp_********************" },
        { "GOCSPX-" + "abcdefghijklmnopqrst", "GOCSPX-********************" },
        { "AKIA" + "ABCDEFGHIJKLMNOP", "AKIA****************" },
        { "Bearer " + "abcdefgh.ijklmnop", "Bearer *****************" },
        { "eyJ" + "hbGciOiJIUzI1.eyJ" + "zdWIiOiIxMjM0.c2lnbmF0dXJl", new string('*', 46) },
        { "org-" + "abcdefghij1234567890", "org-XXXXXXXXXXXXXXXXXXXX" },
        { "proj_" + "abcdefghij123456", "proj_XXXXXXXXXXXXXXXX" },
        { "user-" + "abcdefghij1234567890", "user-XXXXXXXXXXXXXXXXXXXX" },
        { "organization (" + "01234567-89ab-cdef-0123-456789abcdef)", "organization (XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX)" },
        { "-----BEGIN " + "PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----", new string('*', 60) },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_shape_is_hidden_wherever_a_word_may_start_and_keeps_its_length(string secret, string hidden)
    {
        foreach (var (before, after) in new[] { ("", ""), ("\"", "\""), (" ", " "), ("\\n", "\\n"), ("=", "&"), ("key:", ","), ("\\u0022", "\\u0022"), ("ü", " ") })
        {
            Assert.Equal(secret.Length, hidden.Length);
            Assert.Equal(before + hidden + after, Strip(before + secret + after));
        }
    }

    [Theory]
    [InlineData("a risk-assessment-of-everything")]
    [InlineData("task-based-parallelism")]
    [InlineData("gAAAAABm1234567890abcdefghijklmnopqrstuvwxyz")]
    [InlineData("call_abcdefghijklmnopqrstuvwx toolu_01abcdefghijklmnopqrst msg_0123456789abcdefghij chatcmpl-abcdefghijklmnopqrst")]
    [InlineData("sk-short")]
    [InlineData("user_name projects/engine organization")]
    [InlineData("\"thoughtSignature\":\"CkVuZ2luZSBkZW1vOiBhIHNpZ25hdHVyZSB0aGF0IG5vIHByb3ZpZGVy\"")]
    public void Content_that_is_no_secret_stays(string text) => Assert.Equal(text, Strip(text));

    [Theory]
    [InlineData("authorization", "Bearer opaque+value/12345==", "opaque+value/12345")]
    [InlineData("x-api-key", "correct-horse-battery", "correct-horse-battery")]
    [InlineData("api-key", "correct-horse-battery", "correct-horse-battery")]
    [InlineData("X-Goog-Api-Key", "correct-horse-battery", "correct-horse-battery")]
    [InlineData("cookie", "session=correct-horse; b=2", "correct-horse")]
    public void The_exchange_s_own_credentials_are_hidden_whatever_they_look_like(string header, string value, string secret)
    {
        var stripper = new SecretStripper([new(header, value)], "/");
        var escaped = secret.Replace("+", "\\u002B", StringComparison.Ordinal);
        var body = Encoding.UTF8.GetBytes($"a {secret} b {escaped} c");
        stripper.StripBody(body, isError: false);
        Assert.Equal($"a {new string('*', secret.Length)} b {new string('*', escaped.Length)} c", Encoding.UTF8.GetString(body));
        Assert.Empty(stripper.KeepRequestHeaders([new(header, value)]));
    }

    [Fact]
    public void A_key_in_the_query_is_removed_and_hidden_in_the_body()
    {
        var stripper = new SecretStripper([], "/v1beta/models/m:generateContent?key=opaque%2Dvalue-1&alt=sse");
        Assert.Equal("/v1beta/models/m:generateContent?alt=sse", stripper.StripTarget("/v1beta/models/m:generateContent?key=opaque%2Dvalue-1&alt=sse"));
        Assert.Equal("/v1beta/models", stripper.StripTarget("/v1beta/models?key=opaque%2Dvalue-1"));
        var body = "opaque-value-1"u8.ToArray();
        stripper.StripBody(body, isError: false);
        Assert.Equal("**************", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void Project_names_are_hidden_in_paths_and_errors_but_not_in_content()
    {
        var stripper = new SecretStripper([], "/");
        Assert.Equal("/v1/projects/XXXXXXXXXX/locations/l", stripper.StripTarget("/v1/projects/my-project/locations/l"));
        var body = "consumer projects/123456789"u8.ToArray();
        stripper.StripBody(body, isError: true);
        Assert.Equal("consumer projects/XXXXXXXXX", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void Only_listed_headers_are_kept()
    {
        var stripper = new SecretStripper([], "/");
        Assert.Equal(
            [new("accept", "a"), new("anthropic-version", "v"), new("content-type", "c")],
            stripper.KeepRequestHeaders(
            [
                new("Accept", "a"), new("Anthropic-Version", "v"), new("Content-Type", "c"), new("Authorization", "s"), new("Cookie", "s"),
                new("OpenAI-Organization", "s"), new("OpenAI-Project", "s"), new("x-goog-user-project", "s"), new("x-unknown", "s"),
            ]));
        Assert.Equal(
            [new("content-type", "c"), new("request-id", "r"), new("x-ratelimit-reset-tokens", "6m0s"), new("anthropic-ratelimit-tokens-limit", "1"), new("retry-after", "2?")],
            stripper.KeepResponseHeaders(
            [
                new("content-type", "c"), new("request-id", "r"), new("x-ratelimit-reset-tokens", "6m0s"), new("anthropic-ratelimit-tokens-limit", "1"),
                new("Retry-After", "2ü"), new("set-cookie", "s"), new("anthropic-organization-id", "s"), new("openai-organization", "s"), new("cf-ray", "s"),
            ]));
    }

    [Theory]
    [InlineData("""{"user":"me","messages":[{"user":"stays"}]}""", """{"user":"XX","messages":[{"user":"stays"}]}""")]
    [InlineData("""{"metadata":{"user_id":"a\"b","other":"stays"}}""", """{"metadata":{"user_id":"XXXX","other":"stays"}}""")]
    [InlineData("""{"safety_identifier":"id","x":{"user_id":"stays"}}""", """{"safety_identifier":"XX","x":{"user_id":"stays"}}""")]
    [InlineData("""{"project":"my-proj","model":"m"}""", """{"project":"XXXXXXX","model":"m"}""")]
    [InlineData("""{"user":"me","broken""", """{"user":"XX","broken""")]
    [InlineData("plain user", "plain user")]
    public void Fields_that_name_the_end_user_are_hidden(string body, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        SecretStripper.StripIdentityFields(bytes);
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes));
    }

    private static string Strip(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        new SecretStripper([], "/").StripBody(bytes, isError: false);
        return Encoding.UTF8.GetString(bytes);
    }
}
