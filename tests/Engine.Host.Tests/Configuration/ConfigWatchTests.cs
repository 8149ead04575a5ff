using System.Collections.Concurrent;
using Engine.Host.Configuration;
using Engine.Host.Configuration.Hocon;
using Engine.Testing;

namespace Engine.Host.Tests.Configuration;

/// <summary>With real files. Where a test waits for the file system, it waits long and is done at once.</summary>
public sealed class ConfigWatchTests : IDisposable
{
    // An interval, and the second look that makes sure.
    private static readonly TimeSpan Soon = HoconFileWatch.Interval + HoconFileWatch.Quiet;

    private readonly ConfigSample _sample = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<ConfigChange> _changes = [];
    private readonly ConcurrentQueue<IReadOnlyList<ConfigFault>> _refusals = [];

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task An_edit_is_in_force_soon()
    {
        var changed = new TaskCompletionSource<ConfigChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = Watch("engine.routing.retries = 1", TimeProvider.System);
        watch.Changed += change => changed.TrySetResult(change);
        watch.Start();

        _sample.Write("engine.hocon", "engine.routing.retries = 2");

        var change = await changed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal((1, 2), (change.Before.Routing.Retries, change.After.Routing.Retries));
        Assert.Same(change.After, watch.Current);
    }

    [Fact]
    public void An_edit_that_nothing_notified_of_is_found_within_the_interval()
    {
        using var watch = Started("engine.routing.retries = 1");
        Assert.Equal(1, watch.Current.Routing.Retries);

        _sample.Write("engine.hocon", "engine.routing.retries = 2");
        _time.Advance(Soon);

        Assert.Equal(2, watch.Current.Routing.Retries);
        Assert.Single(_changes);
    }

    [Fact]
    public void An_edit_between_the_load_and_the_start_is_found_at_the_start()
    {
        var watch = Watch("engine.routing.retries = 1", _time);
        _sample.Write("engine.hocon", "engine.routing.retries = 2");

        watch.Start();
        _time.Advance(HoconFileWatch.Quiet);

        Assert.Equal(2, watch.Current.Routing.Retries);
        watch.Dispose();
    }

    [Fact]
    public void A_faulty_edit_is_refused_as_a_whole_and_told_once()
    {
        using var watch = Started("engine.routing.retries = 1");
        var before = watch.Current;

        _sample.Write("engine.hocon", "engine.routing { retries = 2, request-count = x, strategy = y }");
        _time.Advance(Soon * 3);

        Assert.Same(before, watch.Current);
        Assert.Empty(_changes);
        Assert.Equal(2, Assert.Single(_refusals).Count);

        _sample.Write("engine.hocon", "engine.routing { retries = 2 }");
        _time.Advance(Soon);

        Assert.Equal(2, watch.Current.Routing.Retries);
        Assert.Same(before, Assert.Single(_changes).Before);
    }

    [Fact]
    public void Included_files_are_watched_even_before_they_exist()
    {
        _sample.Write("sub/a.hocon", "routing.retries = 1");
        using var watch = Started("engine { include \"sub/a.hocon\", include \"sub/b.hocon\", include \"later/c.hocon\" }");

        _sample.Write("sub/a.hocon", "routing.retries = 2");
        _time.Advance(Soon);
        _sample.Write("sub/b.hocon", "routing.retries = 3");
        _time.Advance(Soon);
        _sample.Write("later/c.hocon", "include \"d.hocon\"");
        _time.Advance(Soon);
        _sample.Write("later/d.hocon", "routing.retries = 4");
        _time.Advance(Soon);
        File.Delete(Path.Combine(_sample.Folder, "later/c.hocon"));
        _time.Advance(Soon);

        Assert.Equal([2, 3, 3, 4, 3], _changes.Select(change => change.After.Routing.Retries));
    }

    [Fact]
    public void A_file_that_is_gone_for_a_moment_does_not_matter_when_it_is_back()
    {
        using var watch = Started("engine.routing.retries = 1");
        var path = Path.Combine(_sample.Folder, "engine.hocon");

        File.Delete(path);
        _time.Advance(Soon);
        Assert.Equal("there is no such file", Assert.Single(Assert.Single(_refusals)).Message);
        Assert.Equal(1, watch.Current.Routing.Retries);

        _sample.Write("engine.hocon", "engine.routing.retries = 2");
        _time.Advance(Soon);
        Assert.Equal(2, watch.Current.Routing.Retries);
    }

    [Fact]
    public void A_file_that_is_still_being_written_is_not_read()
    {
        using var watch = Started("engine.routing.retries = 1");

        // Due at the end of the first step, or a little later when the file system tells of the edit.
        _time.Advance(HoconFileWatch.Interval - HoconFileWatch.Quiet / 2);
        _sample.Write("engine.hocon", "");
        _time.Advance(HoconFileWatch.Quiet / 2);
        _sample.Write("engine.hocon", "engine {");
        _time.Advance(HoconFileWatch.Quiet);
        _sample.Write("engine.hocon", "engine { routing.retries = 2 }");
        _time.Advance(Soon);

        Assert.Equal(2, Assert.Single(_changes).After.Routing.Retries);
        Assert.Empty(_refusals);
    }

    [Fact]
    public void Writing_the_same_again_is_no_change()
    {
        using var watch = Started("engine.routing.retries = 1");

        _sample.Write("engine.hocon", "engine.routing.retries = 1");
        _time.Advance(Soon * 2);

        Assert.Empty(_changes);
    }

    [Fact]
    public void A_disposed_watch_is_silent()
    {
        var watch = Started("engine.routing.retries = 1");
        watch.Dispose();

        _sample.Write("engine.hocon", "engine.routing.retries = 2");
        _time.Advance(Soon * 2);

        Assert.Equal(1, watch.Current.Routing.Retries);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public void A_change_names_the_keys_that_wait_for_a_restart()
    {
        using var watch = Started("engine.routing.retries = 1");

        _sample.Write("engine.hocon", "engine.routing.retries = 2");
        _time.Advance(Soon);
        _sample.Write("engine.hocon", "engine { server.listen = [\"http://[::1]:1\"], data-dir = x, persistence { provider = postgres, connection-string = y } }");
        _time.Advance(Soon);

        Assert.Equal(["", "engine.server.listen engine.data-dir engine.persistence"], _changes.Select(change => string.Join(' ', change.NeedsRestart())));
    }

    private ConfigWatch Started(string text)
    {
        var watch = Watch(text, _time);
        watch.Start();
        _time.Advance(TimeSpan.Zero);
        return watch;
    }

    private ConfigWatch Watch(string text, TimeProvider time)
    {
        var source = _sample.Source(text);
        var watch = new ConfigWatch(source, source.Load(), time);
        watch.Changed += _changes.Enqueue;
        watch.Refused += _refusals.Enqueue;
        return watch;
    }
}
