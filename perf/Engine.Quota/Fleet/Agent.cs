namespace Engine.Quota;

/// <summary>
/// A coding agent: sessions of some turns, most of them at once after the answer (a tool has run), some after a person has
/// thought, and a pause between sessions. It comes back when it is refused.
/// </summary>
internal sealed class Agent
{
    private readonly Simulated _dialect;
    private readonly int _number;
    private readonly IWay _way;
    private readonly TimeProvider _time;
    private readonly Random _random;

    public Agent(Simulated dialect, int number, IWay way, TimeProvider time, int seed)
    {
        _dialect = dialect;
        _number = number;
        _way = way;
        _time = time;
        _random = new Random(HashCode.Combine(seed, number, dialect.IsBucket, dialect.Name.Length));
    }

    public AgentRecord Record { get; } = new();

    /// <summary>Works until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            for (var session = 0; ; session++)
            {
                await RunSessionAsync(session, stop);
                await RestAsync(2, 10, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was under way does not count.
        }
        catch (HttpRequestException) when (stop.IsCancellationRequested)
        {
            // The same, seen from the socket.
        }
    }

    private async Task RunSessionAsync(int session, CancellationToken stop)
    {
        List<string> turns = [];
        var length = _random.Next(4, 12);
        for (var turn = 0; turn < length; turn++)
        {
            var service = TimeSpan.FromSeconds(0.5 + (1.5 * _random.NextDouble()));
            turns.Add($"Agent {_number}, session {session}, turn {turn}. {ServiceTime.Word(service)}");
            await AskAsync(_dialect.Body("You are a coding agent.", turns, _random.Next(4) > 0), service, stop);
            turns.Add("Done.");
            var thinks = _random.Next(5) == 0;
            await RestAsync(thinks ? 1 : 0.1, thinks ? 5 : 0.5, stop);
        }
    }

    private async Task AskAsync(string body, TimeSpan service, CancellationToken stop)
    {
        var stream = body.Contains("\"stream\":true", StringComparison.Ordinal) || (_dialect.Name == "gemini" && _random.Next(4) > 0);
        var began = _time.GetTimestamp();
        for (var refusals = 0; ; refusals++)
        {
            var outcome = await _way.SendAsync(_dialect, _number, body, stream, stop);
            Record.Note(outcome);
            if (outcome.Status == 200)
            {
                Record.Finish(_time.GetElapsedTime(began) - service);
                return;
            }

            // As the providers' own clients do: the answer's word, or half a second doubled up to eight, less up to a quarter.
            var wait = outcome.RetryAfter ?? TimeSpan.FromSeconds(Math.Min(8, 0.5 * Math.Pow(2, refusals)) * (1 - (0.25 * _random.NextDouble())));
            await Task.Delay(wait, _time, stop);
        }
    }

    private Task RestAsync(double least, double most, CancellationToken stop) =>
        Task.Delay(TimeSpan.FromSeconds(least + ((most - least) * _random.NextDouble())), _time, stop);
}

/// <summary>What an agent saw. Written by the agent alone, read after it has stopped.</summary>
internal sealed class AgentRecord
{
    /// <summary>What each answered turn took beyond its service time, refusals and coming back included.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public int Answered => Waits.Count;

    public int RateLimited { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Accounts called beyond the first of each request.</summary>
    public int Retries { get; private set; }

    /// <summary>The first answers that were no success.</summary>
    public List<string> Notes { get; } = [];

    public void Note(in TurnOutcome outcome)
    {
        Retries += outcome.Attempts > 1 ? outcome.Attempts - 1 : 0;
        RateLimited += outcome.Status == 429 ? 1 : 0;
        Failed += outcome.Status is 200 or 429 ? 0 : 1;
        if (outcome.Status != 200 && Notes.Count < 3)
        {
            Notes.Add($"{outcome.Status} {outcome.Text}");
        }
    }

    public void Finish(TimeSpan wait) => Waits.Add(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
}
