using System.Text;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Heartbeats;

/// <summary>While an upstream is silent, a streaming client hears its own dialect's keep-alive. Upstreams here go on only once it was heard.</summary>
public sealed class HeartbeatTests
{
    private const string Often = "engine.server.heartbeat-interval = 50ms\n";

    public static IEnumerable<TheoryDataRow<string, string>> Pairs() => ClientDialects.Pairs();

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Before_the_first_token_and_the_answer_is_whole_afterwards(string client, string upstream)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scripted = new ScriptedUpstream(async exchange =>
        {
            await heard.Task.WaitAsync(EngineUnderTest.Patience);
            await UpstreamScripts.TextAsync(upstream, exchange);
        });
        await using var engine = await EngineUnderTest.StartAsync(Often + EngineUnderTest.Upstream("u", upstream, scripted.BaseUrl));

        var seen = await ListenAsync(engine, client, heard, after: "");

        StreamSeen.AssertWhole(client, "Hello wörld", seen);
        Assert.Empty(scripted.Faults);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Between_two_tokens_and_never_inside_an_event(string client, string upstream)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scripted = new ScriptedUpstream(async exchange =>
        {
            await UpstreamScripts.BeginTextAsync(upstream, exchange);
            // Half an event is at hand while the heartbeats go out.
            var rest = UpstreamScripts.RestOfText(upstream);
            await exchange.SendAsync(rest[..40]);
            await heard.Task.WaitAsync(EngineUnderTest.Patience);
            await exchange.SendAsync(rest[40..]);
            await exchange.EndAsync();
        });
        await using var engine = await EngineUnderTest.StartAsync(Often + EngineUnderTest.Upstream("u", upstream, scripted.BaseUrl));

        var seen = await ListenAsync(engine, client, heard, after: "Hello ");

        StreamSeen.AssertWhole(client, "Hello wörld", seen);
        Assert.Empty(scripted.Faults);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_failure_after_one_is_an_error_event(string client, string upstream)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scripted = new ScriptedUpstream(async exchange =>
        {
            await heard.Task.WaitAsync(EngineUnderTest.Patience);
            await UpstreamScripts.RateLimitedAsync(upstream, exchange);
        });
        await using var engine = await EngineUnderTest.StartAsync("engine.routing.max-wait = 0s\n" + Often + EngineUnderTest.Upstream("u", upstream, scripted.BaseUrl));

        var seen = await ListenAsync(engine, client, heard, after: "");

        StreamSeen.AssertBroken(client, ClientDialects.WordOf(client, "rate-limit"), seen);
        Assert.Equal("", StreamSeen.Of(client, seen).Text);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Another_account_may_still_answer_after_one(string client, string upstream)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scripted = new ScriptedUpstream(async exchange =>
        {
            var failed = heard.Task.IsCompleted;
            await heard.Task.WaitAsync(EngineUnderTest.Patience);
            await (failed ? UpstreamScripts.TextAsync(upstream, exchange) : UpstreamScripts.RateLimitedAsync(upstream, exchange));
        });
        await using var engine = await EngineUnderTest.StartAsync(Often + EngineUnderTest.Upstream("u", upstream, scripted.BaseUrl, accounts: 2));

        var seen = await ListenAsync(engine, client, heard, after: "");

        StreamSeen.AssertWhole(client, "Hello wörld", seen);
        Assert.Equal(2, scripted.Exchanges.Count);
    }

    [Fact]
    public async Task A_gemini_array_stays_an_array_around_them()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scripted = new ScriptedUpstream(async exchange =>
        {
            await heard.Task.WaitAsync(EngineUnderTest.Patience);
            await UpstreamScripts.TextAsync("openai-chat", exchange);
        });
        await using var engine = await EngineUnderTest.StartAsync(Often + EngineUnderTest.Upstream("u", "openai-chat", scripted.BaseUrl));
        using var request = ClientDialects.Ask("gemini", "m", stream: true);
        request.RequestUri = new Uri("/v1beta/models/m:streamGenerateContent", UriKind.Relative);
        using var response = await engine.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[1];
        await body.ReadExactlyAsync(first);
        heard.SetResult();
        var array = Encoding.UTF8.GetString(first) + await new StreamReader(body).ReadToEndAsync();

        var text = string.Concat(ClientDialects.Parse(array).EnumerateArray()
            .SelectMany(static element => element.GetProperty("candidates").EnumerateArray())
            .Where(static candidate => candidate.TryGetProperty("content", out var content) && content.TryGetProperty("parts", out _))
            .SelectMany(static candidate => candidate.GetProperty("content").GetProperty("parts").EnumerateArray())
            .Select(static part => part.GetProperty("text").GetString()));
        Assert.True(char.IsWhiteSpace((char)first[0]));
        Assert.Equal("Hello wörld", text);
    }

    // Reads to the end; tells the upstream once a keep-alive came after some text.
    private static async Task<string> ListenAsync(EngineUnderTest engine, string client, TaskCompletionSource heard, string after)
    {
        using var response = await engine.Http.SendAsync(ClientDialects.Ask(client, "u/m", stream: true), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync();
        var all = new List<byte>();
        var buffer = new byte[4096];
        int count;
        var (textSeen, beats) = (false, 0);
        while ((count = await body.ReadAsync(buffer)) > 0)
        {
            all.AddRange(buffer.AsSpan(0, count));
            if (!heard.Task.IsCompleted && buffer[count - 1] == '\n')
            {
                var seen = StreamSeen.Of(client, Encoding.UTF8.GetString([.. all]));
                if (!textSeen && seen.Text == after)
                {
                    (textSeen, beats) = (true, after.Length == 0 ? 0 : seen.Heartbeats);
                }

                if (textSeen && seen.Heartbeats > beats)
                {
                    heard.SetResult();
                }
            }
        }

        Assert.True(heard.Task.IsCompleted, "no keep-alive came");
        return Encoding.UTF8.GetString([.. all]);
    }
}
