using Engine.Host.Configuration;

namespace Engine.Host.Tests.Configuration;

public sealed class OAuthConfigTests : IDisposable
{
    private readonly ConfigSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void An_account_may_have_a_credential_that_refreshes()
    {
        _sample.Environment["TOKEN"] = "rt-1";

        var account = Account("""oauth { token-url = "https://p.example/token/", client-id = id, client-secret = cs, refresh-token = ${?TOKEN}, scope = "a b" }""");

        Assert.Null(account.ApiKey);
        Assert.Equal(new OAuthOptions(new Uri("https://p.example/token"), "id", new Secret("cs"), new Secret("rt-1"), "a b"), account.OAuth);
        Assert.DoesNotContain("rt-1", $"{account.OAuth}", StringComparison.Ordinal);
    }

    [Fact]
    public void Client_and_scope_may_be_left_out() => Assert.Equal(
        new OAuthOptions(new Uri("http://127.0.0.1:1/token"), null, null, new Secret("rt"), ""),
        Account("""oauth { token-url = "http://127.0.0.1:1/token", client-id = "", refresh-token = rt }""").OAuth);

    [Theory]
    [InlineData("""oauth { token-url = "https://p/t", refresh-token = ${?NONE} }""", "NONE is not set")]
    [InlineData("""oauth { token-url = ${?NONE}, refresh-token = rt }""", "NONE is not set")]
    [InlineData("""oauth { token-url = "https://p/t", refresh-token = rt, client-id = ${?NONE} }""", "NONE is not set")]
    [InlineData("""oauth { token-url = "https://p/t", refresh-token = rt, client-secret = ${?NONE} }""", "NONE is not set")]
    [InlineData("oauth = ${?NONE}", "NONE is not set")]
    [InlineData("""oauth { token-url = "https://p/t", refresh-token = "" }""", "its refresh-token is empty")]
    [InlineData("""oauth { token-url = "", refresh-token = rt }""", "its token-url is empty")]
    public void An_account_that_lacks_what_may_still_be_set_is_skipped_with_a_notice(string oauth, string why)
    {
        var result = Load(oauth);

        Assert.Empty(result.Faults);
        Assert.Empty(result.Options!.Upstreams);
        Assert.Contains(result.Notices, notice => notice.Message == $"the account a of the upstream u is skipped: {why}");
    }

    [Theory]
    [InlineData("oauth { refresh-token = rt }", "oauth.token-url must be given")]
    [InlineData("""oauth { token-url = "https://p/t" }""", "oauth.refresh-token must be given")]
    [InlineData("""api-key = k, oauth { token-url = "https://p/t", refresh-token = rt }""", "oauth and api-key are two credentials: an account has one")]
    [InlineData("""oauth { token-url = "ftp://p/t", refresh-token = rt }""", "oauth.token-url must be an http:// or https:// URL with a host, and without credentials, query or fragment")]
    [InlineData("""oauth { token-url = "https://p/t", refresh-token = rt, token = x }""", "unknown key \"token\" in engine.upstreams.u.accounts[0].oauth")]
    public void A_faulty_section_is_refused(string oauth, string fault) =>
        Assert.Contains(Load(oauth).Faults, each => each.Message.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void A_token_endpoint_without_encryption_is_worth_a_notice() => Assert.Contains(
        Load("""oauth { token-url = "http://p.example/t", refresh-token = rt }""").Notices,
        notice => notice.Message.Contains("oauth.token-url is not https", StringComparison.Ordinal));

    private AccountOptions Account(string text)
    {
        var result = Load(text);
        Assert.Empty(result.Faults);
        return Assert.Single(Assert.Single(result.Options!.Upstreams).Accounts);
    }

    private ConfigResult Load(string account) =>
        _sample.Load($"engine.upstreams.u {{ dialect = openai-chat, base-url = \"http://h\", models = [m], accounts = [{{ name = a, {account} }}] }}");
}
