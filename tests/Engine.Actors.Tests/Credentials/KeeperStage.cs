using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Engine.Actors.Accounts;
using Engine.Actors.Credentials;
using Engine.Actors.Journal.Sqlite;
using Engine.Actors.Rotation;
using Engine.Actors.Tests.Accounts;
using Engine.Actors.Tests.Journal;
using Engine.Testing;

namespace Engine.Actors.Tests.Credentials;

/// <summary>
/// One refreshable account with its actors, a journal on disk and a keeper; the provider and the stored pair are the test's.
/// <see cref="RestartAsync"/> is a new process on the same journal and store.
/// </summary>
internal sealed class KeeperStage : ITokenEndpoint, ITokenStore, IAsyncDisposable
{
    public static readonly AccountId Id = new("u", "a");

    private readonly SqliteFolder _folder = new();
    private readonly List<string> _steps = [];
    private readonly ConcurrentQueue<string> _notices = new();
    private int _starts;

    public ManualTimeProvider Time { get; } = new();

    public AccountRegistry Accounts { get; private set; } = null!;

    public CredentialKeeper Keeper { get; private set; } = null!;

    public AccountSlot Slot => Accounts.SlotOf(Id);

    /// <summary>The pair on "disk".</summary>
    public TokenPair? Stored { get; set; }

    /// <summary>What the provider answers; the argument is the refresh token it got.</summary>
    public Func<string, Task<TokenAnswer>> Provider { get; set; }

    /// <summary>Called before a pair is stored; may throw.</summary>
    public Action<TokenPair> Storing { get; set; } = static _ => { };

    /// <summary>Refresh tokens the provider got, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public IReadOnlyCollection<string> Notices => _notices;

    /// <summary>What happened in order: asked, stored, and each published credential.</summary>
    public string[] Steps
    {
        get
        {
            lock (_steps)
            {
                return [.. _steps];
            }
        }
    }

    public KeeperStage()
    {
        var grants = 0;
        Provider = _ => Task.FromResult(Grant(Interlocked.Increment(ref grants)));
    }

    /// <summary>Tokens <c>access-N</c> and <c>refresh-N</c>, for an hour.</summary>
    public static TokenAnswer Grant(int number) => TokenAnswer.Of(new TokenGrant($"access-{number}", $"refresh-{number}", TimeSpan.FromHours(1)));

    public async Task StartAsync(string seed = "refresh-0")
    {
        var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions(_folder.File), $"w{++_starts}", Time);
        Accounts = await AccountRegistry.OpenAsync(journal, Time, new Random(1), TimeSpan.FromDays(1), CancellationToken.None);
        Keeper = await CredentialKeeper.OpenAsync(Accounts, Id, seed, this, this, Time, static () => 0, (message, _) => _notices.Enqueue(message));
        await RegisterAsync(Keeper.Pair);
        Accounts.Published += () => Step("published " + Slot.State.Credential.GetType().Name);
        Keeper.Start();
    }

    public Task RegisterAsync(TokenPair pair) => Accounts.ApplyAsync(
        [new AccountRegistration(Id, 1, AccountLimits.None, pair.Fingerprint) { IsRefreshable = true, Until = pair.Until }], TimeSpan.FromMinutes(30));

    /// <summary>Starts and waits for the first pair.</summary>
    public async Task StartedAsync()
    {
        await StartAsync();
        await UntilAsync(() => Keeper.Current == "access-1", "the first pair has not come");
    }

    public async Task StopAsync()
    {
        await Keeper.DisposeAsync();
        await Accounts.DisposeAsync();
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>The provider refuses the token on a call that was leased just now.</summary>
    public ValueTask RefuseCallAsync() => Accounts.ReportAsync(
        Id, new AttemptReport { RequestId = "r", Model = "m", LeasedAt = Time.GetUtcNow(), Verdict = Verdicts.Strike });

    /// <summary>The journal's manifests of the account, without <c>account.</c> and version; and that no token is in it.</summary>
    public async Task<string[]> HistoryAsync()
    {
        await StopAsync();
        var entries = new List<string>();
        await using (var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions(_folder.File), "reader", Time))
        {
            await foreach (var entry in journal.ReadAsync(Id.PersistenceId, 1, CancellationToken.None))
            {
                var text = Encoding.UTF8.GetString(entry.Payload.Span);
                Assert.DoesNotContain("access-", text, StringComparison.Ordinal);
                Assert.DoesNotContain("refresh-", text, StringComparison.Ordinal);
                entries.Add(entry.Manifest.Split('/')[0]["account.".Length..]);
            }
        }

        await StartAsync();
        return [.. entries];
    }

    public static async Task UntilAsync(Func<bool> condition, string otherwise)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), otherwise);
            await Task.Delay(5);
        }
    }

    public async ValueTask<TokenAnswer> RefreshAsync(string refreshToken, CancellationToken cancellation)
    {
        Step("asked");
        Asked.Enqueue(refreshToken);
        return await Provider(refreshToken).WaitAsync(cancellation);
    }

    public ValueTask<TokenPair?> ReadAsync(CancellationToken cancellation) => new(Stored);

    public ValueTask WriteAsync(TokenPair pair)
    {
        Storing(pair);
        Step("stored");
        Stored = pair;
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private void Step(string step)
    {
        lock (_steps)
        {
            _steps.Add(step);
        }
    }
}
