namespace Engine.EndToEnd.Tests.Kills;

/// <summary>A call that reached an upstream.</summary>
internal sealed class UpstreamCall
{
    /// <summary>The client's request.</summary>
    public required KillRequest Request { get; init; }

    /// <summary>The account, as UPSTREAM/ACCOUNT.</summary>
    public required string Account { get; init; }

    /// <summary>The upstream's name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>When the upstream had read it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// The engine cannot have leased the account earlier: the client had not asked yet, or the upstream had not begun to answer
    /// the request's attempt before this one.
    /// </summary>
    public required DateTimeOffset NotLeasedBefore { get; init; }

    /// <summary>The bars whose time had come when it arrived, so that it is their probe.</summary>
    public IReadOnlyList<BarEpisode> Probes { get; set; } = [];

    /// <summary>When the upstream began to answer; null as long as it has not.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }
}

/// <summary>From the first refusal of an account, or one of its models, to the first success after it.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Model">The model; null for the whole account.</param>
internal sealed record BarEpisode(BarKind Kind, string? Model)
{
    /// <summary>Before that no call may come.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>True once a client has seen an outcome that rested on it.</summary>
    public bool IsKnown => Told.Exists(static told => told.Call.Request.SeenAt is not null);

    /// <summary>Each time a call was told.</summary>
    public List<ToldBar> Told { get; } = [];
}

/// <summary>A refusal, as the upstream told it to one call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Episode">What it is part of.</param>
/// <param name="At">When.</param>
/// <param name="Until">The instant it named, or that follows from what the engine documents where it named none.</param>
internal sealed record ToldBar(UpstreamCall Call, BarEpisode Episode, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>When a client first saw something of the outcome that rested on it; null when none has.</summary>
    public DateTimeOffset? SeenAt => Call.Request.SeenAt;
}

/// <summary>A request of a client.</summary>
/// <param name="Id">Its <c>x-request-id</c>.</param>
/// <param name="Engine">The number of the engine's process that got it.</param>
/// <param name="SentAt">When.</param>
internal sealed record KillRequest(string Id, int Engine, DateTimeOffset SentAt)
{
    /// <summary>When the client had the head of its answer; null when it never came.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>The answer's status.</summary>
    public int Status { get; set; }

    /// <summary>The answer's <c>x-engine-attempts</c>; 0 without.</summary>
    public int Attempts { get; set; }

    /// <summary>The calls it led to, in order.</summary>
    public List<UpstreamCall> Calls { get; } = [];
}

/// <summary>Everything that clients and upstreams have seen, across all lives of an engine.</summary>
internal sealed class KillLedger
{
    private readonly Dictionary<string, KillRequest> _requests = new(StringComparer.Ordinal);
    private readonly List<UpstreamCall> _calls = [];
    private readonly List<ToldBar> _told = [];

    /// <summary>Guards everything in here and in what it holds.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The one clock of clients and upstreams; the machine's, which is also the engine's.</summary>
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public IReadOnlyCollection<KillRequest> Requests => _requests.Values;

    /// <summary>In order of their arrival.</summary>
    public IReadOnlyList<UpstreamCall> Calls => _calls;

    public IReadOnlyList<ToldBar> Told => _told;

    /// <summary>When an operator lifted all bars; calls from then on are nobody's fault.</summary>
    public DateTimeOffset LiftedAt { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>An operator is about to lift all bars. Under <see cref="Gate"/>.</summary>
    public void Lifting() => LiftedAt = Now;

    /// <summary>A client is about to send a request.</summary>
    public KillRequest Sending(int engine)
    {
        lock (Gate)
        {
            var request = new KillRequest($"kill-{engine}-{_requests.Count}", engine, Now);
            _requests.Add(request.Id, request);
            return request;
        }
    }

    /// <summary>A client has the head of its answer.</summary>
    public void Seen(KillRequest request, int status, int attempts)
    {
        lock (Gate)
        {
            (request.SeenAt, request.Status, request.Attempts) = (Now, status, attempts);
        }
    }

    /// <summary>An upstream has read a call. Under <see cref="Gate"/>.</summary>
    public UpstreamCall Arrived(string request, string account, string model)
    {
        var from = _requests[request];
        var call = new UpstreamCall
        {
            Request = from,
            Account = account,
            Model = model,
            At = Now,
            NotLeasedBefore = from.Calls.Select(static before => before.AnsweredAt ?? default).Append(from.SentAt).Max(),
        };
        from.Calls.Add(call);
        _calls.Add(call);
        return call;
    }

    /// <summary>An upstream is about to refuse a call. Under <see cref="Gate"/>.</summary>
    public void Telling(ToldBar told)
    {
        told.Episode.Told.Add(told);
        told.Episode.Until = told.Until > told.Episode.Until ? told.Until : told.Episode.Until;
        _told.Add(told);
    }
}
