using System.Net;
using System.Net.Http.Json;
using System.Text;
using Engine.Host;
using Engine.Host.Configuration;

namespace Engine.EndToEnd.Tests.Credentials;

/// <summary>Accounts whose credentials refresh, against a provider that takes each refresh token once.</summary>
public sealed class CredentialTests
{
    [Fact]
    public async Task Tokens_are_fetched_before_the_first_call_and_again_before_they_expire()
    {
        await using var provider = new OAuthProvider("a") { Lifetime = 2 };
        await using var engine = await EngineUnderTest.StartAsync(provider.Upstream("a"));

        // Whenever it is, a call finds a token that counts.
        while (provider.Grants.Count < 3)
        {
            Assert.Equal(HttpStatusCode.OK, await CallAsync(engine.Http));
        }

        Assert.Equal(0, provider.Refused);
        Assert.Empty(provider.Socket.Faults);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once_while_fifty_requests_go_elsewhere()
    {
        await using var provider = new OAuthProvider("a", "b");
        await using var engine = await EngineUnderTest.StartAsync(provider.Upstream("a", "b"));
        await Eventually.TrueAsync(() => provider.Grants.Count == 2, "no tokens were fetched");
        provider.Revoke("a");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CallAsync(engine.Http)));
        await Eventually.TrueAsync(() => provider.Grants.Count == 3, "the refused token was not replaced");
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.Equal(HttpStatusCode.OK, await CallAsync(engine.Http));
                return provider.Calls.Contains("a");
            },
            "the account was not used again");

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.True(provider.Refused > 0);
        Assert.Equal(["a", "a", "b"], provider.Grants.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_new_start_goes_on_with_the_stored_tokens_and_shows_none_of_them()
    {
        var folder = Directory.CreateTempSubdirectory("engine-e2e-").FullName;
        try
        {
            await using var provider = new OAuthProvider("a");
            var log = new LogLines();
            for (var start = 1; start <= 3; start++)
            {
                await using var host = await StartAsync(folder, provider.Upstream("a"), log);
                using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Addresses[0] };
                Assert.Equal(HttpStatusCode.OK, await CallAsync(http));
                http.DefaultRequestHeaders.Add("x-management-key", "pw");
                Assert.DoesNotContain(OAuthProvider.Mark, await http.GetStringAsync("/v0/management/accounts"), StringComparison.Ordinal);
            }

            Assert.Equal(["a"], provider.Grants);
            Assert.Equal(0, provider.Refused);
            var files = Directory.GetFiles(Path.Combine(folder, "data"), "*", SearchOption.AllDirectories)
                .ToDictionary(file => Path.GetRelativePath(folder, file), file => Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparer.Ordinal);
            var holders = files.Where(file => file.Value.Contains(OAuthProvider.Mark, StringComparison.Ordinal)).Select(file => file.Key);
            Assert.Equal([Path.Combine("data", "credentials", "u", "a.json")], holders);
            Assert.All(log.All, line => Assert.DoesNotContain(OAuthProvider.Mark, line, StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_damaged_file_is_said_to_be_one_and_the_refresh_token_of_the_config_is_used()
    {
        var folder = Directory.CreateTempSubdirectory("engine-e2e-").FullName;
        try
        {
            await using var provider = new OAuthProvider("a");
            var log = new LogLines();
            Directory.CreateDirectory(Path.Combine(folder, "data", "credentials", "u"));
            await File.WriteAllTextAsync(Path.Combine(folder, "data", "credentials", "u", "a.json"), "{\"seed\":");
            await using var host = await StartAsync(folder, provider.Upstream("a"), log);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Addresses[0] };

            Assert.Equal(HttpStatusCode.OK, await CallAsync(http));
            Assert.Contains(log.All, line => line.Contains("is damaged and is not used", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_refresh_token_that_is_taken_no_more_puts_the_account_out_until_the_config_has_a_new_one()
    {
        await using var provider = new OAuthProvider("b");
        await using var engine = await EngineUnderTest.StartAsync(provider.Upstream("a"));
        await engine.Log.UntilAsync("takes the credential of u/a no more (invalid_grant)");
        Assert.NotEqual(HttpStatusCode.OK, await CallAsync(engine.Http));

        var config = await File.ReadAllTextAsync(engine.ConfigFile);
        await File.WriteAllTextAsync(engine.ConfigFile, config.Replace(OAuthProvider.SeedOf("a"), OAuthProvider.SeedOf("b"), StringComparison.Ordinal));

        await Eventually.TrueAsync(async () => await CallAsync(engine.Http) == HttpStatusCode.OK, "the new refresh token is not used");
        Assert.Equal(["b"], provider.Grants);
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient http)
    {
        using var response = await http.PostAsJsonAsync("/v1/chat/completions", new { model = "m", messages = new[] { new { role = "user", content = "hi" } } });
        return response.StatusCode;
    }

    private static async Task<EngineHost> StartAsync(string folder, string hocon, LogLines log)
    {
        var file = Path.Combine(folder, "engine.hocon");
        await File.WriteAllTextAsync(file, $$"""
            engine { server { listen = ["http://127.0.0.1:0"] }, data-dir = "{{folder}}/data", management.password = pw }
            {{hocon}}
            """);
        var source = new ConfigSource(file, [], static _ => null);
        return await EngineHost.StartAsync(source, source.Load(), null, TimeProvider.System, log, CancellationToken.None);
    }
}
