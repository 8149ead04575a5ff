using System.Globalization;
using System.Text;
using Engine.Actors.Journal;
using Engine.Actors.Kernel;
using Engine.Actors.Persistence;
using Engine.Actors.Tests.Kernel.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Actors.Tests.Persistence;

public sealed class PersistentActorTests
{
    private static readonly SupervisorStrategy AtOnce = new() { MinBackoff = TimeSpan.Zero };

    [Fact]
    public async Task What_is_acted_upon_is_in_the_journal()
    {
        await using var system = new TestSystem();
        var journal = new ScriptedJournal();
        var released = new TaskCompletionSource();
        journal.Before = () => released.Task;
        var list = Spawn(system, journal);

        var first = AskAsync(list, "a");
        var second = AskAsync(list, "b");
        await Task.Yield();
        Assert.False(first.IsCompleted);
        Assert.Equal(0, journal.Count);
        released.SetResult();

        Assert.Equal("1:a", await first);
        Assert.Equal("2:ab", await second);
    }

    [Fact]
    public async Task Several_events_are_one_append()
    {
        await using var system = new TestSystem();
        var journal = new ScriptedJournal();
        var appends = 0;
        journal.Before = () =>
        {
            appends++;
            return Task.CompletedTask;
        };
        var list = Spawn(system, journal);

        Assert.Equal("3:xyz", await AskAsync(list, "xyz"));
        Assert.Equal("3:xyz", await AskAsync(list, ""));
        Assert.Equal(1, appends);
    }

    [Fact]
    public async Task An_event_written_by_an_actor_killed_before_it_applied_is_recovered()
    {
        await using var system = new TestSystem(AtOnce);
        var journal = new ScriptedJournal();
        var list = Spawn(system, journal);
        await AskAsync(list, "a");
        journal.After = () =>
        {
            journal.After = () => Task.FromResult(Durability.Durable);
            throw new IOException("gone between write and answer");
        };

        var lost = AskAsync(list, "b");
        await Assert.ThrowsAsync<IOException>(() => lost);

        Assert.Equal("3:abc", await AskAsync(list, "c"));
    }

    [Fact]
    public async Task A_handler_cannot_hide_a_failed_append()
    {
        await using var system = new TestSystem(AtOnce);
        var journal = new ScriptedJournal();
        var list = Spawn(system, journal);
        journal.Before = () =>
        {
            journal.Before = () => Task.CompletedTask;
            throw new IOException();
        };
        using var failures = system.Events.Subscribe<ActorFailed>();

        list.Tell(new Add("a", null, CatchAll: true));

        Assert.IsType<IOException>((await failures.Events.ReadAsync().AsTask().WaitAsync(TestSystem.Guard)).Cause);
        Assert.Equal("1:b", await AskAsync(list, "b"));
    }

    [Fact]
    public async Task A_conflict_ends_the_actor_with_a_clear_error()
    {
        await using var system = new TestSystem(AtOnce with { Decider = _ => Directive.Resume });
        var journal = new ScriptedJournal();
        var list = Spawn(system, journal);
        await AskAsync(list, "a");
        await journal.AppendAsync("list", 1, [new NewEntry("added/1", "z"u8.ToArray(), default)]);

        await Assert.ThrowsAsync<JournalConflictException>(() => AskAsync(list, "b"));

        var cause = await list.Termination.WaitAsync(TestSystem.Guard);
        Assert.Equal("The history of list ends with 2, not with 1: somebody else has written to it.", cause?.Message);
    }

    [Fact]
    public async Task Mail_waits_for_the_recovery()
    {
        await using var system = new TestSystem();
        var journal = new ScriptedJournal();
        await journal.AppendAsync("list", 0, [.. Enumerable.Repeat(new NewEntry("added/1", "h"u8.ToArray(), default), 500)]);

        var list = Spawn(system, journal);

        Assert.Equal("501:" + new string('h', 500) + "!", await AskAsync(list, "!"));
    }

    [Fact]
    public void Recovery_from_any_snapshot_equals_recovery_from_all() =>
        Prop.ForAll(
                Gen.Choose(1, 7).Zip(Gen.Elements("", "a", "bc", "def").ListOf()).ToArbitrary(),
                c => RecoverBothWays(c.Item1, [.. c.Item2]).WaitAsync(TestSystem.Guard).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public async Task A_snapshot_that_fails_is_reported_and_the_actor_goes_on()
    {
        await using var system = new TestSystem();
        using var failures = system.Events.Subscribe<SnapshotFailed>();
        var journal = new ScriptedJournal { BeforeSnapshot = () => throw new IOException("full") };
        var list = Spawn(system, journal, every: 2);

        await AskAsync(list, "ab");
        Assert.Equal("3:abc", await AskAsync(list, "c"));

        var failed = await failures.Events.ReadAsync().AsTask().WaitAsync(TestSystem.Guard);
        Assert.Equal(("list", 2L, "full"), (failed.PersistenceId, failed.SequenceNumber, failed.Cause.Message));
    }

    [Fact]
    public async Task A_snapshot_makes_up_for_what_a_journal_without_disk_may_have_dropped()
    {
        await using var system = new TestSystem();
        var journal = new ScriptedJournal { After = () => Task.FromResult(Durability.Deferred) };
        var list = Spawn(system, journal);
        await AskAsync(list, "a");
        Assert.Null(journal.Snapshot);

        journal.After = () => Task.FromResult(Durability.Durable);
        await AskAsync(list, "b");
        await AskAsync(list, "");

        Assert.Equal(2, journal.Snapshot?.SequenceNumber);
    }

    [Fact]
    public async Task A_recovery_has_a_deadline()
    {
        await using var system = new TestSystem(new SupervisorStrategy { Decider = _ => Directive.Stop });
        var list = Spawn(system, new ScriptedJournal { BeforeRead = c => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, c) });

        await system.AdvanceAsync(PersistenceOptions.Default.RecoveryDeadline);

        Assert.IsType<RecoveryException>(await list.Termination.WaitAsync(TestSystem.Guard));
    }

    [Fact]
    public async Task An_actor_stops_while_it_recovers()
    {
        await using var system = new TestSystem();
        var reads = new TaskCompletionSource();
        var list = Spawn(system, new ScriptedJournal
        {
            BeforeRead = c =>
            {
                reads.SetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, c);
            },
        });
        var asked = AskAsync(list, "a");
        await reads.Task.WaitAsync(TestSystem.Guard);

        list.Stop();

        await Assert.ThrowsAsync<UndeliveredException>(() => asked);
        Assert.Null(await list.Termination.WaitAsync(TestSystem.Guard));
    }

    [Fact]
    public async Task A_gap_in_the_history_is_refused_by_its_place()
    {
        await using var system = new TestSystem(new SupervisorStrategy { Decider = _ => Directive.Stop });
        var journal = new ScriptedJournal();
        await journal.AppendAsync("list", 0, [.. "abc".Select(c => new NewEntry("added/1", new[] { (byte)c }, default))]);
        journal.Drop(2);

        var cause = Assert.IsType<RecoveryException>(await Spawn(system, journal).Termination.WaitAsync(TestSystem.Guard));

        Assert.Equal("list cannot recover at entry 2: the history goes on with entry 3.", cause.Message);
    }

    [Fact]
    public async Task An_unknown_manifest_is_refused_by_its_place()
    {
        await using var system = new TestSystem(new SupervisorStrategy { Decider = _ => Directive.Stop });
        var journal = new ScriptedJournal();
        await journal.AppendAsync("list", 0, [new NewEntry("removed/9", "a"u8.ToArray(), default)]);

        var cause = Assert.IsType<RecoveryException>(await Spawn(system, journal).Termination.WaitAsync(TestSystem.Guard));

        Assert.Equal("list cannot recover at entry 1: unknown removed/9", cause.Message);
    }

    [Fact]
    public async Task A_persist_that_is_not_awaited_is_a_failure()
    {
        await using var system = new TestSystem(new SupervisorStrategy { Decider = _ => Directive.Stop });
        var journal = new ScriptedJournal { Before = () => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System) };
        var list = Spawn(system, journal);

        list.Tell(new Add("a", null, Forgets: true));

        Assert.IsType<InvalidOperationException>(await list.Termination.WaitAsync(TestSystem.Guard));
    }

    private static async Task<bool> RecoverBothWays(int every, string[] commands)
    {
        await using var system = new TestSystem();
        var journal = new ScriptedJournal();
        var list = Spawn(system, journal, every);
        var expected = "0:";
        foreach (var command in commands)
        {
            expected = await AskAsync(list, command);
        }

        await list.StopAsync(TimeSpan.FromSeconds(1));
        var events = journal.Count;
        var withSnapshot = await AskAsync(Spawn(system, journal, name: "b"), "");
        var snapshot = journal.Snapshot;
        journal.ForgetSnapshot();
        var withoutSnapshot = await AskAsync(Spawn(system, journal, name: "c"), "");
        return expected == withSnapshot && expected == withoutSnapshot && (snapshot is not null) == (events >= every);
    }

    private static ActorRef<Add> Spawn(TestSystem system, IJournal journal, int every = 100, string name = "list") =>
        system.Spawn(() => new ListActor(journal, new PersistenceOptions { SnapshotEvery = every }), name);

    private static Task<string> AskAsync(ActorRef<Add> list, string items) =>
        list.AskAsync<string>(reply => new Add(items, reply), TimeSpan.FromSeconds(1)).WaitAsync(TestSystem.Guard);

    private sealed record Add(string Items, ReplyTo<string>? Reply, bool CatchAll = false, bool Forgets = false) : IAwaited
    {
        public void Abandon(Exception cause) => Reply?.Fail(cause);
    }

    private sealed class ListActor(IJournal journal, PersistenceOptions options)
        : PersistentActor<Add, char, string>("list", journal, new CharFormat(), "", options)
    {
        protected override string Apply(string state, char happened) => state + happened;

        protected override async ValueTask OnReceive(Add message)
        {
            try
            {
                var persisted = PersistAsync([.. message.Items]);
                if (message.Forgets)
                {
                    return;
                }

                await persisted;
            }
            catch (IOException) when (message.CatchAll)
            {
                return;
            }

            message.Reply?.Tell(string.Create(CultureInfo.InvariantCulture, $"{SequenceNumber}:{State}"));
        }
    }

    private sealed class CharFormat : IEventFormat<char, string>
    {
        public Stored WriteEvent(char happened) => new("added/1", new[] { (byte)happened });

        public char ReadEvent(string manifest, ReadOnlyMemory<byte> payload) => manifest == "added/1" ? (char)payload.Span[0] : throw new FormatException($"unknown {manifest}");

        public Stored WriteState(string state) => new("list/1", Encoding.ASCII.GetBytes(state));

        public string ReadState(string manifest, ReadOnlyMemory<byte> payload) => Encoding.ASCII.GetString(payload.Span);
    }
}
