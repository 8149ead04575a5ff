using Engine.Actors.Accounts;
using Engine.Actors.Credentials;
using Engine.Host.Configuration;
using Engine.Host.Upstreams;
using Microsoft.Extensions.Logging;

namespace Engine.Host.Accounts.Credentials;

/// <summary>The keepers of all accounts whose credentials refresh. They outlive reloads of the config that do not touch them.</summary>
internal sealed partial class CredentialVault : IAsyncDisposable
{
    private readonly AccountRegistry _accounts;
    private readonly string _dataFolder;
    private readonly IUpstreamTransport _transport;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<AccountId, Kept> _kept = [];

    /// <summary>Makes an empty vault.</summary>
    /// <param name="accounts">The accounts' actors.</param>
    /// <param name="dataFolder">Where token pairs are stored.</param>
    /// <param name="transport">What carries calls to token endpoints; must not record them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where log lines go.</param>
    public CredentialVault(AccountRegistry accounts, string dataFolder, IUpstreamTransport transport, TimeProvider time, ILoggerFactory logs)
    {
        _accounts = accounts;
        _dataFolder = dataFolder;
        _transport = transport;
        _time = time;
        _log = logs.CreateLogger(typeof(CredentialVault).FullName!);
    }

    /// <summary>Opens the keepers that a config asks for and ends those it no longer does. Calls come one at a time.</summary>
    /// <exception cref="IOException">A stored token pair cannot be read.</exception>
    public async Task ApplyAsync(EngineOptions options)
    {
        var asked = options.Upstreams
            .SelectMany(upstream => upstream.Accounts, (upstream, account) => (Id: new AccountId(upstream.Name, account.Name), Account: account))
            .Where(each => each.Account.OAuth is not null)
            .ToDictionary(each => each.Id, each => (OAuth: each.Account.OAuth!, each.Account.Proxy));
        foreach (var (id, kept) in _kept.ToList())
        {
            if (!asked.TryGetValue(id, out var now) || now != (kept.OAuth, kept.Proxy))
            {
                _kept.Remove(id);
                await kept.Keeper.DisposeAsync();
            }
        }

        foreach (var (id, (oauth, proxy)) in asked)
        {
            if (!_kept.ContainsKey(id))
            {
                _kept.Add(id, new Kept(oauth, proxy, await OpenAsync(id, oauth, proxy)));
            }
        }
    }

    /// <summary>Begins to keep what was opened; the accounts' actors know of the accounts by now.</summary>
    public void Start()
    {
        foreach (var kept in _kept.Values)
        {
            kept.Keeper.Start();
        }
    }

    /// <summary>The keeper of an account; null when its credential does not refresh.</summary>
    public CredentialKeeper? Find(AccountId id) => _kept.GetValueOrDefault(id)?.Keeper;

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_kept.Values.Select(kept => kept.Keeper.DisposeAsync().AsTask()));
        _kept.Clear();
    }

    private Task<CredentialKeeper> OpenAsync(AccountId id, OAuthOptions oauth, ProxyOptions? proxy)
    {
        var seed = oauth.RefreshToken.Reveal();
        return CredentialKeeper.OpenAsync(
            _accounts,
            id,
            seed,
            new TokenFile(_dataFolder, id, TokenPair.FingerprintOf(seed), message => Noticed(_log, message, null)),
            new OAuthTokenEndpoint(oauth, proxy, _transport, _time),
            _time,
            Random.Shared.NextDouble,
            (message, fault) => Noticed(_log, message, fault));
    }

    [LoggerMessage(EventId = 25, Level = LogLevel.Warning, Message = "{message}")]
    private static partial void Noticed(ILogger log, string message, Exception? fault);

    private sealed record Kept(OAuthOptions OAuth, ProxyOptions? Proxy, CredentialKeeper Keeper);
}
