using Engine.Testing;

namespace Engine.EndToEnd.Tests.Faults;

/// <summary>
/// The engine in front of one upstream per dialect, which fails as the running test says. <c>one-…</c> has one account, which
/// fails; <c>two-…</c> has two, and the one called first fails until the other is called. Tests of a class run one after the other.
/// </summary>
public sealed class FaultyUpstreams : IAsyncLifetime
{
    private readonly List<ScriptedUpstream> _upstreams = [];
    private readonly Lock _gate = new();
    private string _fault = "";
    private string? _failing;
    private int _calls;
    private TaskCompletionSource _textSeen = new();

    internal EngineUnderTest Engine { get; private set; } = null!;

    /// <summary>Calls that reached an upstream since the fault was set.</summary>
    internal int Calls => Volatile.Read(ref _calls);

    public async ValueTask InitializeAsync()
    {
        var config = "engine.routing { strategy = round-robin, affinity = none, retries = 3, retry-percent = 100, max-wait = 0s }\n";
        foreach (var dialect in UpstreamScripts.Dialects)
        {
            var upstream = new ScriptedUpstream(exchange => AnswerAsync(dialect, exchange));
            _upstreams.Add(upstream);
            config += EngineUnderTest.Upstream("one-" + dialect, dialect, upstream.BaseUrl);
            config += EngineUnderTest.Upstream("two-" + dialect, dialect, upstream.BaseUrl, accounts: 2);
            config += EngineUnderTest.Upstream("works-" + dialect, dialect, upstream.BaseUrl, models: $$"""{ id = m, alias = "half-{{dialect}}" }""");
            // Nobody listens on port 1.
            config += EngineUnderTest.Upstream("refuses-" + dialect, dialect, "http://127.0.0.1:1", models: $$"""{ id = m, alias = "half-{{dialect}}" }""");
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

    /// <summary>What upstreams do from now on; nothing fails without one. No account remembers anything.</summary>
    internal async Task FailWithAsync(string fault)
    {
        await Engine.ClearAccountsAsync();
        lock (_gate)
        {
            (_fault, _failing, _calls) = (fault, null, 0);
            _textSeen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Tells the upstream that the client has text.</summary>
    internal void TextSeen() => _textSeen.TrySetResult();

    private Task AnswerAsync(string dialect, UpstreamExchange exchange)
    {
        lock (_gate)
        {
            _calls++;
            var account = exchange.Headers.GetValueOrDefault("authorization") ?? exchange.Headers.GetValueOrDefault("x-api-key") ?? exchange.Headers["x-goog-api-key"];
            _failing ??= account;
            return _fault.Length > 0 && account == _failing
                ? UpstreamFaults.PlayAsync(_fault, dialect, exchange, _textSeen.Task)
                : UpstreamScripts.TextAsync(dialect, exchange);
        }
    }
}
