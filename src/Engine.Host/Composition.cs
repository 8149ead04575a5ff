using System.Collections.Concurrent;
using Engine.Actors.Accounts;
using Engine.Host.Access;
using Engine.Host.Accounts;
using Engine.Host.Accounts.Credentials;
using Engine.Host.Configuration;
using Engine.Host.Exchange;
using Engine.Host.Management;
using Engine.Host.Recording;
using Engine.Host.Routing;
using Engine.Host.Server;
using Engine.Host.Upstreams;
using Microsoft.Extensions.Logging;

namespace Engine.Host;

/// <summary>
/// Everything is wired here and only here: options in, state out. Holds what outlives a reload: connection pools, recorders and
/// loaded recordings.
/// </summary>
internal sealed class Composition : IAsyncDisposable
{
    private readonly string? _recordTo;
    private readonly TimeProvider _time;
    private readonly AccountRegistry _accounts;
    private readonly PoolDirectory _pools;
    private readonly AccountFeed _feed;
    private readonly CredentialVault _credentials;
    private readonly PooledHttpTransport _http = new();
    private readonly ConcurrentDictionary<(string Folder, string Upstream), FixtureRecorder> _recorders = new();
    private readonly ConcurrentDictionary<ReplayOptions, ReplayTransport> _replays = new();

    /// <summary>Wires an engine.</summary>
    /// <param name="recordTo">Records every upstream to this folder; null to follow the config.</param>
    /// <param name="accounts">The accounts' actors, recovered.</param>
    /// <param name="routing">The first config's.</param>
    /// <param name="dataFolder">Where credentials that refresh are stored.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where log lines go.</param>
    public Composition(string? recordTo, AccountRegistry accounts, RoutingOptions routing, string dataFolder, TimeProvider time, ILoggerFactory logs)
    {
        _recordTo = recordTo;
        _accounts = accounts;
        _time = time;
        _pools = new PoolDirectory(time, routing, accounts.LastAccountOf);
        _feed = new AccountFeed(accounts, _pools.Room, time);
        _credentials = new CredentialVault(accounts, dataFolder, _http, time, logs);
    }

    /// <summary>What an operator should know about options that are valid and yet do less than they say.</summary>
    public IEnumerable<string> Notices()
    {
        foreach (var fault in _replays.Values.SelectMany(replay => replay.Faults))
        {
            yield return "recording skipped: " + fault;
        }
    }

    /// <summary>The state that options describe. The accounts' actors know of it, and their journal too, before it serves.</summary>
    public async Task<EngineState> BuildAsync(EngineOptions options)
    {
        await _credentials.ApplyAsync(options);
        await _accounts.ApplyAsync(
            [.. options.Upstreams.SelectMany(upstream => AccountRegistrations.Of(upstream, _credentials.Find))], options.Routing.LongestRest);
        _credentials.Start();
        _pools.Room.Capacity = options.Routing.QueueCapacity;
        _feed.Retries.Percent = options.Routing.RetryPercent;
        var offers = options.Upstreams.Select(upstream => new Offer(
            NewUpstream(upstream),
            [.. upstream.Models.Select(model => new OfferedModel(model.Id, model.Aliases, AccountRegistrations.LimitsOf(model.Limits)))],
            upstream.Fallback,
            upstream.Discover)).ToList();
        var schemes = options.Upstreams.ToDictionary(upstream => upstream.Name, upstream => SchemesOf(upstream.Dialect), StringComparer.Ordinal);
        return new EngineState
        {
            Models = ModelTable.Build(
                offers,
                upstream => schemes[upstream.Name],
                [.. options.Routing.Flows.Select(flow => new Flow(flow.Name, [.. flow.Targets.Select(target => $"{target.Upstream}/{target.Model}")]))],
                (name, targets) => _pools.StageOf(name, targets, options.Routing),
                _time.GetUtcNow().ToUnixTimeSeconds()),
            Accounts = _feed,
            Limits = new ExchangeLimits(
                options.Routing.Retries,
                options.Routing.MaxWait,
                options.Routing.Affinity == RoutingAffinity.Session,
                options.Server.HeartbeatInterval,
                (int)options.Server.MaxResponseEvent,
                (int)options.Server.MaxResponseEvent),
            Access = new AccessGate(KeysRequired(options), options.Access.Keys.Select(key => key.Key)),
            Management = new ManagementGate(options.Management),
            MaxRequestBody = (int)options.Server.MaxRequestBody,
            MaxInflatedBody = (int)options.Server.MaxDecompressedBody,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _credentials.DisposeAsync();
        foreach (var recorder in _recorders.Values)
        {
            await recorder.DisposeAsync();
        }

        _pools.Dispose();
        _http.Dispose();
    }

    private Upstream NewUpstream(UpstreamOptions options) => new()
    {
        Name = options.Name,
        Dialect = options.Dialect,
        Provider = ProviderOf(options.Dialect),
        Transport = TransportOf(options),
        BaseUrl = options.BaseUrl?.ToString().TrimEnd('/') ?? ReplayBaseUrl(options),
        Timeouts = new UpstreamTimeouts(options.Timeouts.Connect, options.Timeouts.FirstByte, options.Timeouts.Idle),
        Accounts = options.Replay is not null
            ? [new UpstreamAccount(_accounts.SlotOf(AccountRegistrations.Recordings(options)), FixedCredential.None, [], null)]
            : [.. options.Accounts.Select(account => NewAccount(new AccountId(options.Name, account.Name), account))],
    };

    private UpstreamAccount NewAccount(AccountId id, AccountOptions options) => new(
        _accounts.SlotOf(id),
        _credentials.Find(id) is { } keeper ? new KeptCredential(keeper) : new FixedCredential(options.ApiKey),
        options.Headers,
        options.Proxy);

    private IUpstreamTransport TransportOf(UpstreamOptions options)
    {
        IUpstreamTransport transport = options.Replay is { } replay
            ? _replays.GetOrAdd(replay, NewReplay)
            : _http;
        return (_recordTo ?? options.Record) is { } folder
            ? new RecordingTransport(transport, _recorders.GetOrAdd((folder, options.Name), NewRecorder))
            : transport;
    }

    private ReplayTransport NewReplay(ReplayOptions options) =>
        new(new ReplayUpstream(FixtureLibrary.Load(options.Fixtures), options.Speed, _time));

    private FixtureRecorder NewRecorder((string Folder, string Upstream) key) =>
        new(new FixtureRecorderOptions { Folder = key.Folder, Provider = key.Upstream }, _time);

    private static IUpstreamProvider ProviderOf(UpstreamDialect dialect) => dialect switch
    {
        UpstreamDialect.OpenAiChat => new OpenAiProvider(),
        UpstreamDialect.Anthropic => new AnthropicProvider(),
        UpstreamDialect.Gemini => new GeminiProvider(),
        UpstreamDialect.Replay => new ReplayProvider(),
        _ => throw new InvalidOperationException($"No upstream speaks {dialect}; the config check should have said so."),
    };

    // The provider names clients put before :// (contract.md, model names).
    private static IReadOnlyList<string> SchemesOf(UpstreamDialect dialect) => dialect switch
    {
        UpstreamDialect.OpenAiChat => ["openai"],
        UpstreamDialect.Anthropic => ["claude", "anthropic"],
        UpstreamDialect.Gemini => ["gemini"],
        _ => [],
    };

    // Recordings are matched by path alone; any origin will do. The dialects' own bases differ in whether they include /v1.
    private static string ReplayBaseUrl(UpstreamOptions options) => "http://" + options.Name + ".invalid";

    private static bool KeysRequired(EngineOptions options) => options.Access.Mode switch
    {
        AccessMode.Strict or AccessMode.AllExceptHealth => true,
        AccessMode.Auto => options.Access.Keys.Length > 0 || options.Server.Listen.Any(listen => !listen.IsLoopback),
        _ => false,
    };
}
