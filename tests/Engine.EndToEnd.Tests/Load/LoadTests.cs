using System.Diagnostics;
using System.Text;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Load;

public sealed class LoadTests(ITestOutputHelper output)
{
    private const int Streams = 1000;
    private const int Events = 20;

    [Fact]
    public async Task A_thousand_streams_at_once_all_end_whole()
    {
        var waiting = 0;
        var allHere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async exchange =>
        {
            var asked = exchange.Text[exchange.Text.IndexOf("question-", StringComparison.Ordinal)..][..13];
            await exchange.StartAsync();
            await exchange.SendAsync(Chunk("0 "));
            if (Interlocked.Increment(ref waiting) == Streams)
            {
                allHere.SetResult();
            }

            // Nobody goes on before everybody is here.
            await allHere.Task.WaitAsync(EngineUnderTest.Patience);
            for (var i = 1; i < Events; i++)
            {
                await exchange.SendAsync(Chunk($"{i} "));
                await Task.Delay(5);
            }

            await exchange.SendAsync(Chunk(asked) + UpstreamScripts.RestOfText("openai-chat"));
            await exchange.EndAsync();
        });
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl));
        using var http = engine.NewClient();
        http.Timeout = TimeSpan.FromMinutes(2);
        var counted = string.Concat(Enumerable.Range(0, Events).Select(static i => $"{i} "));
        var watch = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, Streams).Select(async number =>
        {
            var body = ClientDialects.Body("anthropic", "m", stream: true).Replace("Say hello", $"question-{number:0000}", StringComparison.Ordinal);
            using var response = await http.SendAsync(ClientDialects.Send("anthropic", "m", stream: true, body));
            StreamSeen.AssertWhole("anthropic", $"{counted}question-{number:0000}wörld", await response.Content.ReadAsStringAsync());
        }));

        output.WriteLine($"{Streams} streams of {Events} events: {watch.Elapsed.TotalSeconds:F1} s");
        Assert.True(watch.Elapsed < EngineUnderTest.Patience, $"took {watch.Elapsed}");
        Assert.Empty(upstream.Faults);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic")]
    public async Task A_slow_client_gets_the_whole_answer(string client)
    {
        var piece = new string('x', 16 << 10);
        await using var upstream = new ScriptedUpstream(async exchange =>
        {
            await exchange.StartAsync();
            for (var i = 0; i < 128; i++)
            {
                await exchange.SendAsync(Chunk(piece));
            }

            await exchange.SendAsync(UpstreamScripts.RestOfText("openai-chat"));
            await exchange.EndAsync();
        });
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl));
        using var response = await engine.Http.SendAsync(ClientDialects.Ask(client, "m", stream: true), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        using var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        int count;
        while ((count = await body.ReadAsync(buffer)) > 0)
        {
            all.Write(buffer, 0, count);
            await Task.Delay(5);
        }

        StreamSeen.AssertWhole(client, string.Concat(Enumerable.Repeat(piece, 128)) + "wörld", Encoding.UTF8.GetString(all.ToArray()));
        Assert.Empty(upstream.Faults);
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Pairs), MemberType = typeof(ClientDialects))]
    public async Task A_slow_upstream_may_send_byte_by_byte(string client, string dialect)
    {
        await using var upstream = new ScriptedUpstream(async exchange =>
        {
            await exchange.StartAsync();
            foreach (var each in Encoding.UTF8.GetBytes(UpstreamScripts.WholeText(dialect)))
            {
                await exchange.SendAsync((byte[])[each]);
            }

            await exchange.EndAsync();
        });
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", dialect, upstream.BaseUrl));

        using var response = await engine.Http.SendAsync(ClientDialects.Ask(client, "m", stream: true));

        StreamSeen.AssertWhole(client, "Hello wörld", await response.Content.ReadAsStringAsync());
        Assert.Empty(upstream.Faults);
    }

    private static string Chunk(string text) =>
        "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}\n\n";
}
