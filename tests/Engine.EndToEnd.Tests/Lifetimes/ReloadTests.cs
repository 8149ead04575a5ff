using Engine.Testing;

namespace Engine.EndToEnd.Tests.Lifetimes;

public sealed class ReloadTests
{
    [Theory]
    [MemberData(nameof(ClientDialects.Each), MemberType = typeof(ClientDialects))]
    public async Task A_stream_in_flight_ends_as_it_began_and_the_next_request_sees_the_new_config(string client)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var before = new ScriptedUpstream(async exchange =>
        {
            await UpstreamScripts.BeginTextAsync("anthropic", exchange);
            await go.Task.WaitAsync(EngineUnderTest.Patience);
            await exchange.SendAsync(UpstreamScripts.RestOfText("anthropic"));
            await exchange.EndAsync();
        });
        await using var after = new ScriptedUpstream(static exchange => UpstreamScripts.TextAsync("gemini", exchange));
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("old", "anthropic", before.BaseUrl));
        using var streaming = await engine.Http.SendAsync(ClientDialects.Ask(client, "m", stream: true), HttpCompletionOption.ResponseHeadersRead);

        await EditAsync(engine, text => text
            .Replace("engine.upstreams.old {", "engine.upstreams.new {", StringComparison.Ordinal)
            .Replace("dialect = anthropic", "dialect = gemini", StringComparison.Ordinal)
            .Replace(before.BaseUrl, after.BaseUrl, StringComparison.Ordinal)
            .Replace("models = [\"m\"]", "models = [{ id = m, alias = fresh }]", StringComparison.Ordinal));
        await engine.Log.UntilAsync("reloaded");
        using var next = await engine.Http.SendAsync(ClientDialects.Ask(client, "fresh", stream: false));
        using var gone = await engine.Http.SendAsync(ClientDialects.Ask(client, "old/m", stream: false));
        go.SetResult();

        Assert.Equal("Hello wörld", ClientDialects.Text(client, await next.Content.ReadAsStringAsync()));
        Assert.Equal("new", ClientDialects.Header(next, "x-engine-upstream"));
        Assert.Equal(404, (int)gone.StatusCode);
        StreamSeen.AssertWhole(client, "Hello wörld", await streaming.Content.ReadAsStringAsync());
        Assert.Equal("old", ClientDialects.Header(streaming, "x-engine-upstream"));
        Assert.Empty(before.Faults);
        Assert.Empty(after.Faults);
    }

    [Theory]
    [InlineData("engine.server.drain-timout = 3s\n", "drain-timeout")]
    [InlineData("engine { \n", "")]
    [InlineData("engine.upstreams.u.dialect = esperanto\n", "dialect")]
    public async Task A_bad_edit_is_refused_as_a_whole(string edit, string word)
    {
        await using var upstream = new ScriptedUpstream(static exchange => UpstreamScripts.TextAsync("openai-chat", exchange));
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl));
        var good = await File.ReadAllTextAsync(engine.ConfigFile);

        await EditAsync(engine, text => text.Replace("models = [\"m\"]", "models = [other]", StringComparison.Ordinal) + edit);
        await engine.Log.UntilAsync("config edit refused");
        using var kept = await engine.Http.SendAsync(ClientDialects.Ask("openai-chat", "m", stream: false));

        Assert.Equal("Hello wörld", ClientDialects.Text("openai-chat", await kept.Content.ReadAsStringAsync()));
        Assert.Contains(engine.Log.All, line => line.Contains("engine.hocon:", StringComparison.Ordinal) && line.Contains(word, StringComparison.Ordinal));

        await EditAsync(engine, _ => good.Replace("models = [\"m\"]", "models = [m, other]", StringComparison.Ordinal));
        await engine.Log.UntilAsync("reloaded");
        using var list = await engine.Http.GetAsync("/v1/models");
        Assert.Contains("\"other\"", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task EditAsync(EngineUnderTest engine, Func<string, string> edit)
    {
        var before = await File.ReadAllTextAsync(engine.ConfigFile);
        var after = edit(before);
        Assert.NotEqual(before, after);

        // As editors save: beside it, then in its place.
        await File.WriteAllTextAsync(engine.ConfigFile + ".new", after);
        File.Move(engine.ConfigFile + ".new", engine.ConfigFile, overwrite: true);
    }
}
