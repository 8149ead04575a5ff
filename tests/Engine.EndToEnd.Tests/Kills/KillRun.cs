using System.Globalization;
using System.Net;
using Engine.EndToEnd.Tests.Lifetimes;

namespace Engine.EndToEnd.Tests.Kills;

/// <summary>One data folder and the engines that live and die on it.</summary>
internal sealed class KillRun : IAsyncDisposable
{
    private const string Password = "open sesame";

    private readonly string _folder = Directory.CreateTempSubdirectory("engine-kill-").FullName;
    private readonly BarringUpstreams _upstreams;
    private readonly Random _random;
    private int _engines;

    public KillRun(int seed)
    {
        _random = new Random(seed);
        _upstreams = new BarringUpstreams(Ledger, new Random(seed + 1));
        File.WriteAllText(Path.Combine(_folder, "test.hocon"), string.Create(CultureInfo.InvariantCulture, $$"""
            engine {
              server.listen = ["http://127.0.0.1:0"]
              data-dir = state
              management.password = "{{Password}}"
              routing {
                strategy = round-robin, retries = 3, max-wait = 300ms, longest-rest = {{BarWords.LongestRest.TotalSeconds}}s
                pools { own-gemini { strategy = request-count, request-count = 5 }, own-anthropic { strategy = fill-first } }
              }
            }
            {{_upstreams.Config()}}
            """));
    }

    public KillLedger Ledger { get; } = new();

    /// <summary>Engines that died before they served.</summary>
    public int KilledAtStart { get; private set; }

    /// <summary>Engines that died within milliseconds of a call that had just been refused.</summary>
    public int KilledAtBar { get; private set; }

    /// <summary>Engines that died within milliseconds of asking for a new credential.</summary>
    public int KilledAtRefresh { get; private set; }

    /// <summary>The credentials that refresh.</summary>
    public GrantedTokens Tokens => _upstreams.Tokens;

    /// <summary>What went wrong in a script.</summary>
    public IEnumerable<Exception> Faults => _upstreams.Faults;

    /// <summary>Starts an engine, lets clients ask it, and kills it at a moment of its own.</summary>
    public async Task RoundAsync()
    {
        await using var engine = Start();
        switch (_random.Next(10))
        {
            case 0:
                KilledAtStart++;
                await Task.Delay(_random.Next(50, 800));
                await engine.KillAsync();
                return;
            case 1 or 2:
                KilledAtRefresh++;
                await Task.WhenAny(_upstreams.Tokens.NextAsync(), Task.Delay(1500));
                await Task.Delay(_random.Next(0, 40));
                await engine.KillAsync();
                return;
        }

        using var clients = new KillClients(await engine.AddressAsync(), Ledger, _engines, _random.Next());
        await clients.AnsweredAsync(_random.Next(1, 30));
        if (_random.Next(2) == 0)
        {
            await Task.WhenAny(_upstreams.NextBarAsync(), Task.Delay(500));
            KilledAtBar++;
            await Task.Delay(_random.Next(0, 12));
        }
        else
        {
            await Task.Delay(_random.Next(0, 100));
        }

        clients.Expect();
        await engine.KillAsync();
        await clients.EndedAsync();
        Assert.Empty(engine.Errors);
    }

    /// <summary>A last engine, whose operator lifts what bars the accounts: each of them must answer again.</summary>
    public async Task AllAccountsAnswerAsync()
    {
        _upstreams.CalmDown();
        await using var engine = Start();
        var address = await engine.AddressAsync();
        using (var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address })
        {
            http.DefaultRequestHeaders.Add("x-management-key", Password);
            foreach (var account in _upstreams.Accounts)
            {
                using var cleared = await http.PostAsync(new Uri($"/v0/management/accounts/{account}/clear", UriKind.Relative), null);
                Assert.Equal(HttpStatusCode.OK, cleared.StatusCode);
            }
        }

        using var clients = new KillClients(address, Ledger, _engines, _random.Next());
        await Eventually.TrueAsync(() => _upstreams.Accounts.All(HasAnswered), "not every account answers");
        clients.Expect();
        await engine.KillAsync();
        await clients.EndedAsync();

        bool HasAnswered(string account)
        {
            lock (Ledger.Gate)
            {
                return Ledger.Calls.Any(call => call.Request.Engine == _engines && call.Account == account && call.Request.Status == 200);
            }
        }
    }

    /// <summary>What an <c>engine journal</c> command prints; it must exit with 0.</summary>
    public async Task<IReadOnlyCollection<string>> JournalAsync(string command)
    {
        await using var process = EngineProcess.Run(_folder, "journal", command);
        var exit = await process.ExitCodeAsync();
        Assert.True(exit == 0, string.Join('\n', process.Lines));
        return process.Lines;
    }

    public async ValueTask DisposeAsync()
    {
        await _upstreams.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private EngineProcess Start()
    {
        _engines++;
        return EngineProcess.Run(_folder, "serve");
    }
}
