using Engine.Testing;

namespace Engine.EndToEnd.Tests.Clients;

/// <summary>
/// The engine in front of one scripted upstream per dialect. The upstream's name is its dialect, so that <c>anthropic/m</c> is
/// the model of the Anthropic one; an upstream whose name begins with <c>limited-</c> refuses with a rate limit.
/// </summary>
public sealed class ThreeUpstreams : IAsyncLifetime
{
    private readonly List<ScriptedUpstream> _upstreams = [];

    internal EngineUnderTest Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var config = "engine.routing.max-wait = 0s\n";
        foreach (var dialect in UpstreamScripts.Dialects)
        {
            config += Upstream(dialect, dialect, exchange => exchange.Text.Contains("get_weather", StringComparison.Ordinal)
                ? UpstreamScripts.ToolAsync(dialect, exchange)
                : UpstreamScripts.TextAsync(dialect, exchange));
            config += Upstream("limited-" + dialect, dialect, exchange => UpstreamScripts.RateLimitedAsync(dialect, exchange));
        }

        Engine = await EngineUnderTest.StartAsync(config);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
            Assert.Empty(upstream.Faults);
        }
    }

    private string Upstream(string name, string dialect, Func<UpstreamExchange, Task> script)
    {
        var upstream = new ScriptedUpstream(script);
        _upstreams.Add(upstream);
        return EngineUnderTest.Upstream(name, dialect, upstream.BaseUrl);
    }
}
