using Engine.Actors.Credentials;
using Engine.Host.Accounts.Credentials;
using Engine.Host.Configuration;
using Engine.Host.Upstreams;
using Engine.Testing;

namespace Engine.Host.Tests.Accounts.Credentials;

public sealed class OAuthTokenEndpointTests
{
    [Fact]
    public async Task The_request_is_a_form_as_the_standard_has_it()
    {
        await using var provider = new ScriptedUpstream(exchange => exchange.JsonAsync(200, """{"access_token":"at","token_type":"Bearer","expires_in":60,"refresh_token":"rt"}"""));

        var answer = await AskAsync(provider.BaseUrl, "r+t&1");

        var exchange = Assert.Single(provider.Exchanges);
        Assert.Equal(("POST", "/oauth/token"), (exchange.Method, exchange.Target));
        Assert.Equal("application/x-www-form-urlencoded", exchange.Headers["content-type"]);
        Assert.Equal("grant_type=refresh_token&refresh_token=r%2Bt%261&client_id=id&client_secret=s%3Dcret&scope=a+b", exchange.Text);
        Assert.Equal(("at", "rt", TimeSpan.FromSeconds(60)), (answer.Grant!.AccessToken, answer.Grant.RefreshToken, answer.Grant.Lifetime));
    }

    [Theory]
    [InlineData("""{"access_token":"at"}""", null, null)]
    [InlineData("""{"access_token":"at","token_type":"BEARER","expires_in":"3599","refresh_token":""}""", null, 3599.0)]
    [InlineData("""{"access_token":"at","expires_in":0,"refresh_token":"rt"}""", "rt", null)]
    [InlineData("""{"access_token":"at","expires_in":1.5}""", null, 1.5)]
    [InlineData("""{"access_token":"at","expires_in":1e300}""", null, null)]
    [InlineData("""{"access_token":"at","expires_in":99999999999999}""", null, 315_360_000.0)]
    [InlineData("""{"access_token":"at","expires_in":null,"refresh_token":7}""", null, null)]
    public async Task What_an_answer_leaves_out_is_not_known(string body, string? refreshToken, double? lifetime)
    {
        var grant = (await AnswerAsync(200, body)).Grant!;

        Assert.Equal(("at", refreshToken, lifetime), (grant.AccessToken, grant.RefreshToken, grant.Lifetime?.TotalSeconds));
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_grant","error_description":"token secret-1 was revoked"}""", "invalid_grant")]
    [InlineData(401, """{"error":"invalid_client"}""", "invalid_client")]
    [InlineData(200, """{"error":"invalid_grant"}""", "invalid_grant")]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error"}}""", "http_400")]
    [InlineData(400, """{"error":"Secret-1"}""", "http_400")]
    [InlineData(400, "[]", "http_400")]
    [InlineData(500, "<html>", "http_500")]
    [InlineData(302, "", "http_302")]
    [InlineData(200, "", "malformed_answer")]
    [InlineData(200, "[]", "malformed_answer")]
    [InlineData(200, """{"access_token":""}""", "malformed_answer")]
    [InlineData(200, """{"access_token":"a\r\nx: y"}""", "malformed_answer")]
    [InlineData(200, """{"access_token":"at","token_type":"mac"}""", "unsupported_token_type")]
    public async Task Every_other_answer_is_a_failure_with_a_code_and_nothing_else(int status, string body, string code) =>
        Assert.Equal(TokenAnswer.Failed(code), await AnswerAsync(status, body));

    [Fact]
    public async Task An_endpoint_that_breaks_off_or_is_not_there_is_unreachable()
    {
        var provider = new ScriptedUpstream(exchange =>
        {
            exchange.Reset();
            return Task.CompletedTask;
        });
        Assert.Equal(TokenAnswer.Failed("unreachable"), await AskAsync(provider.BaseUrl, "rt"));
        Assert.Single(provider.Exchanges);
        await provider.DisposeAsync();

        Assert.Equal(TokenAnswer.Failed("unreachable"), await AskAsync(provider.BaseUrl, "rt"));
    }

    [Fact]
    public async Task An_endpoint_that_stays_silent_is_given_up()
    {
        var time = new ManualTimeProvider();
        await using var provider = new ScriptedUpstream(exchange =>
        {
            time.Advance(TimeSpan.FromSeconds(31));
            return exchange.ClosedByEngineAsync(TimeSpan.FromSeconds(30));
        });

        Assert.Equal(TokenAnswer.Failed("timeout"), await AskAsync(provider.BaseUrl, "rt", time));
    }

    private static async Task<TokenAnswer> AnswerAsync(int status, string body)
    {
        await using var provider = new ScriptedUpstream(exchange => exchange.JsonAsync(status, body));
        return await AskAsync(provider.BaseUrl, "rt");
    }

    private static async Task<TokenAnswer> AskAsync(string baseUrl, string refreshToken, TimeProvider? time = null)
    {
        using var transport = new PooledHttpTransport();
        var options = new OAuthOptions(new Uri(baseUrl + "/oauth/token"), "id", new Secret("s=cret"), new Secret("seed"), "a b");
        return await new OAuthTokenEndpoint(options, null, transport, time ?? TimeProvider.System).RefreshAsync(refreshToken, CancellationToken.None);
    }
}
