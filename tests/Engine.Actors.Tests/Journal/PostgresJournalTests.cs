using Engine.Actors.Journal;
using Engine.Actors.Journal.Postgres;
using Npgsql;

namespace Engine.Actors.Tests.Journal;

/// <summary>Runs against the server of the environment variable ENGINE_TEST_POSTGRES; each test in a schema of its own.</summary>
public sealed class PostgresJournalTests : JournalSpec, IAsyncDisposable
{
    private readonly string? _server = Environment.GetEnvironmentVariable("ENGINE_TEST_POSTGRES");
    private readonly string _schema = "engine_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        if (!string.IsNullOrEmpty(_server))
        {
            await ExecuteAsync($"DROP SCHEMA IF EXISTS {_schema} CASCADE");
        }
    }

    protected override async ValueTask<IJournal> OpenAsync() => await OpenPostgresAsync("writer-1");

    [Fact]
    public async Task Two_engines_may_share_the_server_but_not_a_history()
    {
        await using var one = await OpenPostgresAsync("one");
        await using var two = await OpenPostgresAsync("two");
        await one.AppendAsync("a", 0, [Entry("1")]);
        await two.AppendAsync("b", 0, [Entry("1")]);
        await two.AppendAsync("a", 1, [Entry("2")]);

        await Assert.ThrowsAsync<JournalConflictException>(async () => await one.AppendAsync("a", 1, [Entry("late")]));
        Assert.Equal(Durability.Durable, await one.AppendAsync("c", 0, [Entry("1")]));
        Assert.Equal(Durability.Durable, await one.AppendAsync("a", 2, [Entry("3")]));
        Assert.Equal(["\"1\"", "\"2\"", "\"3\""], (await ReadAllAsync(two, "a")).Select(Text));
        Assert.Empty(PostgresJournal.Inspect(ConnectionString()).Verify(_ => true, (_, _) => null));
    }

    [Fact]
    public async Task A_server_that_ends_the_connection_costs_nothing()
    {
        await using var journal = await OpenPostgresAsync("one");
        await journal.AppendAsync("a", 0, [Entry("1")]);
        var writes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        journal.HealthChanged += h => _ = h.IsWriting && writes.TrySetResult();
        await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'engine' AND pid <> pg_backend_pid()");

        Assert.Equal(Durability.Deferred, await journal.AppendAsync("a", 1, [Entry("2")]));
        Time.Advance(TimeSpan.FromMilliseconds(100));
        await writes.Task.WaitAsync(Cancellation);
        Assert.Equal(Durability.Durable, await journal.AppendAsync("a", 2, [Entry("3")]));
        Assert.Equal(3, (await ReadAllAsync(journal, "a")).Count);
    }

    [Fact]
    public async Task A_newer_version_is_refused()
    {
        await using (await OpenPostgresAsync("one"))
        {
            await ExecuteAsync($"UPDATE {_schema}.engine_journal SET version = 99");
        }

        var refusal = await Assert.ThrowsAsync<JournalUnusableException>(() => OpenPostgresAsync("two"));
        Assert.Contains("has version 99", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=hunter2-secret;Database=d;Timeout=2")]
    [InlineData("Host=127.0.0.1;Passw0rd=hunter2-secret")]
    public async Task A_server_that_cannot_be_reached_is_said_so_without_the_password(string connectionString)
    {
        var options = new PostgresJournalOptions(connectionString);
        var refusal = await Assert.ThrowsAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options, "w", Time, Cancellation));
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", options.ToString(), StringComparison.Ordinal);
    }

    private async Task<DurableJournal> OpenPostgresAsync(string writer)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(_server), "ENGINE_TEST_POSTGRES names no server.");
        await ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {_schema}");
        return await PostgresJournal.OpenAsync(new PostgresJournalOptions(ConnectionString()), writer, Time, Cancellation);
    }

    private string ConnectionString() => new NpgsqlConnectionStringBuilder(_server) { SearchPath = _schema }.ToString();

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ToString());
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
