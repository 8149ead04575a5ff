using System.Text.Json;
using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Framing;
using Engine.Wire.Json;
using Engine.Wire.Normalising;

namespace Engine.Wire.Tests.Pairs;

/// <summary>Every recorded exchange of our dialects through every room that concerns it.</summary>
public class SharedFixtureSweepTests(ITestOutputHelper output)
{
    private static readonly string[] Folders = ["openai-chat", "openai-compatible", "anthropic", "gemini"];

    // One model of each dialect that takes everything, and one of the newest, which takes least.
    private static readonly Dictionary<string, string[]> Targets = new(StringComparer.Ordinal)
    {
        [Dialects.OpenAiChat] = ["gpt-4.1", "gpt-6.2"],
        [Dialects.Anthropic] = ["claude-sonnet-4-5", "claude-opus-5-5"],
        [Dialects.Gemini] = ["gemini-3.5-flash", "gemini-2.5-flash"],
    };

    [Fact]
    public void Every_recorded_answer_passes_and_is_transcoded()
    {
        var covered = 0;
        var failed = new List<string>();
        foreach (var recording in Recording.In(Folders).Where(static each => each.IsConversation && each.Status == 200))
        {
            var answer = recording.Answer();
            var upstream = Meter(recording, answer);
            if (upstream.Failure is { } failure)
            {
                failed.Add($"{recording.Name}: {failure.Kind} {failure.Message}");
            }

            if (recording.Stream)
            {
                Assert.True(Passed(answer).AsSpan().SequenceEqual(answer), $"{recording.Name} does not pass byte for byte");
            }

            foreach (var client in Dialects.Names)
            {
                AssertSameOutcome(recording, client, "stream", upstream, ReadBack(client, Streamed(recording, answer, client)));
                if (upstream.Failure is null)
                {
                    AssertSameOutcome(recording, client, "body", upstream, ReadBodyBack(client, Folded(recording, answer, client)));
                }
            }

            covered++;
        }

        output.WriteLine($"{covered} answers read, passed through and transcoded to three dialects, streamed and whole");
        output.WriteLine($"{failed.Count} of them are failures:\n{string.Join('\n', failed)}");
        Assert.True(covered > 0);
    }

    [Fact]
    public void Every_recorded_request_is_written_for_every_dialect()
    {
        var covered = 0;
        var written = 0;
        var refusals = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var recording in Recording.In(Folders).Where(static each => each.IsConversation))
        {
            var (body, path) = recording.Request();
            if (body.Length == 0)
            {
                continue;
            }

            covered++;
            CompletionRequest request;
            try
            {
                request = Dialects.Client(recording.Dialect).ReadRequest(ClientRequestOf(recording, body, path), Operation.Generate);
            }
            catch (RequestRejectedException rejected)
            {
                // Servers that name the model in the path, and clients that send numbers for words (enum-encoding=int).
                Assert.False(string.IsNullOrEmpty(rejected.Rejection.Param), $"{recording.Name}: {rejected.Message}");
                var line = $"read by {recording.Dialect}: {rejected.Message}";
                refusals[line] = refusals.GetValueOrDefault(line) + 1;
                continue;
            }

            foreach (var (target, model) in Targets.SelectMany(static each => each.Value.Select(model => (each.Key, model))))
            {
                if (Refusal(request, target, model) is not { } refusal)
                {
                    written++;
                    continue;
                }

                Assert.NotEmpty(refusal.Path);
                var field = string.Concat(refusal.Path.Where(static each => !char.IsAsciiDigit(each)));
                var line = $"{target}: {field} ({refusal.Why})";
                refusals[line] = refusals.GetValueOrDefault(line) + 1;
            }
        }

        Assert.True(written > 4 * covered, $"only {written} of {6 * covered} were written");

        output.WriteLine($"{covered} requests read; written {written} times, refused {refusals.Values.Sum()} times:");
        output.WriteLine(string.Join('\n', refusals.Select(static each => $"{each.Value} × {each.Key}")));
        Assert.True(covered > 0);
    }

    [Fact]
    public void Every_recorded_error_has_its_kind()
    {
        var covered = 0;
        foreach (var recording in Recording.In("errors").Where(static each => each.IsConversation))
        {
            var answer = recording.Answer();
            var error = recording.Status == 200 ? Meter(recording, answer).Failure : Dialects.Upstream(recording.Dialect).ReadError(recording.Status, answer);
            output.WriteLine($"{recording.Name}: {error?.Kind} {error?.Message}");
            Assert.NotNull(error);
            Assert.Contains(error.Kind, KindsOf(recording));
            Assert.NotEmpty(error.Message);
            foreach (var client in Dialects.Names)
            {
                using var written = new PooledBytes();
                Assert.InRange(Dialects.Client(client).WriteError(error, "req_1", written), 400, 599);
                using var document = JsonDocument.Parse(written.Memory);
                Assert.NotEmpty(Dialects.Upstream(client).ReadError(500, written.Span).Message);
            }

            covered++;
        }

        output.WriteLine($"{covered} errors");
        Assert.True(covered > 0);
    }

    // wire/mapping.md §7: what the status, or the name where it says more, allows.
    private static ErrorKind[] KindsOf(Recording recording) => recording switch
    {
        _ when recording.Name.Contains("context_length", StringComparison.Ordinal) => [ErrorKind.ContextOverflow],
        _ when recording.Name.Contains("overloaded", StringComparison.Ordinal) => [ErrorKind.Overloaded],
        _ when recording.Name.Contains("authentication", StringComparison.Ordinal) => [ErrorKind.UpstreamCredential],
        _ when recording.Name.Contains("gemini.vertex.400", StringComparison.Ordinal) => [ErrorKind.Permission], // a location that is not served
        { Status: 200 } => [ErrorKind.UpstreamFault],
        { Status: 400 or 422 } => [ErrorKind.Invalid, ErrorKind.UnsupportedParameter],
        { Status: 401 } => [ErrorKind.UpstreamCredential],
        { Status: 403 } => [ErrorKind.Permission, ErrorKind.UpstreamCredential, ErrorKind.Quota],
        { Status: 404 } => [ErrorKind.NotFound, ErrorKind.UnknownModel],
        { Status: 429 } => [ErrorKind.RateLimit, ErrorKind.Quota],
        { Status: 503 or 529 } => [ErrorKind.Overloaded],
        _ => [ErrorKind.UpstreamFault],
    };

    private static MeteringSink Meter(Recording recording, byte[] answer)
    {
        var meter = new MeteringSink();
        ReadInto(recording, answer, meter);
        return meter;
    }

    private static byte[] Streamed(Recording recording, byte[] answer, string client)
    {
        using var written = new PooledBytes();
        ReadInto(recording, answer, Dialects.Client(client).CreateWriter(written, Dialects.Exchange));
        return written.Span.ToArray();
    }

    private static byte[] Folded(Recording recording, byte[] answer, string client)
    {
        using var fold = new CompletionFold();
        ReadInto(recording, answer, fold);
        using var written = new PooledBytes();
        Dialects.Client(client).WriteBody(fold, Dialects.Exchange, written);
        return written.Span.ToArray();
    }

    // Streams in the pieces that a network would bring.
    private static void ReadInto(Recording recording, byte[] answer, ICompletionSink sink)
    {
        if (recording.Stream)
        {
            Pair.Read(recording.Dialect, new Chunking("1,000 bytes each", [.. answer.Chunk(1_000).Select(static chunk => (ReadOnlyMemory<byte>)chunk)]), sink, FrameFormat.Detect);
        }
        else
        {
            Dialects.Upstream(recording.Dialect).CreateReader(Dialects.Exchange).ReadBody(answer, sink);
        }
    }

    private static byte[] Passed(byte[] answer)
    {
        using var frames = new FrameReader(FrameFormat.Detect);
        using var passed = new PooledBytes();
        for (var rest = answer.AsMemory(); ; rest = rest[Math.Min(rest.Length, 1_000)..])
        {
            var chunk = rest[..Math.Min(rest.Length, 1_000)];
            chunk.CopyTo(frames.GetMemory());
            frames.Advance(chunk.Length);
            if (chunk.IsEmpty)
            {
                frames.Complete();
            }

            FrameStatus status;
            while ((status = frames.Read(out var frame)) is FrameStatus.Frame or FrameStatus.Silent)
            {
                frame.Raw.CopyTo(passed.GetSpan(frame.Length));
                passed.Advance(frame.Length);
            }

            if (status != FrameStatus.NeedMore)
            {
                Assert.Equal(FrameStatus.End, status);
                return passed.Span.ToArray();
            }
        }
    }

    private static MeteringSink ReadBack(string client, byte[] stream)
    {
        var meter = new MeteringSink();
        Pair.Read(client, Pair.Whole(stream), meter);
        return meter;
    }

    private static MeteringSink ReadBodyBack(string client, byte[] body)
    {
        var meter = new MeteringSink();
        Dialects.Upstream(client).CreateReader(Dialects.Exchange).ReadBody(body, meter);
        return meter;
    }

    // A finish without a reason and without content is an error in some dialects (wire/mapping.md §5.2).
    private static void AssertSameOutcome(Recording recording, string client, string form, MeteringSink upstream, MeteringSink received) =>
        Assert.True(
            (upstream.Ended == received.Ended && upstream.Failure is null == received.Failure is null)
            || (upstream.ContentEvents == 0 && received.Failure?.Kind == ErrorKind.UpstreamFault),
            $"{recording.Name} to {client} as {form}: ended {upstream.Ended}, {upstream.Failure}; the client: ended {received.Ended}, {received.Failure}");

    private static ClientRequest ClientRequestOf(Recording recording, byte[] body, string path)
    {
        if (recording.Dialect != Dialects.Gemini)
        {
            return new ClientRequest { Body = body };
        }

        var model = path[(path.IndexOf("/models/", StringComparison.Ordinal) + "/models/".Length)..];
        return new ClientRequest { Body = body, PathModel = model[..model.IndexOf(':', StringComparison.Ordinal)], PathStream = recording.Stream };
    }

    // Null when the request was written; then its own reader takes it.
    private static Loss? Refusal(CompletionRequest request, string target, string model)
    {
        var losses = new LossLedger();
        var normalised = Normaliser.Apply(request, Dialects.Upstream(target).CapabilitiesOf(model), model, losses).Request;
        using var written = Dialects.Upstream(target).WriteRequest(normalised, model, Operation.Generate, losses);
        if (losses.FirstRefusal(strict: false) is { } refusal)
        {
            return refusal;
        }

        var body = written.Body.ToArray();
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 512 });
        var inPath = target == Dialects.Gemini;
        Dialects.Client(target).ReadRequest(new ClientRequest { Body = body, PathModel = inPath ? model : "", PathStream = inPath ? request.Stream : null }, Operation.Generate);
        return null;
    }
}
