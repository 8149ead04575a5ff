using System.Globalization;
using System.Threading.Channels;
using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Credentials;

/// <summary>
/// Keeps the credential of one account fresh. One loop compares what the account's published state says with the stored pair and
/// the clock, and takes the one step that is due; so a refresh is single-flight whoever asked for it: the clock, a refused call,
/// an operator, or a process that died half-way.
/// <code>
/// published credential        step
/// invalid, or retired         none, until that changes
/// valid, of another pair      tell the account which pair is stored
/// valid, due                  tell it StartRefresh                              (journal: RefreshStarted)
/// refreshing, left so         tell it ResumeRefresh, once; then:                (journal: RefreshStarted)
/// refreshing                  ask the provider → store the pair → tell it       (journal: CredentialRefreshed)
/// … pair cannot be stored     keep it aside, try to store it again; it is not used before
/// … invalid_grant             another pair is stored by now: take that; else    (journal: CredentialInvalidated)
/// … any other failure         wait, longer each time, and begin anew            (journal: RefreshFailed)
/// </code>
/// A call signs with the pair that the published state names: a call leased after the change never carries the old token.
/// </summary>
public sealed class CredentialKeeper : IAsyncDisposable
{
    // The account's state is looked at this often even if nobody says that it has changed.
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    // A provider that has been asked may have granted already: its answer is worth waiting for.
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(10);

    private readonly AccountRegistry _accounts;
    private readonly AccountSlot _slot;
    private readonly ITokenStore _store;
    private readonly ITokenEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly Func<double> _jitter;
    private readonly Action<string, Exception?> _notice;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoning;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private volatile StoredPairs _pairs;
    private CredentialState? _seen;
    private Task _running = Task.CompletedTask;

    // The loop's own.
    private TokenPair? _unstored;
    private DateTimeOffset _notBefore;
    private int _failures;
    private bool _wanted;

    // A refresh was under way when the process, or the keeper before this one, ended.
    private bool _resumes;

    private CredentialKeeper(
        AccountRegistry accounts,
        AccountId id,
        ITokenStore store,
        ITokenEndpoint endpoint,
        TimeProvider time,
        Func<double> jitter,
        Action<string, Exception?> notice,
        TokenPair first)
    {
        _accounts = accounts;
        _slot = accounts.SlotOf(id);
        _store = store;
        _endpoint = endpoint;
        _time = time;
        _jitter = jitter;
        _notice = notice;
        _pairs = new StoredPairs(first, first);
        _abandoning = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>The pair stored last, or the seed. The account is registered with its fingerprint and expiry.</summary>
    public TokenPair Pair => _pairs.Newest;

    /// <summary>The access token for a call that begins now; null before the first refresh. Never waits. Thread-safe. Secret.</summary>
    public string? Current
    {
        get
        {
            var pairs = _pairs;
            return (pairs.Newest.Fingerprint == _slot.State.Fingerprint ? pairs.Newest : pairs.Told).AccessToken;
        }
    }

    /// <summary>Makes the keeper of an account, with the pair that is stored. It does nothing before <see cref="Start"/>.</summary>
    /// <param name="accounts">The accounts' actors; outlive the keeper.</param>
    /// <param name="id">Whose credential.</param>
    /// <param name="seed">The refresh token to begin with when no pair is stored. Secret.</param>
    /// <param name="store">Where the pair is kept.</param>
    /// <param name="endpoint">Where a new one comes from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">Random numbers in [0, 1).</param>
    /// <param name="notice">Something an operator should hear of; called on any thread, must not throw.</param>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public static async Task<CredentialKeeper> OpenAsync(
        AccountRegistry accounts,
        AccountId id,
        string seed,
        ITokenStore store,
        ITokenEndpoint endpoint,
        TimeProvider time,
        Func<double> jitter,
        Action<string, Exception?> notice)
    {
        var stored = await store.ReadAsync(CancellationToken.None);
        return new CredentialKeeper(accounts, id, store, endpoint, time, jitter, notice, stored ?? TokenPair.Seed(seed));
    }

    /// <summary>Begins to keep; the account is registered by now. Starting twice changes nothing.</summary>
    public void Start()
    {
        if (_running == Task.CompletedTask)
        {
            _resumes = _slot.State.Credential is CredentialState.Refreshing;
            _accounts.Published += Look;
            _running = Task.Run(RunAsync);
        }
    }

    /// <summary>Ends. A refresh under way is waited for a moment, so that no granted pair is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            await _running;
            return;
        }

        _accounts.Published -= Look;
        await _stopping.CancelAsync();
        _abandoning.CancelAfter(Parting);
        await _running;
        _stopping.Dispose();
        _abandoning.Dispose();
    }

    // On the turn of any account's actor.
    private void Look()
    {
        var credential = _slot.State.Credential;
        if (!ReferenceEquals(Interlocked.Exchange(ref _seen, credential), credential))
        {
            _wake.Writer.TryWrite(true);
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            DateTimeOffset next;
            try
            {
                next = await StepAsync();
            }
            catch (OperationCanceledException) when (_abandoning.IsCancellationRequested)
            {
                _notice($"the refresh of the credential of {_slot.Id} was given up because its keeper ends", null);
                return;
            }
            catch (Exception fault)
            {
                BackOff();
                next = _notBefore;
                _notice($"the credential of {_slot.Id} is not kept fresh at the moment; trying again at {Instant(next)}", fault);
            }

            await RestAsync(next);
        }
    }

    // Takes the step that is due; until when to rest after it.
    private async Task<DateTimeOffset> StepAsync()
    {
        var (state, pair, now) = (_slot.State, _pairs.Newest, _time.GetUtcNow());
        if (!state.IsRefreshable || state.Standing is Standing.Retired || state.Credential is CredentialState.Invalid)
        {
            return DateTimeOffset.MaxValue;
        }

        var isRefreshing = state.Credential is CredentialState.Refreshing;
        var due = RefreshTiming.DueAt(pair);
        var isNamed = state.Fingerprint == pair.Fingerprint && (isRefreshing || state.Credential == new CredentialState.Valid(pair.Until));
        if (!isNamed && (!isRefreshing || due > now))
        {
            await TellStoredAsync(pair);
            return now;
        }

        if (!isRefreshing && !_wanted && due > now)
        {
            return due;
        }

        _wanted = true;
        if (_notBefore > now)
        {
            return _notBefore;
        }

        if (isRefreshing)
        {
            if (_resumes)
            {
                await _accounts.TellAsync(_slot.Id, new AccountCommand.ResumeRefresh());
                _resumes = false;
            }

            await RefreshAsync(pair);
        }
        else
        {
            await _accounts.TellAsync(_slot.Id, new AccountCommand.StartRefresh());
        }

        return now;
    }

    private async Task RefreshAsync(TokenPair present)
    {
        if (_unstored is null)
        {
            var asked = _time.GetUtcNow();
            var answer = await _endpoint.RefreshAsync(present.RefreshToken, _abandoning.Token);
            if (answer.Grant is not { } grant)
            {
                await FailedAsync(present, answer.Failure);
                return;
            }

            _unstored = new TokenPair(grant.AccessToken, grant.RefreshToken ?? present.RefreshToken, asked + grant.Lifetime, asked);
        }

        await _store.WriteAsync(_unstored);
        var stored = _unstored;
        _unstored = null;
        _pairs = _pairs with { Newest = stored };
        await TellStoredAsync(stored);
    }

    private async Task FailedAsync(TokenPair used, string code)
    {
        if (code != ITokenEndpoint.InvalidGrant)
        {
            BackOff();
            await _accounts.TellAsync(_slot.Id, new AccountCommand.RefreshFailed(IsTerminal: false, code));
            _notice($"the credential of {_slot.Id} could not be refreshed: {code}; trying again at {Instant(_notBefore)}", null);
            return;
        }

        if (await _store.ReadAsync(_abandoning.Token) is { } stored && stored.RefreshToken != used.RefreshToken)
        {
            // Somebody else has used the token and stored what came of it; the next step uses that, or refreshes it.
            _pairs = _pairs with { Newest = stored };
            return;
        }

        _wanted = false;
        await _accounts.TellAsync(_slot.Id, new AccountCommand.RefreshFailed(IsTerminal: true, code));
        _notice($"the provider takes the credential of {_slot.Id} no more ({code}): give the account a new refresh-token in the config", null);
    }

    private async Task TellStoredAsync(TokenPair pair)
    {
        await _accounts.TellAsync(_slot.Id, new AccountCommand.RefreshSucceeded(pair.Until, pair.Fingerprint));
        _pairs = new StoredPairs(pair, pair);
        _wanted = false;
        _failures = 0;
        _notBefore = _time.GetUtcNow() + RefreshTiming.Shortest;
    }

    private void BackOff() => _notBefore = _time.GetUtcNow() + RefreshTiming.Backoff(++_failures, _jitter());

    private static string Instant(DateTimeOffset at) => at.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async Task RestAsync(DateTimeOffset until)
    {
        var now = _time.GetUtcNow();
        var wait = until - now;
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        using var rest = new CancellationTokenSource(wait < LongestRest ? wait : LongestRest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(rest.Token, _stopping.Token);
        if (_time.GetUtcNow() >= until)
        {
            return;
        }

        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look again, or to end.
        }
    }

    /// <summary>The newest pair, and the one that the account was told of last.</summary>
    private sealed record StoredPairs(TokenPair Newest, TokenPair Told);
}
