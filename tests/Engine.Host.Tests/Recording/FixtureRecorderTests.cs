using System.IO.Compression;
using System.Text;
using Engine.Host.Recording;
using Engine.Testing;

namespace Engine.Host.Tests.Recording;

public class FixtureRecorderTests
{
    private static readonly KeyValuePair<string, string>[] Sse = [new("content-type", "text/event-stream")];

    [Fact]
    public async Task An_exchange_is_recorded_with_its_reads_and_their_times_and_replays_as_it_was()
    {
        using var folder = new TempFolder();
        var time = new ManualTimeProvider();
        await using (var recorder = Recorder(folder, time))
        {
            var exchange = recorder.Begin(
                "POST", "api.openai.com", "/v1/chat/completions", [new("authorization", "Bearer opaque-value-1"), new("content-type", "application/json")]);
            exchange.AddRequestBody("""{"model":"m","""u8);
            exchange.AddRequestBody("""  "stream":true}"""u8);
            time.Advance(TimeSpan.FromMilliseconds(120));
            exchange.SetHead(200, Sse);
            exchange.AddChunk("data: 1\n"u8);
            time.Advance(TimeSpan.FromMilliseconds(30.5));
            exchange.AddChunk("\ndata: opaque-value-1\n\n"u8);
            exchange.Complete();
        }

        var library = folder.Load();
        Assert.Empty(library.Faults);
        var fixture = Assert.Single(library.Fixtures);
        Assert.Equal("openai-chat/up-1.s.20261121T000000.0", fixture.Name);
        Assert.Equal("m", fixture.Model);
        Assert.Equal([8, 23], fixture.Meta.Chunks!);
        Assert.Equal([0, 30.5], fixture.Meta.Timing!);
        Assert.Equal(120, fixture.Meta.HeadDelay);
        Assert.Equal("data: 1\n\ndata: **************\n\n", Encoding.UTF8.GetString((await library.ReadBodyAsync(fixture, default))!.Value.Span));
        Assert.DoesNotContain("opaque", await File.ReadAllTextAsync(Path.Combine(folder.Path, fixture.Name + ".request.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_have_names_of_their_own_and_no_name_is_used_twice()
    {
        using var folder = new TempFolder();
        folder.Put("anthropic/up-1.u.20261121T000000.0", "{}", "");
        await using (var recorder = Recorder(folder, new ManualTimeProvider()))
        {
            Record(recorder, "/v1/messages", 200, "{}");
            Record(recorder, "/v1/messages", 529, "{}");
        }

        Assert.Equal(
            ["anthropic/up-1.u.20261121T000000.1", "errors/anthropic.up-1.529.20261121T000000.2"],
            folder.Load().Fixtures.Select(f => f.Name));
    }

    [Fact]
    public async Task Nothing_but_whole_recordings_is_in_the_folder()
    {
        using var folder = new TempFolder();
        await using (var recorder = Recorder(folder, new ManualTimeProvider()))
        {
            Record(recorder, "/v1/messages", 200, "{}");
            recorder.Begin("POST", null, "/v1/messages", []).Complete();
            var left = recorder.Begin("POST", null, "/v1/messages", []);
            left.SetHead(200, Sse);
            left.AddChunk("data"u8);
            left.Abandon();
            left.AddChunk("late"u8);
            left.Complete();
            Assert.Equal(0, recorder.Dropped);
        }

        Assert.Equal(
            [".request.json", ".response.http"],
            Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(f => f[f.IndexOf(".0.", StringComparison.Ordinal)..][2..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_broken_connection_is_recorded_as_one()
    {
        using var folder = new TempFolder();
        await using (var recorder = Recorder(folder, new ManualTimeProvider()))
        {
            var exchange = recorder.Begin("POST", null, "/v1/messages", []);
            exchange.SetHead(200, Sse);
            exchange.AddChunk("data"u8);
            exchange.Complete(reset: true);
        }

        Assert.True(Assert.Single(folder.Load().Fixtures).Meta.EndsInReset);
    }

    [Fact]
    public async Task A_compressed_body_is_recorded_plain_and_without_reads()
    {
        using var folder = new TempFolder();
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write("""{"key":"opaque-value-1"}"""u8);
        }

        await using (var recorder = Recorder(folder, new ManualTimeProvider()))
        {
            Record(recorder, zipped.ToArray(), "gzip");
            Record(recorder, zipped.ToArray(), "br");
            Record(recorder, zipped.ToArray(), "zip");
            await recorder.DisposeAsync();
            Assert.Equal(2, recorder.DroppedFor(RecordingDrop.Encoded));
        }

        var library = folder.Load();
        var fixture = Assert.Single(library.Fixtures);
        Assert.True(fixture.Meta.WasEncoded);
        Assert.Null(fixture.Meta.Chunks);
        Assert.Equal("""{"key":"**************"}""", Encoding.UTF8.GetString((await library.ReadBodyAsync(fixture, default))!.Value.Span));
    }

    [Theory]
    [InlineData(RecordingDrop.TooLarge)]
    [InlineData(RecordingDrop.MemoryFull)]
    [InlineData(RecordingDrop.FolderFull)]
    [InlineData(RecordingDrop.WriteFailed)]
    public async Task Above_a_bound_the_whole_exchange_is_dropped_and_counted(object reason)
    {
        using var folder = new TempFolder();
        var options = new FixtureRecorderOptions { Folder = folder.Path, Provider = "p" };
        options = (RecordingDrop)reason switch
        {
            RecordingDrop.TooLarge => options with { MaxExchange = 100 },
            RecordingDrop.MemoryFull => options with { MaxMemory = 100 },
            RecordingDrop.FolderFull => options with { MaxExchanges = 0 },
            _ => options with { Folder = Path.Combine(folder.Put("file", "{}", "") + FixtureLibrary.RequestSuffix, "below-a-file") },
        };
        var recorder = new FixtureRecorder(options, new ManualTimeProvider());
        Record(recorder, "/v1/messages", 200, new string('a', 101));
        await recorder.DisposeAsync();
        Assert.Equal((1, 1, 0), (recorder.DroppedFor((RecordingDrop)reason), recorder.Dropped, recorder.Written));
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "anthropic")));
    }

    [Fact]
    public async Task Memory_of_ended_exchanges_is_free_again()
    {
        using var folder = new TempFolder();
        var options = new FixtureRecorderOptions { Folder = folder.Path, Provider = "p", MaxMemory = 100 };
        var recorder = new FixtureRecorder(options, new ManualTimeProvider());
        for (var i = 0; i < 10; i++)
        {
            var exchange = recorder.Begin("POST", null, "/v1/messages", []);
            exchange.AddRequestBody(new byte[90]);
            exchange.Abandon();
        }

        await recorder.DisposeAsync();
        Assert.Equal(0, recorder.Dropped);
    }

    [Fact]
    public async Task However_fast_they_come_each_exchange_is_written_whole_or_counted_as_dropped()
    {
        using var folder = new TempFolder();
        var options = new FixtureRecorderOptions { Folder = folder.Path, Provider = "p", QueueCapacity = 1 };
        var recorder = new FixtureRecorder(options, new ManualTimeProvider());
        for (var i = 0; i < 200; i++)
        {
            Record(recorder, "/v1/messages", 200, "{}");
        }

        await recorder.DisposeAsync();
        var library = folder.Load();
        Assert.Empty(library.Faults);
        Assert.Equal(recorder.Written, library.Fixtures.Count);
        Assert.Equal(200, recorder.Written + recorder.DroppedFor(RecordingDrop.QueueFull));
    }

    [Fact]
    public async Task An_exchange_that_ends_after_the_recorder_is_dropped_and_counted()
    {
        using var folder = new TempFolder();
        var recorder = Recorder(folder, new ManualTimeProvider());
        await recorder.DisposeAsync();
        Record(recorder, "/v1/messages", 200, "{}");
        Assert.Equal((1, 0), (recorder.DroppedFor(RecordingDrop.QueueFull), recorder.Written));
    }

    [Fact]
    public async Task Recordings_are_readable_by_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        using var folder = new TempFolder();
        await using (var recorder = Recorder(folder, new ManualTimeProvider()))
        {
            Record(recorder, "/v1/messages", 200, "{}");
        }

        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    private static FixtureRecorder Recorder(TempFolder folder, TimeProvider time) =>
        new(new FixtureRecorderOptions { Folder = folder.Path, Provider = "up 1" }, time);

    private static void Record(FixtureRecorder recorder, string target, int status, string body)
    {
        var exchange = recorder.Begin("POST", null, target, []);
        exchange.AddRequestBody("{}"u8);
        exchange.SetHead(status, [new("content-type", "application/json")]);
        exchange.AddChunk(Encoding.UTF8.GetBytes(body));
        exchange.Complete();
    }

    private static void Record(FixtureRecorder recorder, byte[] body, string encoding)
    {
        var exchange = recorder.Begin("POST", null, "/v1/messages", [new("x-api-key", "opaque-value-1")]);
        exchange.SetHead(200, [new("content-type", "application/json"), new("Content-Encoding", encoding)]);
        exchange.AddChunk(body);
        exchange.Complete();
    }
}
