using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Accounts;

/// <summary>What an operator sees of accounts, and can do about them.</summary>
public sealed class ManagementTests : IAsyncLifetime
{
    private const string Password = "the-password";

    private readonly ScriptedUpstream _upstream = new(static exchange => exchange.Headers["authorization"] == "Bearer key-u-0"
        ? exchange.JsonAsync(429, """{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", ("retry-after", "600"))
        : UpstreamScripts.TextAsync("openai-chat", exchange));

    private EngineUnderTest _engine = null!;

    public async ValueTask InitializeAsync() => _engine = await EngineUnderTest.StartAsync(
        $"engine {{ management.password = \"{Password}\", routing {{ strategy = fill-first, max-wait = 0s }} }}\n"
        + EngineUnderTest.Upstream("u", "openai-chat", _upstream.BaseUrl, accounts: 2));

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Accounts_are_listed_with_their_state_and_why()
    {
        (await AskAsync("r1")).Dispose();

        var accounts = await GetAsync("/v0/management/accounts");

        var limited = accounts.GetProperty("accounts").EnumerateArray().Single(each => each.GetProperty("account").GetString() == "a0");
        var model = Assert.Single(limited.GetProperty("models").EnumerateArray());
        Assert.Equal("available", limited.GetProperty("state").GetString());
        Assert.Equal(("m", "cooling", "rate limit"), (model.GetProperty("model").GetString(), model.GetProperty("state").GetString(), model.GetProperty("why").GetString()));
        Assert.InRange(model.GetProperty("usable_at").GetDateTimeOffset() - DateTimeOffset.UnixEpoch, TimeSpan.FromDays(20_000), TimeSpan.FromDays(100_000));
        Assert.DoesNotContain("key-u-0", accounts.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_says_who_was_considered_and_why_not()
    {
        (await AskAsync("the-request")).Dispose();

        var decision = await GetAsync("/v0/management/decisions/the-request");

        var attempts = decision.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal("fill-first", attempts[0].GetProperty("strategy").GetString());
        Assert.Equal(["taken"], Results(attempts[0]));
        Assert.Equal("rate_limit", attempts[0].GetProperty("outcome").GetString());
        Assert.Equal(["tried", "taken"], Results(attempts[1]));
        Assert.Equal("answered", attempts[1].GetProperty("outcome").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, "/v0/management/decisions/unknown")).StatusCode);
    }

    [Fact]
    public async Task An_operator_suspends_resumes_and_clears()
    {
        (await AskAsync("r1")).Dispose();
        await PostAsync("/v0/management/accounts/u/a1/suspend", "suspended");
        using (var nobody = await AskAsync("r2"))
        {
            Assert.Equal(429, (int)nobody.StatusCode);
        }

        await PostAsync("/v0/management/accounts/u/a1/resume", "available");
        using (var again = await AskAsync("r3"))
        {
            Assert.Equal(("a1", "1"), (ClientDialects.Header(again, "x-engine-account"), ClientDialects.Header(again, "x-engine-attempts")));
        }

        await PostAsync("/v0/management/accounts/u/a0/clear?model=m", "available");
        using var retried = await AskAsync("r4");
        Assert.Equal("2", ClientDialects.Header(retried, "x-engine-attempts"));
    }

    [Theory]
    [InlineData("POST", "/v0/management/accounts/u/gone/suspend", 404)]
    [InlineData("POST", "/v0/management/accounts/u/a0/dance", 404)]
    [InlineData("POST", "/v0/management/accounts/u", 404)]
    [InlineData("GET", "/v0/management/accounts/u/a0/clear", 405)]
    public async Task What_does_not_exist_is_said_so(string method, string path, int status) =>
        Assert.Equal(status, (int)(await SendAsync(new HttpMethod(method), path)).StatusCode);

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Nobody_manages_without_the_password(string? key)
    {
        foreach (var (method, path) in (IEnumerable<(HttpMethod, string)>)[(HttpMethod.Get, "/v0/management/accounts"), (HttpMethod.Get, "/v0/management/decisions/x"), (HttpMethod.Post, "/v0/management/accounts/u/a0/clear")])
        {
            using var response = await SendAsync(method, path, key);
            Assert.Equal(401, (int)response.StatusCode);
        }
    }

    private static List<string?> Results(JsonElement attempt) =>
        [.. attempt.GetProperty("considered").EnumerateArray().Select(each => each.GetProperty("result").GetString())];

    private async Task<HttpResponseMessage> AskAsync(string id)
    {
        using var request = ClientDialects.Ask("openai-chat", "m", stream: false);
        request.Headers.Add("x-request-id", id);
        request.Headers.Add("x-session-id", id);
        return await _engine.Http.SendAsync(request);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(200, (int)response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task PostAsync(string path, string state)
    {
        using var response = await SendAsync(HttpMethod.Post, path);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(state, body.GetProperty("state").GetString());
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) => SendAsync(method, path, Password);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return _engine.Http.SendAsync(request);
    }
}
