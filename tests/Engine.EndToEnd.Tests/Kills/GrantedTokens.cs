using System.Globalization;
using System.Web;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Kills;

/// <summary>
/// A token endpoint that rotates refresh tokens at each use. The one before the newest counts until the newest has been used: an
/// answer may be lost on its way, but whoever has written the newest down and loses it afterwards is locked out.
/// </summary>
internal sealed class GrantedTokens
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Chain> _chains = new(StringComparer.Ordinal);
    private TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _number;

    public GrantedTokens(IEnumerable<string> accounts)
    {
        foreach (var account in accounts)
        {
            _chains.Add(account, new Chain { Newest = SeedOf(account) });
        }
    }

    /// <summary>Pairs granted.</summary>
    public int Granted { get; private set; }

    /// <summary>Grants to a token that had been used before, because its answer was lost.</summary>
    public int GrantedAgain { get; private set; }

    /// <summary>Tokens that were offered and do not count any more.</summary>
    public List<string> Lost { get; } = [];

    /// <summary>The refresh token an account begins with.</summary>
    public static string SeedOf(string account) => "seed-" + account;

    /// <summary>The account an access token was granted to; null when it never was.</summary>
    public static string? AccountOf(string access) => access.Split('-') is ["key", "granted", var account, _] ? account : null;

    /// <summary>Completes when somebody asks for a new pair.</summary>
    public Task NextAsync()
    {
        lock (_gate)
        {
            _asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _asked.Task;
        }
    }

    /// <summary>Answers a request for a new pair.</summary>
    public async Task AnswerAsync(UpstreamExchange exchange)
    {
        var used = HttpUtility.ParseQueryString(exchange.Text)["refresh_token"]!;
        string? answer;
        lock (_gate)
        {
            answer = Answer(used);
            _asked.TrySetResult();
        }

        await Task.Delay(10);
        await (answer is null ? exchange.JsonAsync(400, """{"error":"invalid_grant"}""") : exchange.JsonAsync(200, answer));
    }

    private string? Answer(string used)
    {
        var (account, chain) = _chains.FirstOrDefault(each => each.Value.Newest == used || each.Value.Before == used);
        if (chain is null)
        {
            Lost.Add(used);
            return null;
        }

        GrantedAgain += used == chain.Before ? 1 : 0;
        Granted++;
        var number = (++_number).ToString(CultureInfo.InvariantCulture);
        (chain.Before, chain.Newest) = (used, $"refresh-{account}-{number}");

        // So briefly that most lives of an engine begin with a refresh or come to one.
        return $$"""{"access_token":"key-granted-{{account}}-{{number}}","token_type":"bearer","expires_in":3,"refresh_token":"{{chain.Newest}}"}""";
    }

    private sealed class Chain
    {
        public required string Newest { get; set; }

        public string? Before { get; set; }
    }
}
