using Engine.Actors.Accounts;
using Engine.Actors.Credentials;

namespace Engine.Actors.Tests.Credentials;

public sealed class CredentialKeeperTests : IAsyncLifetime
{
    private readonly KeeperStage _stage = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_first_pair_is_fetched_with_the_seed_and_stored_before_it_is_told_and_used()
    {
        string? used = "nothing";
        _stage.Storing = _ => used = _stage.Keeper.Current;

        await _stage.StartedAsync();

        Assert.Equal(["refresh-0"], _stage.Asked);
        Assert.Equal(["published Refreshing", "asked", "stored", "published Valid"], _stage.Steps);
        Assert.Null(used);
        Assert.Equal(new CredentialState.Valid(_stage.Time.GetUtcNow().AddHours(1)), _stage.Slot.State.Credential);
        Assert.Equal(_stage.Stored!.Fingerprint, _stage.Slot.State.Fingerprint);
        Assert.Equal(["registered", "refresh-started", "credential-refreshed"], await _stage.HistoryAsync());
    }

    [Fact]
    public async Task A_pair_is_replaced_ahead_of_its_end_and_the_old_one_serves_until_the_new_one_is_told()
    {
        await _stage.StartedAsync();
        string? used = null;
        _stage.Storing = _ => used = _stage.Keeper.Current;

        _stage.Time.Advance(TimeSpan.FromMinutes(55));
        await KeeperStage.UntilAsync(() => _stage.Keeper.Current == "access-2", "no second pair");

        Assert.Equal(["refresh-0", "refresh-1"], _stage.Asked);
        Assert.Equal("access-1", used);
        Assert.Equal("refresh-2", _stage.Stored!.RefreshToken);
    }

    [Fact]
    public async Task A_new_start_uses_the_stored_pair_and_asks_nobody()
    {
        await _stage.StartedAsync();

        await _stage.RestartAsync();

        Assert.Equal("access-1", _stage.Keeper.Current);
        _stage.Time.Advance(TimeSpan.FromMinutes(55));
        await KeeperStage.UntilAsync(() => _stage.Keeper.Current == "access-2", "no second pair");
        Assert.Equal(["refresh-0", "refresh-1"], _stage.Asked);
    }

    [Fact]
    public async Task Fifty_refused_calls_lead_to_one_refresh()
    {
        await _stage.StartedAsync();
        var answer = new TaskCompletionSource<TokenAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _stage.Provider = _ => answer.Task;
        _stage.Time.Advance(TimeSpan.FromSeconds(10));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _stage.RefuseCallAsync().AsTask()));
        await KeeperStage.UntilAsync(() => _stage.Asked.Count == 2, "the refusal led to no refresh");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _stage.RefuseCallAsync().AsTask()));
        Assert.IsType<CredentialState.Refreshing>(_stage.Slot.State.Credential);
        answer.SetResult(KeeperStage.Grant(2));
        await KeeperStage.UntilAsync(() => _stage.Keeper.Current == "access-2", "no second pair");

        Assert.Equal(Standing.Available.Instance, _stage.Slot.State.Standing);
        var history = await _stage.HistoryAsync();
        Assert.Equal(2, _stage.Asked.Count);
        Assert.Equal(2, history.Count(each => each == "refresh-started"));
        Assert.Equal(2, history.Count(each => each == "credential-refreshed"));
    }

    [Fact]
    public async Task A_refresh_token_that_the_provider_takes_no_more_condemns_the_account_and_nobody_asks_again()
    {
        await _stage.StartedAsync();
        _stage.Provider = _ => Task.FromResult(TokenAnswer.Failed("invalid_grant"));

        _stage.Time.Advance(TimeSpan.FromMinutes(55));
        await KeeperStage.UntilAsync(() => _stage.Slot.State.Credential is CredentialState.Invalid, "not condemned");
        _stage.Time.Advance(TimeSpan.FromHours(5));
        await _stage.RestartAsync();

        Assert.Equal(2, _stage.Asked.Count);
        Assert.Equal(new Standing.AuthenticationFailed(_stage.Time.GetUtcNow().AddHours(-5), DateTimeOffset.MaxValue, "invalid_grant"), _stage.Slot.State.Standing);
        await KeeperStage.UntilAsync(() => _stage.Notices.Any(notice => notice.Contains("takes the credential of u/a no more", StringComparison.Ordinal)), "nobody was told");
    }

    [Fact]
    public async Task An_operator_who_clears_a_condemned_account_has_it_asked_once_more()
    {
        await _stage.StartedAsync();
        _stage.Provider = _ => Task.FromResult(TokenAnswer.Failed("invalid_grant"));
        _stage.Time.Advance(TimeSpan.FromMinutes(60));
        await KeeperStage.UntilAsync(() => _stage.Slot.State.Credential is CredentialState.Invalid, "not condemned");
        _stage.Provider = _ => Task.FromResult(KeeperStage.Grant(7));
        _stage.Time.Advance(TimeSpan.FromSeconds(10));

        await _stage.Accounts.TellAsync(KeeperStage.Id, new AccountCommand.Clear(null, "operator"));
        await KeeperStage.UntilAsync(
            () =>
            {
                _stage.Time.Advance(TimeSpan.FromMilliseconds(100));
                return _stage.Keeper.Current == "access-7";
            },
            "not asked again");

        Assert.Equal(["refresh-0", "refresh-1", "refresh-1"], _stage.Asked);
    }

    [Theory]
    [InlineData(60, 2)]
    [InlineData(-60, 3)]
    public async Task A_stale_refresh_token_is_read_again_before_it_condemns(int minutesLeft, int asked)
    {
        await _stage.StartedAsync();
        _stage.Provider = token => Task.FromResult(token == "refresh-theirs" ? KeeperStage.Grant(9) : TokenAnswer.Failed("invalid_grant"));
        var due = _stage.Time.GetUtcNow().AddMinutes(55);
        _stage.Stored = new TokenPair("access-theirs", "refresh-theirs", due.AddMinutes(minutesLeft), due.AddMinutes(-2));

        _stage.Time.Advance(TimeSpan.FromMinutes(55));
        var expected = minutesLeft > 0 ? "access-theirs" : "access-9";
        await KeeperStage.UntilAsync(() => _stage.Keeper.Current == expected, "the other process's pair is not used");

        Assert.Equal(asked, _stage.Asked.Count);
        Assert.Equal(_stage.Stored!.Fingerprint, _stage.Slot.State.Fingerprint);
        Assert.DoesNotContain("credential-invalidated", await _stage.HistoryAsync());
    }

    [Fact]
    public async Task A_failed_refresh_is_tried_again_later_and_the_old_token_serves_meanwhile()
    {
        await _stage.StartedAsync();
        _stage.Provider = _ => Task.FromResult(TokenAnswer.Failed("http_500"));

        _stage.Time.Advance(TimeSpan.FromMinutes(55));
        await KeeperStage.UntilAsync(() => !_stage.Notices.IsEmpty(), "nobody was told");
        Assert.Equal("access-1", _stage.Keeper.Current);
        Assert.Equal(new CredentialState.Valid(_stage.Stored!.Until), _stage.Slot.State.Credential);
        _stage.Provider = _ => Task.FromResult(KeeperStage.Grant(2));
        _stage.Time.Advance(TimeSpan.FromSeconds(0.5));
        await KeeperStage.UntilAsync(() => _stage.Keeper.Current == "access-2", "not tried again");

        Assert.Equal(3, _stage.Asked.Count);
        Assert.Contains("could not be refreshed: http_500", Assert.Single(_stage.Notices), StringComparison.Ordinal);
        Assert.Equal(
            ["registered", "refresh-started", "credential-refreshed", "refresh-started", "refresh-failed", "refresh-started", "credential-refreshed"],
            await _stage.HistoryAsync());
    }

    [Fact]
    public async Task A_process_that_dies_between_answer_and_write_refreshes_at_once_when_it_comes_back()
    {
        await _stage.StartedAsync();
        _stage.Storing = _ => throw new IOException("killed");
        _stage.Time.Advance(TimeSpan.FromMinutes(55));
        await KeeperStage.UntilAsync(() => !_stage.Notices.IsEmpty(), "the store was not reached");
        Assert.Equal("access-1", _stage.Keeper.Current);

        await _stage.StopAsync();
        _stage.Storing = static _ => { };
        _stage.Time.Advance(TimeSpan.FromSeconds(2));
        await _stage.StartAsync();
        await KeeperStage.UntilAsync(() => _stage.Keeper.Current == "access-3", "the refresh was not resumed");

        Assert.Equal(["refresh-0", "refresh-1", "refresh-1"], _stage.Asked);
        Assert.Equal("refresh-3", _stage.Stored!.RefreshToken);
        Assert.Equal(
            ["registered", "refresh-started", "credential-refreshed", "refresh-started", "refresh-started", "credential-refreshed"],
            await _stage.HistoryAsync());
    }

    [Fact]
    public async Task A_process_that_dies_between_write_and_journal_goes_on_with_the_written_pair()
    {
        await _stage.StartedAsync();
        var answer = new TaskCompletionSource<TokenAnswer>();
        _stage.Provider = _ => answer.Task;
        _stage.Time.Advance(TimeSpan.FromMinutes(55));
        await KeeperStage.UntilAsync(() => _stage.Asked.Count == 2, "not asked");
        _stage.Storing = _ => throw new IOException("killed");
        answer.SetResult(KeeperStage.Grant(2));
        await KeeperStage.UntilAsync(() => !_stage.Notices.IsEmpty(), "the store was not reached");
        await _stage.StopAsync();
        _stage.Storing = static _ => { };
        _stage.Stored = new TokenPair("access-2", "refresh-2", _stage.Time.GetUtcNow().AddHours(1), _stage.Time.GetUtcNow());

        await _stage.StartAsync();

        Assert.Equal(new CredentialState.Valid(_stage.Stored.Until), _stage.Slot.State.Credential);
        Assert.Equal("access-2", _stage.Keeper.Current);
        Assert.Equal(2, _stage.Asked.Count);
    }

    [Fact]
    public async Task A_pair_that_cannot_be_stored_is_kept_and_not_used_and_the_provider_is_not_asked_again()
    {
        await _stage.StartedAsync();
        var tries = 0;
        _stage.Storing = _ =>
        {
            if (++tries < 3)
            {
                throw new IOException("disk full");
            }
        };

        _stage.Time.Advance(TimeSpan.FromMinutes(55));
        await KeeperStage.UntilAsync(() => _stage.Notices.Count == 1, "not noticed");
        Assert.Equal("access-1", _stage.Keeper.Current);
        await KeeperStage.UntilAsync(
            () =>
            {
                _stage.Time.Advance(TimeSpan.FromMilliseconds(100));
                return _stage.Keeper.Current == "access-2";
            },
            "the pair was lost");

        Assert.Equal(3, tries);
        Assert.Equal(2, _stage.Asked.Count);
    }

    [Fact]
    public async Task An_account_that_was_told_of_an_older_pair_is_put_right()
    {
        await _stage.StartedAsync();

        await _stage.RegisterAsync(TokenPair.Seed("refresh-0"));
        await KeeperStage.UntilAsync(() => _stage.Slot.State.Fingerprint == _stage.Stored!.Fingerprint, "the account names another pair");

        Assert.Equal(new CredentialState.Valid(_stage.Stored!.Until), _stage.Slot.State.Credential);
        Assert.Single(_stage.Asked);
    }

    [Fact]
    public async Task An_answer_that_comes_while_the_keeper_ends_is_stored()
    {
        await _stage.StartedAsync();
        var answer = new TaskCompletionSource<TokenAnswer>();
        _stage.Provider = _ => answer.Task;
        _stage.Time.Advance(TimeSpan.FromMinutes(55));
        await KeeperStage.UntilAsync(() => _stage.Asked.Count == 2, "not asked");

        var ending = _stage.Keeper.DisposeAsync().AsTask();
        Assert.False(ending.IsCompleted);
        answer.SetResult(KeeperStage.Grant(2));
        await ending;

        Assert.Equal("access-2", _stage.Stored!.AccessToken);
    }
}

file static class Queues
{
    public static bool IsEmpty(this IReadOnlyCollection<string> queue) => queue.Count == 0;
}
