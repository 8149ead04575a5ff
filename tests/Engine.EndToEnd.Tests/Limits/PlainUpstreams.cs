using System.Collections.Concurrent;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Limits;

/// <summary>The engine, with a small body limit, in front of one upstream per dialect that answers in text and counts 42 tokens.</summary>
public sealed class PlainUpstreams : IAsyncLifetime
{
    public const int LargestBody = 64 << 10;

    private readonly ConcurrentDictionary<string, ScriptedUpstream> _upstreams = new(StringComparer.Ordinal);

    internal EngineUnderTest Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var config = "engine.server { max-request-body = 64KiB, max-decompressed-body = 64KiB }\n";
        foreach (var dialect in UpstreamScripts.Dialects)
        {
            var upstream = _upstreams[dialect] = new ScriptedUpstream(exchange => AnswerAsync(dialect, exchange));
            config += EngineUnderTest.Upstream(dialect, dialect, upstream.BaseUrl, models: $$"""{ id = m, alias = "fast-{{dialect}}" }""");
        }

        Engine = await EngineUnderTest.StartAsync(config);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        foreach (var upstream in _upstreams.Values)
        {
            await upstream.DisposeAsync();
            Assert.Empty(upstream.Faults);
        }
    }

    /// <summary>What an upstream received last.</summary>
    internal UpstreamExchange LastAt(string dialect) => _upstreams[dialect].Exchanges.Last();

    private static Task AnswerAsync(string dialect, UpstreamExchange exchange) => exchange.Target switch
    {
        "/v1/messages/count_tokens" => exchange.JsonAsync(200, """{"input_tokens":42}"""),
        "/v1beta/models/m:countTokens" => exchange.JsonAsync(200, """{"totalTokens":42}"""),
        _ => UpstreamScripts.TextAsync(dialect, exchange),
    };
}
