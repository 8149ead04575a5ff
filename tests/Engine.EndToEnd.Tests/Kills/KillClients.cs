using System.Globalization;

namespace Engine.EndToEnd.Tests.Kills;

/// <summary>Clients of all dialects that ask one life of an engine, over and over, until it is killed.</summary>
internal sealed class KillClients : IDisposable
{
    private const int Count = 16;

    private static readonly string[] Pools = ["shared", "shared", .. UpstreamScripts.Dialects.Select(static dialect => "own-" + dialect)];

    private readonly HttpClient _http;
    private readonly KillLedger _ledger;
    private readonly int _engine;
    private readonly CancellationTokenSource _kill = new();
    private readonly Task[] _clients;
    private int _answers;

    public KillClients(Uri address, KillLedger ledger, int engine, int seed)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = address, Timeout = EngineUnderTest.Patience };
        _ledger = ledger;
        _engine = engine;
        _clients = [.. Enumerable.Range(0, Count).Select(i => AskForEverAsync(new Random(seed + i)))];
    }

    /// <summary>Completes when so many have had their answers; counted, so that a slow machine's engines are not killed before they have done anything.</summary>
    public Task AnsweredAsync(int count) => Eventually.TrueAsync(() => Volatile.Read(ref _answers) >= count || _clients.Any(static client => client.IsCompleted), "no answers come");

    /// <summary>From now on a broken connection is no surprise.</summary>
    public void Expect() => _kill.Cancel();

    /// <summary>Completes when all have noticed the kill; fails with what they did not expect.</summary>
    public Task EndedAsync() => Task.WhenAll(_clients).WaitAsync(EngineUnderTest.Patience);

    public void Dispose()
    {
        _http.Dispose();
        _kill.Dispose();
    }

    private async Task AskForEverAsync(Random random)
    {
        await Task.Yield();
        while (!_kill.IsCancellationRequested)
        {
            try
            {
                await AskAsync(random);
                await Task.Delay(random.Next(0, 25), _kill.Token);
            }
            catch (Exception fault) when (_kill.IsCancellationRequested && fault is HttpRequestException or IOException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AskAsync(Random random)
    {
        var dialect = ClientDialects.Names[random.Next(ClientDialects.Names.Length)];
        var model = Pools[random.Next(Pools.Length)];
        var stream = random.Next(2) == 0;
        var asked = _ledger.Sending(_engine);
        using var request = ClientDialects.Send(
            dialect, model, stream, ClientDialects.Body(dialect, model, stream).Replace("Say hello", asked.Id, StringComparison.Ordinal));
        request.Headers.Add("x-request-id", asked.Id);

        // Nothing of it is cancelled: what the engine had sent before it died arrives.
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var attempts = ClientDialects.Header(response, "x-engine-attempts");
        _ledger.Seen(asked, (int)response.StatusCode, attempts.Length == 0 ? 0 : int.Parse(attempts, CultureInfo.InvariantCulture));
        Interlocked.Increment(ref _answers);
        Assert.Equal(asked.Id, ClientDialects.Header(response, "x-request-id"));
        var body = await response.Content.ReadAsStringAsync();
        switch ((int)response.StatusCode)
        {
            case 200 when stream:
                StreamSeen.AssertWhole(dialect, "Hello wörld", body);
                break;
            case 200:
                Assert.Equal("Hello wörld", ClientDialects.Text(dialect, body));
                break;
            case 429:
                Assert.NotEmpty(ClientDialects.Header(response, "retry-after"));
                break;
            default:
                // Overloads, and credentials that are refused, by the words of each dialect.
                Assert.Contains((int)response.StatusCode, (int[])[500, 502, 503, 529]);
                break;
        }
    }
}
