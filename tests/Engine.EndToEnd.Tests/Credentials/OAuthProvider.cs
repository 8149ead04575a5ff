using System.Collections.Concurrent;
using System.Globalization;
using System.Web;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Credentials;

/// <summary>
/// A provider with a token endpoint that takes each refresh token once, and a chat API that takes only tokens it has granted. Every
/// secret it hands out or takes holds the word <see cref="Mark"/>.
/// </summary>
internal sealed class OAuthProvider : IAsyncDisposable
{
    public const string Mark = "tOkEn";

    private readonly ConcurrentDictionary<string, string> _accountOfRefresh = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _accountOfAccess = new(StringComparer.Ordinal);
    private int _number;

    public OAuthProvider(params string[] accounts)
    {
        foreach (var account in accounts)
        {
            _accountOfRefresh[SeedOf(account)] = account;
        }

        Socket = new ScriptedUpstream(AnswerAsync);
    }

    public ScriptedUpstream Socket { get; }

    /// <summary>How long access tokens last, in seconds.</summary>
    public int Lifetime { get; set; } = 3600;

    /// <summary>The account of each grant, in order.</summary>
    public ConcurrentQueue<string> Grants { get; } = new();

    /// <summary>The account of each answered call, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    public int Refused => _refused;

    private int _refused;

    public static string SeedOf(string account) => $"{Mark}-seed-{account}";

    /// <summary>Takes back every access token of an account.</summary>
    public void Revoke(string account)
    {
        foreach (var (token, _) in _accountOfAccess.Where(each => each.Value == account))
        {
            _accountOfAccess.TryRemove(token, out _);
        }
    }

    /// <summary>An upstream <c>u</c> with an account for each name.</summary>
    public string Upstream(params string[] accounts) => $$"""
        engine.upstreams.u {
          dialect = openai-chat
          base-url = "{{Socket.BaseUrl}}/v1"
          models = [m]
          accounts = [{{string.Join(", ", accounts.Select(account =>
              $"{{ name = {account}, oauth {{ token-url = \"{Socket.BaseUrl}/token\", client-id = c, refresh-token = \"{SeedOf(account)}\" }} }}"))}}]
        }
        engine.routing { strategy = round-robin, affinity = none }

        """;

    public ValueTask DisposeAsync() => Socket.DisposeAsync();

    private Task AnswerAsync(UpstreamExchange exchange)
    {
        if (exchange.Target == "/token")
        {
            return GrantAsync(exchange);
        }

        var token = exchange.Headers["authorization"]["Bearer ".Length..];
        if (!_accountOfAccess.TryGetValue(token, out var account))
        {
            Interlocked.Increment(ref _refused);
            return exchange.JsonAsync(401, """{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""");
        }

        Calls.Enqueue(account);
        return UpstreamScripts.TextAsync("openai-chat", exchange);
    }

    private Task GrantAsync(UpstreamExchange exchange)
    {
        var form = HttpUtility.ParseQueryString(exchange.Text);
        Assert.Equal(("refresh_token", "c"), (form["grant_type"], form["client_id"]));
        if (!_accountOfRefresh.TryRemove(form["refresh_token"]!, out var account))
        {
            return exchange.JsonAsync(400, """{"error":"invalid_grant"}""");
        }

        var number = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
        var (access, refresh) = ($"key-{Mark}-access-{number}", $"{Mark}-refresh-{number}");
        _accountOfRefresh[refresh] = account;
        _accountOfAccess[access] = account;
        Grants.Enqueue(account);
        return exchange.JsonAsync(200, $$"""{"access_token":"{{access}}","token_type":"bearer","expires_in":{{Lifetime}},"refresh_token":"{{refresh}}"}""");
    }
}
