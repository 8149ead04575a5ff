using System.Text.Json;
using System.Text.RegularExpressions;
using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Framing;
using Engine.Wire.Gemini;
using static Engine.Wire.Tests.Gemini.GeminiExchange;

namespace Engine.Wire.Tests.Gemini;

/// <summary>Recorded Gemini traffic, where it is present.</summary>
public partial class GeminiFixtureTests(ITestOutputHelper output)
{
    // Answers of other operations: a list of models, embeddings, a token count.
    private static readonly string[] Others = ["cli_gemini_models", "embeddinity", TokenCount];

    private const string TokenCount = "test_google_model_usage_limit_exceeded.0";

    [Fact]
    public void Every_recorded_answer_is_read_to_its_end_or_its_documented_error()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        var read = 0;
        foreach (var file in Responses("gemini"))
        {
            var transcript = Read(file);
            var last = transcript.Lines[^1];
            if (file.Contains("error-mid-stream", StringComparison.Ordinal))
            {
                Assert.Equal("error UpstreamFault \"The operation was cancelled.\"", last);
            }
            else
            {
                Assert.True(last == "end", $"{Path.GetFileName(file)}: {last}");
                Assert.Contains(transcript.Lines, static line => line.StartsWith("finish", StringComparison.Ordinal));
            }

            read++;
        }

        output.WriteLine($"{read} answers");
        Assert.True(read > 20);
    }

    [Fact]
    public void Pitfall_115_the_recorded_token_count_is_read()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        var file = Directory.EnumerateFiles(Path.Combine(SharedFixtures.Folder!, "gemini"), $"*{TokenCount}.response.http").Single();

        Assert.Equal(12, GeminiDialect.Instance.ReadTokenCount(Body(file)));
    }

    [Fact]
    public void Every_recorded_answer_reads_back_as_it_was_rewritten()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        foreach (var file in Responses("gemini").Where(static file => !file.Contains("error-mid-stream", StringComparison.Ordinal)))
        {
            var read = Read(file);
            var transcript = Lines([.. read.Lines.Select(static line => line.ReplaceLineEndings(" "))]);
            var expected = Content(read);

            Assert.Equal(expected, Content(ReadEvents(Events(Write(transcript)))));
            Assert.Equal(expected, Content(ReadBody(Write(transcript, Context with { StreamAsJsonArray = true }))));
            Assert.Equal(expected.Order(), Content(ReadBody(WriteBody(transcript))).Order());
        }
    }

    [Fact]
    public void Every_recorded_error_has_a_kind_of_its_own()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        var expected = new Dictionary<string, (ErrorKind, double?)>(StringComparer.Ordinal)
        {
            ["gemini.google.400.mirascope"] = (ErrorKind.UpstreamCredential, null),
            ["gemini.google.403.fb"] = (ErrorKind.Permission, null),
            ["gemini.google.429.literal"] = (ErrorKind.RateLimit, 40),
            ["gemini.google.503.literal"] = (ErrorKind.Overloaded, null),
            ["gemini.vertex.400.fb"] = (ErrorKind.Permission, null),
            ["gemini.vertex.403.fb"] = (ErrorKind.Permission, null),
            ["gemini.vertex.404.otel"] = (ErrorKind.UnknownModel, null),
            ["gemini.vertex.429.fb"] = (ErrorKind.RateLimit, 60),
            ["gemini-code-assist.google.429.literal.model"] = (ErrorKind.Overloaded, 9),
            ["gemini-code-assist.google.429.literal.quota"] = (ErrorKind.Quota, 68940),
        };
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SharedFixtures.Folder!, "errors"), "gemini*.response.http"))
        {
            var name = Path.GetFileName(file);
            var status = int.Parse(name.Split('.')[2], System.Globalization.CultureInfo.InvariantCulture);
            var error = GeminiDialect.Instance.ReadError(status, Body(file));
            var known = expected.FirstOrDefault(each => name.StartsWith(each.Key, StringComparison.Ordinal));

            Assert.True(known.Key is null || known.Value == (error.Kind, error.RetryAfter?.TotalSeconds), $"{name}: {error.Kind} {error.RetryAfter}");
            Assert.DoesNotContain("googleapis.com", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_recorded_request_is_read_and_reads_back_as_it_was_rewritten()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        var read = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SharedFixtures.Folder!, "gemini"), "*.request.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!document.RootElement.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("contents", out _))
            {
                continue;
            }

            var first = ReadRequest(body.GetRawText());
            Assert.NotEmpty(first.Turns);
            var written = WriteRequest(first);
            Assert.Equal(written, WriteRequest(ReadRequest(written)));
            read++;
        }

        output.WriteLine($"{read} requests");
        Assert.True(read > 20);
    }

    private static IEnumerable<string> Responses(string folder) =>
        Directory.EnumerateFiles(Path.Combine(SharedFixtures.Folder!, folder), "*.response.http")
            .Where(static file => !Array.Exists(Others, other => file.Contains(other, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    private static TranscriptSink Read(string file)
    {
        var sink = new TranscriptSink();
        var reader = GeminiDialect.Instance.CreateReader(Context);
        var body = Body(file);
        if (!Path.GetFileName(file).Split('.')[1].Equals("s", StringComparison.Ordinal))
        {
            reader.ReadBody(body, sink);
            return sink;
        }

        using var frames = new FrameReader(FrameFormat.Sse);
        for (var at = 0; at < body.Length;)
        {
            var memory = frames.GetMemory();
            var length = Math.Min(memory.Length, body.Length - at);
            body.AsSpan(at, length).CopyTo(memory.Span);
            frames.Advance(length);
            at += length;
            Drain();
        }

        frames.Complete();
        Drain();
        reader.Complete(sink);
        return sink;

        void Drain()
        {
            for (var status = frames.Read(out var frame); status is FrameStatus.Frame or FrameStatus.Silent; status = frames.Read(out frame))
            {
                if (status == FrameStatus.Frame)
                {
                    reader.ReadEvent(frame.Name, frame.Data, sink);
                }
            }
        }
    }

    private static byte[] Body(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return bytes[(bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];
    }

    // What must survive: content in order, then its sources. Names, ids of the answer, the upstream's words, when usage is told,
    // and where one text ends and the next begins do not; no arguments are the empty object, no count is zero.
    private static List<string> Content(TranscriptSink sink)
    {
        var content = new List<string>();
        var cites = new List<string>();
        var usage = "no usage";
        foreach (var line in sink.Lines.Select(static line => BlockOrdinal().Replace(line.ReplaceLineEndings(" "), "", 1)))
        {
            var verb = line.Split(' ')[0];
            switch (verb.Split('@')[0])
            {
                case "start" or "json" when verb == "start" || line.EndsWith(" {}", StringComparison.Ordinal):
                    break;
                case "usage":
                    usage = line.Replace("=-1", "=0", StringComparison.Ordinal);
                    break;
                case "cite":
                    cites.Add(line);
                    break;
                case "finish":
                    content.Add(string.Join(' ', line.Split(' ').Take(2)));
                    break;
                case "text" or "reasoning" when content.Count > 0 && content[^1].StartsWith(verb + " ", StringComparison.Ordinal):
                    content[^1] = content[^1][..^1] + line[(verb.Length + 2)..];
                    break;
                default:
                    content.Add(line);
                    break;
            }
        }

        return [.. content, .. cites, usage];
    }

    [GeneratedRegex("#[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BlockOrdinal();
}
