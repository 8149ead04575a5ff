using Engine.Testing;

namespace Engine.EndToEnd.Tests.Limits;

/// <summary>Strict access: who brings no key of ours gets a 401 of the dialect, except on the health pages.</summary>
public sealed class AccessTests(AccessTests.Guarded guarded) : IClassFixture<AccessTests.Guarded>
{
    [Theory]
    [InlineData("authorization", "Bearer sk-ours")]
    [InlineData("x-api-key", "sk-ours")]
    [InlineData("api-key", "sk-ours")]
    [InlineData("x-goog-api-key", "sk-ours")]
    [InlineData("?key=", "sk-ours")]
    public async Task A_key_opens_every_path_in_every_form(string form, string value)
    {
        foreach (var client in ClientDialects.Names)
        {
            using var response = await AskAsync(client, form, value);

            Assert.Equal("Hello wörld", ClientDialects.Text(client, await response.Content.ReadAsStringAsync()));
        }
    }

    [Theory]
    [InlineData("authorization", "Bearer sk-others")]
    [InlineData("authorization", "Basic sk-ours")]
    [InlineData("x-api-key", "sk-ours-and-more")]
    [InlineData("x-goog-api-key", "sk-our")]
    [InlineData("?key=", "")]
    [InlineData("x-nothing", "sk-ours")]
    public async Task Without_a_known_key_every_dialect_says_401(string form, string value)
    {
        foreach (var (client, word) in Words)
        {
            using var response = await AskAsync(client, form, value);

            var error = await ClientDialects.AssertErrorAsync(client, 401, word, response);
            Assert.DoesNotContain("sk-", error.GetRawText(), StringComparison.Ordinal);
        }

        using var models = await guarded.Engine.Http.GetAsync("/v1/models");
        Assert.Equal(401, (int)models.StatusCode);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Health_is_always_open(string path)
    {
        using var response = await guarded.Engine.Http.GetAsync(path);

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static readonly (string Client, string Word)[] Words =
        [("openai-chat", "invalid_api_key"), ("anthropic", "authentication_error"), ("gemini", "UNAUTHENTICATED")];

    private Task<HttpResponseMessage> AskAsync(string client, string form, string value)
    {
        var request = ClientDialects.Ask(client, "m", stream: false);
        if (form == "?key=")
        {
            request.RequestUri = new Uri(request.RequestUri + "?key=" + value, UriKind.Relative);
        }
        else
        {
            request.Headers.TryAddWithoutValidation(form, value);
        }

        return guarded.Engine.Http.SendAsync(request);
    }

    public sealed class Guarded : IAsyncLifetime
    {
        private readonly ScriptedUpstream _upstream = new(static exchange => UpstreamScripts.TextAsync("anthropic", exchange));

        internal EngineUnderTest Engine { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Engine = await EngineUnderTest.StartAsync(
            "engine.access { mode = strict, keys = [sk-theirs, sk-ours] }\n" + EngineUnderTest.Upstream("u", "anthropic", _upstream.BaseUrl));

        public async ValueTask DisposeAsync()
        {
            await Engine.DisposeAsync();
            await _upstream.DisposeAsync();
            Assert.Empty(_upstream.Faults);
        }
    }
}
