using System.Net;
using System.Text;

namespace Engine.EndToEnd.Tests.Limits;

/// <summary>Paths, methods, models, headers and lists.</summary>
public sealed class RoutingTests(PlainUpstreams upstreams) : IClassFixture<PlainUpstreams>
{
    [Theory]
    [InlineData("openai-chat", "model_not_found")]
    [InlineData("anthropic", "not_found_error")]
    [InlineData("gemini", "NOT_FOUND")]
    public async Task An_unknown_model_is_a_404_of_the_dialect(string client, string word)
    {
        foreach (var stream in (bool[])[false, true])
        {
            using var response = await upstreams.Engine.Http.SendAsync(ClientDialects.Ask(client, "nobody/has-this", stream));

            var error = await ClientDialects.AssertErrorAsync(client, 404, word, response);
            Assert.Contains("nobody/has-this", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/chat/completions/more")]
    [InlineData("/V1/MESSAGES")]
    public async Task An_unknown_path_is_a_404_in_openais_shape(string path)
    {
        using var response = await upstreams.Engine.Http.PostAsync(path == "/" ? "/nothing" : path, new StringContent("{}"));

        await ClientDialects.AssertErrorAsync("openai-chat", 404, "not_found", response);
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", "openai-chat", "POST")]
    [InlineData("PUT", "/v1/messages", "anthropic", "POST")]
    [InlineData("POST", "/health", "openai-chat", "GET")]
    [InlineData("DELETE", "/v1/models", "openai-chat", "GET")]
    [InlineData("DELETE", "/v1beta/models/m:generateContent", "gemini", "POST")]
    public async Task A_wrong_method_is_a_405_that_names_the_right_one(string method, string path, string shape, string allowed)
    {
        using var response = await upstreams.Engine.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await ClientDialects.AssertErrorAsync(shape, 405, null, response);
        Assert.Contains(allowed, response.Content.Headers.Allow);
    }

    [Fact]
    public async Task What_cannot_be_carried_over_is_named_and_a_strict_request_is_refused_for_it()
    {
        const string Body = """{"model":"openai-chat/m","max_tokens":9,"messages":[{"role":"user","content":"Say hello"}],"context_management":{"edits":[]}}""";
        foreach (var stream in (bool[])[false, true])
        {
            var asked = stream ? Body.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal) : Body;
            using var response = await upstreams.Engine.Http.SendAsync(ClientDialects.Send("anthropic", "", stream, asked));
            using var strict = ClientDialects.Send("anthropic", "", stream, asked);
            strict.Headers.Add("x-engine-strict", "true");
            using var refused = await upstreams.Engine.Http.SendAsync(strict);

            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal("context_management", ClientDialects.Header(response, "x-engine-warnings"));
            var error = await ClientDialects.AssertErrorAsync("anthropic", 400, "invalid_request_error", refused);
            Assert.Contains("context_management", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Hints_that_a_target_does_not_know_are_no_warning_and_pass_strictly()
    {
        const string Body = """{"model":"anthropic/m","stream":true,"messages":[{"role":"user","content":"Say hello"}],"logit_bias":{"50256":-100},"seed":7}""";
        using var request = ClientDialects.Send("openai-chat", "", stream: true, Body);
        request.Headers.Add("x-engine-strict", "true");
        using var response = await upstreams.Engine.Http.SendAsync(request);

        StreamSeen.AssertWhole("openai-chat", "Hello wörld", await response.Content.ReadAsStringAsync());
        Assert.Equal("", ClientDialects.Header(response, "x-engine-warnings"));
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Each), MemberType = typeof(ClientDialects))]
    public async Task The_request_id_is_echoed_or_made(string client)
    {
        using var request = ClientDialects.Ask(client, "anthropic/m", stream: true);
        request.Headers.Add("x-request-id", "mine-1.2_3");
        using var given = await upstreams.Engine.Http.SendAsync(request);
        using var made = await upstreams.Engine.Http.SendAsync(ClientDialects.Ask(client, "anthropic/m", stream: true));
        using var failed = ClientDialects.Ask(client, "nobody/has-this", stream: false);
        failed.Headers.Add("x-request-id", "mine-4");
        using var failure = await upstreams.Engine.Http.SendAsync(failed);

        Assert.Equal("mine-1.2_3", ClientDialects.Header(given, "x-request-id"));
        Assert.StartsWith("req_", ClientDialects.Header(made, "x-request-id"), StringComparison.Ordinal);
        Assert.Equal("mine-4", ClientDialects.Header(failure, "x-request-id"));
    }

    [Fact]
    public async Task Model_lists_come_in_the_askers_shape()
    {
        var openAi = await ListAsync("/v1/models");
        var anthropic = await ListAsync("/v1/models", ("anthropic-version", "2023-06-01"));
        var gemini = await ListAsync("/v1beta/models");
        var google = await ListAsync("/v1/models", ("x-goog-api-key", "any"));

        Assert.Equal("list", openAi.GetProperty("object").GetString());
        Assert.Contains(openAi.GetProperty("data").EnumerateArray(), static model =>
            model.GetProperty("id").GetString() == "fast-gemini" && model.GetProperty("object").GetString() == "model");
        Assert.False(anthropic.GetProperty("has_more").GetBoolean());
        Assert.Contains(anthropic.GetProperty("data").EnumerateArray(), static model =>
            model.GetProperty("id").GetString() == "fast-gemini" && model.GetProperty("type").GetString() == "model");
        foreach (var list in (System.Text.Json.JsonElement[])[gemini, google])
        {
            Assert.Contains(list.GetProperty("models").EnumerateArray(), static model => model.GetProperty("name").GetString() == "models/fast-gemini");
        }
    }

    [Theory]
    [InlineData("/v1/models/fast-gemini", "id", "fast-gemini")]
    [InlineData("/v1beta/models/fast-gemini", "name", "models/fast-gemini")]
    public async Task One_model_can_be_asked_for(string path, string field, string value)
    {
        var model = await ListAsync(path);
        using var unknown = await upstreams.Engine.Http.GetAsync(path + "-x");

        Assert.Equal(value, model.GetProperty(field).GetString());
        Assert.Equal(404, (int)unknown.StatusCode);
    }

    [Theory]
    [InlineData("anthropic", "anthropic")]
    [InlineData("anthropic", "gemini")]
    [InlineData("gemini", "gemini")]
    [InlineData("gemini", "anthropic")]
    public async Task Tokens_are_counted_by_an_upstream_that_can(string client, string upstream)
    {
        using var response = await CountAsync(client, upstream);

        Assert.Equal(42, CountOf(client, await response.Content.ReadAsStringAsync()));
        Assert.Equal("", ClientDialects.Header(response, "x-engine-warnings"));
        Assert.Equal(upstream, ClientDialects.Header(response, "x-engine-upstream"));
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task Tokens_are_estimated_for_an_upstream_that_cannot_count_and_the_answer_says_so(string client)
    {
        using var response = await CountAsync(client, "openai-chat");

        Assert.InRange(CountOf(client, await response.Content.ReadAsStringAsync()), 2, 100);
        Assert.Equal("token_count_estimated", ClientDialects.Header(response, "x-engine-warnings"));
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Pairs), MemberType = typeof(ClientDialects))]
    public async Task Http2_without_tls_streams(string client, string upstream)
    {
        using var http = upstreams.Engine.NewClient();
        using var request = ClientDialects.Ask(client, upstream + "/m", stream: true);
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpVersion.Version20, response.Version);
        StreamSeen.AssertWhole(client, "Hello wörld", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task One_http2_connection_carries_many_streams_at_once()
    {
        using var http = upstreams.Engine.NewClient();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            using var request = ClientDialects.Ask("openai-chat", UpstreamScripts.Dialects[i % 3] + "/m", stream: true);
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            using var response = await http.SendAsync(request);
            StreamSeen.AssertWhole("openai-chat", "Hello wörld", await response.Content.ReadAsStringAsync());
        }));
    }

    [Fact]
    public async Task A_clients_own_key_never_reaches_the_upstream()
    {
        using var request = ClientDialects.Ask("anthropic", "anthropic/m", stream: false);
        request.Headers.Add("x-api-key", "the-clients-secret");
        request.Headers.Add("authorization", "Bearer the-clients-secret");
        using var response = await upstreams.Engine.Http.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        var received = upstreams.LastAt("anthropic");
        Assert.Equal("key-anthropic-0", received.Headers["x-api-key"]);
        Assert.DoesNotContain(received.Headers.Values, static value => value.Contains("the-clients-secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/")]
    public async Task The_servers_own_pages_answer(string path)
    {
        using var response = await upstreams.Engine.Http.GetAsync(path);
        using var head = await upstreams.Engine.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal((200, 200), ((int)response.StatusCode, (int)head.StatusCode));
        Assert.Equal(System.Text.Json.JsonValueKind.Object, ClientDialects.Parse(await response.Content.ReadAsStringAsync()).ValueKind);
        Assert.NotEmpty(ClientDialects.Header(head, "x-request-id"));
    }

    private static long CountOf(string client, string body) =>
        ClientDialects.Parse(body).GetProperty(client == "anthropic" ? "input_tokens" : "totalTokens").GetInt64();

    private Task<HttpResponseMessage> CountAsync(string client, string upstream) => client == "anthropic"
        ? upstreams.Engine.Http.PostAsync("/v1/messages/count_tokens", Json($$"""{"model":"{{upstream}}/m","messages":[{"role":"user","content":"Say hello"}]}"""))
        : upstreams.Engine.Http.PostAsync($"/v1beta/models/{upstream}/m:countTokens", Json(ClientDialects.Body("gemini", "", stream: false)));

    private async Task<System.Text.Json.JsonElement> ListAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await upstreams.Engine.Http.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        return ClientDialects.Parse(await response.Content.ReadAsStringAsync());
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
