namespace Engine.Quota;

/// <summary>What a simple balancer does: accounts in turn; a refusal goes to the next one at once, three times; nothing is remembered.</summary>
internal sealed class NaiveWay : IWay
{
    private const int Retries = 3;

    private readonly HttpClient _http;
    private readonly string _address;
    private readonly int _accounts;
    private readonly Dictionary<string, int[]> _turns;

    public NaiveWay(HttpClient http, string address, QuotaOptions options)
    {
        _http = http;
        _address = address;
        _accounts = options.Accounts;
        _turns = options.Dialects.ToDictionary(static dialect => dialect, static _ => new int[1], StringComparer.Ordinal);
    }

    public async Task<TurnOutcome> SendAsync(Simulated dialect, int agent, string body, bool stream, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            var account = (int)((uint)Interlocked.Increment(ref _turns[dialect.Name][0]) % (uint)_accounts);
            var outcome = await Call.SendAsync(_http, _address, dialect, QuotaUpstream.KeyOf(dialect.Name, account), body, stream, stop);
            if (outcome.Status != 429 || attempt > Retries)
            {
                return outcome with { Attempts = attempt, RetryAfter = null };
            }
        }
    }
}
