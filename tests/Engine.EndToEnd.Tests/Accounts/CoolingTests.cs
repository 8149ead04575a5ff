using System.Globalization;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Accounts;

/// <summary>What clients see of accounts that their provider limits.</summary>
public sealed class CoolingTests
{
    private const string Ok = """{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""";
    private const string Limited = """{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}""";

    [Fact]
    public async Task A_limited_account_is_not_called_again_before_its_time()
    {
        await using var upstream = Upstream("key-u-0", static exchange => exchange.JsonAsync(429, Limited, ("retry-after", "600")));
        await using var engine = await EngineUnderTest.StartAsync("engine.routing.strategy = round-robin\n" + EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl, accounts: 2));

        var attempts = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            using var response = await AskAsync(engine, "m");
            Assert.Equal("a1", ClientDialects.Header(response, "x-engine-account"));
            attempts.Add(ClientDialects.Header(response, "x-engine-attempts"));
        }

        Assert.Equal(1, CallsOf(upstream, "key-u-0"));
        Assert.Equal(["2", "1", "1", "1", "1", "1", "1", "1"], attempts.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_restart_forgets_no_rest()
    {
        await using var upstream = Upstream("key-u-0", static exchange => exchange.JsonAsync(429, Limited, ("retry-after", "600")));
        var config = "engine.routing { strategy = fill-first, max-wait = 0s }\n" + EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl);
        await using var engine = await EngineUnderTest.StartAsync(config);
        (await AskAsync(engine, "m")).Dispose();

        await engine.RestartAsync();
        using var response = await AskAsync(engine, "m");

        Assert.Equal(429, (int)response.StatusCode);
        Assert.InRange(int.Parse(ClientDialects.Header(response, "retry-after"), CultureInfo.InvariantCulture), 500, 607);
        Assert.Equal(1, CallsOf(upstream, "key-u-0"));
    }

    [Fact]
    public async Task A_request_waits_for_an_account_that_is_free_again_in_time()
    {
        var refused = false;
        await using var upstream = Upstream("key-u-0", exchange => Interlocked.Exchange(ref refused, true)
            ? exchange.JsonAsync(200, Ok)
            : exchange.JsonAsync(429, Limited, ("retry-after-ms", "1200")));
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl));

        using var response = await AskAsync(engine, "m");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("2", ClientDialects.Header(response, "x-engine-attempts"));
    }

    [Fact]
    public async Task A_client_that_would_not_wait_so_long_hears_at_once_when_to_come_back()
    {
        await using var upstream = Upstream("key-u-0", static exchange => exchange.JsonAsync(429, Limited, ("retry-after", "20")));
        await using var engine = await EngineUnderTest.StartAsync("engine.routing.max-wait = 5m\n" + EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl));

        using var response = await AskAsync(engine, "m", ("x-stainless-timeout", "10"));

        Assert.Equal(429, (int)response.StatusCode);
        Assert.InRange(int.Parse(ClientDialects.Header(response, "retry-after"), CultureInfo.InvariantCulture), 19, 21);
        Assert.Contains("The first can be called again in", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_says_nothing_is_left_rests_its_account()
    {
        await using var upstream = Upstream("key-u-0", static exchange => exchange.JsonAsync(
            200, Ok, ("x-ratelimit-limit-requests", "10"), ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "10m0s")));
        await using var engine = await EngineUnderTest.StartAsync("engine.routing.strategy = fill-first\n" + EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl, accounts: 2));

        using var first = await AskAsync(engine, "m");
        using var second = await AskAsync(engine, "m");

        Assert.Equal("a0", ClientDialects.Header(first, "x-engine-account"));
        Assert.Equal("a1", ClientDialects.Header(second, "x-engine-account"));
    }

    [Fact]
    public async Task A_limit_of_one_model_leaves_the_others_alone()
    {
        await using var upstream = new ScriptedUpstream(exchange => exchange.Text.Contains("\"big\"", StringComparison.Ordinal)
            ? exchange.JsonAsync(429, Limited, ("retry-after", "600"))
            : exchange.JsonAsync(200, Ok));
        await using var engine = await EngineUnderTest.StartAsync(
            "engine.routing.max-wait = 0s\n" + EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl, models: "big, small"));

        using var big = await AskAsync(engine, "big");
        using var small = await AskAsync(engine, "small");

        Assert.Equal(429, (int)big.StatusCode);
        Assert.Equal(200, (int)small.StatusCode);
    }

    [Fact]
    public async Task A_flow_goes_on_to_its_next_target()
    {
        await using var first = Upstream("key-first-0", static exchange => exchange.JsonAsync(429, Limited, ("retry-after", "600")));
        await using var second = Upstream("none", static exchange => exchange.JsonAsync(200, Ok));
        await using var engine = await EngineUnderTest.StartAsync(
            "engine.routing.flows { smart = [\"first/m\", \"second/n\"] }\n"
            + EngineUnderTest.Upstream("first", "openai-chat", first.BaseUrl)
            + EngineUnderTest.Upstream("second", "openai-chat", second.BaseUrl, models: "n"));

        using var retried = await AskAsync(engine, "route:smart");
        using var direct = await AskAsync(engine, "route:smart");

        Assert.Equal(("second", "2"), (ClientDialects.Header(retried, "x-engine-upstream"), ClientDialects.Header(retried, "x-engine-attempts")));
        Assert.Equal(("second", "1"), (ClientDialects.Header(direct, "x-engine-upstream"), ClientDialects.Header(direct, "x-engine-attempts")));
    }

    [Fact]
    public async Task A_conversation_stays_on_its_account_and_moves_when_that_is_limited()
    {
        var limited = "";
        await using var upstream = new ScriptedUpstream(exchange => exchange.Headers["authorization"] == Volatile.Read(ref limited)
            ? exchange.JsonAsync(429, Limited, ("retry-after", "600"))
            : exchange.JsonAsync(200, Ok));
        await using var engine = await EngineUnderTest.StartAsync("engine.routing.strategy = round-robin\n" + EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl, accounts: 3));

        var home = await AccountOfAsync(engine, "one");
        var others = new[] { await AccountOfAsync(engine, "two"), await AccountOfAsync(engine, "three") };
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AccountOfAsync(engine, "one"))), account => Assert.Equal(home, account));

        Volatile.Write(ref limited, "Bearer key-u-" + home[1..]);
        var moved = await AccountOfAsync(engine, "one");
        Volatile.Write(ref limited, "");

        Assert.NotEqual(home, moved);
        Assert.Equal(moved, await AccountOfAsync(engine, "one"));
        Assert.DoesNotContain(home, others);
    }

    [Fact]
    public async Task An_own_limit_of_calls_at_once_is_kept_by_letting_the_others_wait()
    {
        var (now, most) = (0, 0);
        await using var upstream = new ScriptedUpstream(async exchange =>
        {
            var calls = Interlocked.Increment(ref now);
            InterlockedMax(ref most, calls);
            await Task.Delay(50);
            Interlocked.Decrement(ref now);
            await exchange.JsonAsync(200, Ok);
        });
        await using var engine = await EngineUnderTest.StartAsync($$"""
            engine.upstreams.u {
              dialect = openai-chat, base-url = "{{upstream.BaseUrl}}/v1", models = [m]
              accounts = [{ name = a, api-key = k, limits { concurrency = 2 } }]
            }
            """);

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => AskAsync(engine, "m")));

        Assert.All(responses, response => Assert.Equal(200, (int)response.StatusCode));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Tokens_count_against_an_own_limit_also_where_nobody_counts_them()
    {
        await using var upstream = new ScriptedUpstream(static exchange => exchange.JsonAsync(200, Ok.Replace(",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}", "", StringComparison.Ordinal)));
        await using var engine = await EngineUnderTest.StartAsync($$"""
            engine.routing.max-wait = 0s
            engine.upstreams.u {
              dialect = openai-chat, base-url = "{{upstream.BaseUrl}}/v1", models = [m]
              accounts = [{ name = a, api-key = k, limits { tokens-per-minute = 6000 } }]
            }
            """);

        using var first = await AskAsync(engine, "m");
        using var second = await AskAsync(engine, "m");

        Assert.Equal(200, (int)first.StatusCode);
        Assert.Equal(429, (int)second.StatusCode);
        Assert.InRange(int.Parse(ClientDialects.Header(second, "retry-after"), CultureInfo.InvariantCulture), 30, 62);
    }

    private static ScriptedUpstream Upstream(string key, Func<UpstreamExchange, Task> answer) => new(exchange =>
        exchange.Headers["authorization"] == "Bearer " + key ? answer(exchange) : exchange.JsonAsync(200, Ok));

    private static int CallsOf(ScriptedUpstream upstream, string key) => upstream.Exchanges.Count(exchange => exchange.Headers["authorization"] == "Bearer " + key);

    private static async Task<string> AccountOfAsync(EngineUnderTest engine, string session)
    {
        using var response = await AskAsync(engine, "m", ("x-session-id", session));
        Assert.Equal(200, (int)response.StatusCode);
        return ClientDialects.Header(response, "x-engine-account");
    }

    private static async Task<HttpResponseMessage> AskAsync(EngineUnderTest engine, string model, params (string Name, string Value)[] headers)
    {
        using var request = ClientDialects.Ask("openai-chat", model, stream: false);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await engine.Http.SendAsync(request);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
