using System.Text.RegularExpressions;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Kills;

/// <summary>
/// One upstream per dialect, each with two accounts and two models, and two more accounts of the first whose credentials refresh.
/// They bar accounts at random, refuse whoever comes too early as providers do, and outlive the engines that call them.
/// </summary>
internal sealed partial class BarringUpstreams : IAsyncDisposable
{
    private const int AccountsOfEach = 2;

    private const string GrantingDialect = "openai-chat";

    private static readonly string[] Granted = ["o0", "o1"];

    private static readonly BarKind[] Kinds =
    [
        BarKind.RateLimit, BarKind.RateLimit, BarKind.RateLimit, BarKind.RateLimitMilliseconds, BarKind.RateLimitMilliseconds,
        BarKind.Overload, BarKind.Overload, BarKind.OverloadInStream, BarKind.OverloadInStream, BarKind.Credential, BarKind.Quota,
    ];

    private readonly Dictionary<string, ScriptedUpstream> _upstreams = [];
    private readonly Dictionary<string, AccountUnderTest> _accounts = new(StringComparer.Ordinal);
    private readonly KillLedger _ledger;
    private readonly Random _random;
    private TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isCalm;

    public BarringUpstreams(KillLedger ledger, Random random)
    {
        _ledger = ledger;
        _random = random;
        foreach (var dialect in UpstreamScripts.Dialects)
        {
            _upstreams.Add(dialect, new ScriptedUpstream(exchange => exchange.Target == "/token" ? Tokens.AnswerAsync(exchange) : AnswerAsync(dialect, exchange)));
            foreach (var account in Enumerable.Range(0, AccountsOfEach).Select(static i => $"a{i}").Concat(dialect == GrantingDialect ? Granted : []))
            {
                _accounts.Add($"{dialect}/{account}", new AccountUnderTest { BarFrom = KillLedger.Now + Healthy() });
            }
        }
    }

    /// <summary>All accounts, as UPSTREAM/ACCOUNT.</summary>
    public IReadOnlyCollection<string> Accounts => _accounts.Keys;

    /// <summary>Where the credentials come from that refresh.</summary>
    public GrantedTokens Tokens { get; } = new(Granted);

    /// <summary>What went wrong in a script.</summary>
    public IEnumerable<Exception> Faults => _upstreams.Values.SelectMany(static upstream => upstream.Faults);

    /// <summary>The upstreams as an engine's config names them: the model <c>shared</c> of all, and <c>own-DIALECT</c> of each.</summary>
    public string Config() => string.Concat(_upstreams.Select(static each => EngineUnderTest.Upstream(
        each.Key,
        each.Key,
        each.Value.BaseUrl,
        AccountsOfEach,
        $$"""{ id = m, alias = shared }, { id = n, alias = "own-{{each.Key}}" }""",
        each.Key == GrantingDialect ? string.Concat(Granted.Select(name => OAuth(name, each.Value))) : "")));

    /// <summary>Completes when some call is being told a bar that is new; one comes soon.</summary>
    public Task NextBarAsync()
    {
        lock (_ledger.Gate)
        {
            var due = _accounts.Values.Where(static account => account.Bars.Count == 0).ToArray();
            if (due.Length > 0)
            {
                due[_random.Next(due.Length)].BarFrom = default;
            }

            _told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _told.Task;
        }
    }

    /// <summary>No bar any more, from now on.</summary>
    public void CalmDown()
    {
        lock (_ledger.Gate)
        {
            _isCalm = true;
            _ledger.Lifting();
            foreach (var account in _accounts.Values)
            {
                account.Bars.Clear();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var upstream in _upstreams.Values)
        {
            await upstream.DisposeAsync();
        }
    }

    private static string OAuth(string name, ScriptedUpstream upstream) => $$"""
        accounts += { name = {{name}}, oauth { token-url = "{{upstream.BaseUrl}}/token", client-id = c, refresh-token = "{{GrantedTokens.SeedOf(name)}}" } }

        """;

    private TimeSpan Healthy() => TimeSpan.FromMilliseconds(_random.Next(300, 3000));

    private async Task AnswerAsync(string dialect, UpstreamExchange exchange)
    {
        var id = RequestName().Match(exchange.Text).Value;
        var key = exchange.Headers.GetValueOrDefault("authorization") ?? exchange.Headers.GetValueOrDefault("x-api-key") ?? exchange.Headers["x-goog-api-key"];
        var name = $"{dialect}/{GrantedTokens.AccountOf(key.Split(' ')[^1]) ?? $"a{key[^1]}"}";
        var model = exchange.Target.Contains("/models/n:", StringComparison.Ordinal) || exchange.Text.Contains("\"model\":\"n\"", StringComparison.Ordinal) ? "n" : "m";
        UpstreamCall call;
        BarEpisode? bar;
        TimeSpan delay;
        lock (_ledger.Gate)
        {
            call = _ledger.Arrived(id, name, model);
            bar = BarOf(_accounts[name], call, dialect);
            delay = TimeSpan.FromMilliseconds(bar is null ? _random.Next(5, 40) : _random.Next(0, 15));
        }

        await Task.Delay(delay);
        if (bar is null)
        {
            Succeeding(_accounts[name], call);
            await UpstreamScripts.TextAsync(dialect, exchange);
            return;
        }

        // An overload inside a stream needs a stream.
        var kind = bar.Kind == BarKind.OverloadInStream && !UpstreamScripts.Streams(exchange) ? BarKind.Overload : bar.Kind;
        var (wait, until) = Telling(call, bar, kind, dialect);
        await BarWords.TellAsync(kind, dialect, exchange, wait, until);
    }

    // The bar in force; of one whose time has come this call is the probe, which sometimes fails. Under the gate.
    private BarEpisode? BarOf(AccountUnderTest account, UpstreamCall call, string dialect)
    {
        var bars = account.Bars.Where(bar => bar.Model is null || bar.Model == call.Model).ToArray();
        if (bars.FirstOrDefault(bar => call.At < bar.Until) is { } standing)
        {
            return standing;
        }

        call.Probes = bars;
        if (bars.Length > 0)
        {
            return _random.Next(4) == 0 ? bars[0] : null;
        }

        if (_isCalm || call.At < account.BarFrom)
        {
            return null;
        }

        // A credential that refreshes is refused no longer than the refresh takes.
        var kind = Kinds[_random.Next(Kinds.Length)];
        kind = kind == BarKind.Credential && Granted.Contains(call.Account.Split('/')[1]) ? BarKind.RateLimit : kind;
        var begun = new BarEpisode(kind, BarWords.IsOfAccount(kind, dialect) ? null : call.Model);
        account.Bars.Add(begun);
        account.BarFrom = call.At + Healthy();
        return begun;
    }

    private (TimeSpan Wait, DateTimeOffset Until) Telling(UpstreamCall call, BarEpisode bar, BarKind kind, string dialect)
    {
        lock (_ledger.Gate)
        {
            var now = KillLedger.Now;
            var begins = bar.Told.Count == 0 || call.Probes.Contains(bar);
            var names = BarWords.NamesInstant(kind, dialect);
            var wait = begins ? BarWords.Length(kind, dialect, bar.IsKnown, _random)
                : names ? BarWords.Rounded(kind, dialect, bar.Until - now)
                // No instant is named now, and whoever was told one may be dead: no more follows than from a first refusal.
                : TimeSpan.FromTicks(Math.Min((bar.Until - now).Ticks, BarWords.Length(kind, dialect, bar.IsKnown, _random).Ticks));
            var until = kind == BarKind.Quota && dialect == "anthropic" ? DateTimeOffset.FromUnixTimeSeconds((now + wait).ToUnixTimeSeconds() + 1) : now + wait;
            call.AnsweredAt = now;
            _ledger.Telling(new ToldBar(call, bar, now, until));
            if (begins)
            {
                _told.TrySetResult();
            }

            return (wait, until);
        }
    }

    private void Succeeding(AccountUnderTest account, UpstreamCall call)
    {
        lock (_ledger.Gate)
        {
            call.AnsweredAt = KillLedger.Now;
            if (account.Bars.RemoveAll(call.Probes.Contains) > 0)
            {
                account.BarFrom = KillLedger.Now + Healthy();
            }
        }
    }

    [GeneratedRegex("kill-[0-9]+-[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestName();

    private sealed class AccountUnderTest
    {
        public List<BarEpisode> Bars { get; } = [];

        public DateTimeOffset BarFrom { get; set; }
    }
}
