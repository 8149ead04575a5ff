using System.Text;
using System.Text.Json;
using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Framing;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.OpenAiChat;

/// <summary>Every recorded exchange of this dialect is read, written again and read as the same.</summary>
public class OpenAiChatFixtureTests(ITestOutputHelper output)
{
    private static readonly string[] Folders = ["openai-chat", "openai-compatible"];

    [Fact]
    public void Every_answer_is_read_to_its_end()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        var covered = 0;
        foreach (var row in Rows("chat/completions"))
        {
            var (status, body) = Response(row.File);
            if (status != 200)
            {
                continue;
            }

            using var fold = new CompletionFold();
            ReadAnswer(body, row.Streamed, fold);
            covered++;

            if (row.Features.Contains("midstream-error", StringComparison.Ordinal))
            {
                Assert.NotNull(fold.Failure);
                continue;
            }

            Assert.True(fold.Failure is null, $"{row.File}: {fold.Failure}");
            Assert.True(fold.Ended, row.File);
            Assert.NotEmpty(fold.Finishes);
            AssertRoundTrip(fold, row.File);
        }

        Assert.True(covered > 50, $"only {covered} exchanges");
        output.WriteLine($"{covered} answers");
    }

    [Fact]
    public void Every_request_is_read_and_written_again()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        var covered = 0;
        foreach (var row in Rows("chat/completions"))
        {
            using var recorded = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedFixtures.Folder!, row.File.Replace(".response.http", ".request.json", StringComparison.Ordinal))));
            if (!recorded.RootElement.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("model", out _))
            {
                continue;
            }

            var client = new ClientRequest { Body = Encoding.UTF8.GetBytes(body.GetRawText()) };
            var request = OpenAiChatDialect.Instance.ReadRequest(client, Operation.Generate);
            Assert.Equal(OpenAiChatDialect.Instance.ReadHead(client).Model, request.Model);
            var losses = new LossLedger();
            var written = OpenAiChatRequests.Write(request, request.Model, losses);
            Assert.True(JsonValidity.IsObject(Encoding.UTF8.GetBytes(written)), row.File);
            var again = OpenAiChatRequests.Read(written);
            Assert.Equal(request.Tools.Where(static tool => !tool.Hosted.IsPresent).Select(static tool => tool.Name), again.Tools.Where(static tool => !tool.Hosted.IsPresent).Select(static tool => tool.Name));
            covered++;
        }

        Assert.True(covered > 50, $"only {covered} requests");
        output.WriteLine($"{covered} requests");
    }

    [Fact]
    public void Every_error_is_read_with_a_message()
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SharedFixtures.Folder!, "errors"), "openai-c*.response.http"))
        {
            var (status, body) = Response(Path.Combine("errors", Path.GetFileName(file)));
            if (status == 200)
            {
                using var fold = new CompletionFold();
                ReadAnswer(body, streamed: true, fold);
                Assert.NotNull(fold.Failure);
                continue;
            }

            var error = OpenAiChatDialect.Instance.ReadError(status, body);
            Assert.DoesNotContain("said nothing", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("://", error.Message, StringComparison.Ordinal);
            output.WriteLine($"{status} {error.Kind}: {error.Message}");
        }
    }

    private static void AssertRoundTrip(CompletionFold fold, string file)
    {
        using var body = new PooledBytes();
        OpenAiChatDialect.Instance.WriteBody(fold, OpenAiChatWire.Context, body);
        using var again = new CompletionFold();
        ReadAnswer(body.Span, streamed: false, again);
        Assert.True(again.Ended, file);
        Assert.Equal(TextOf(fold, BlockKind.Text), TextOf(again, BlockKind.Text));
        Assert.Equal(TextOf(fold, BlockKind.Reasoning), TextOf(again, BlockKind.Reasoning));
        Assert.Equal(Calls(fold), Calls(again));
        Assert.Equal(OpenAiChatFinishReasons.Write(fold.ResolvedFinish()), OpenAiChatFinishReasons.Write(again.ResolvedFinish()));
    }

    private static string TextOf(CompletionFold fold, BlockKind kind) =>
        string.Concat(fold.Blocks.Where(block => block.Kind == kind).Select(static block => block.Content.Decode()));

    private static List<string> Calls(CompletionFold fold)
    {
        var calls = new List<string>();
        foreach (var block in fold.Blocks.Where(static block => block.Kind == BlockKind.ToolCall))
        {
            using var arguments = new PooledBytes();
            block.Arguments.WriteAsText(new JsonEmitter(arguments));
            calls.Add($"{EscapedText.FromContent(block.ToolId).Decode()} {EscapedText.FromContent(block.ToolName).Decode()} {Encoding.UTF8.GetString(arguments.Span)} {block.Signature.ToString()}");
        }

        return calls;
    }

    private static void ReadAnswer(ReadOnlySpan<byte> body, bool streamed, ICompletionSink sink)
    {
        var reader = OpenAiChatDialect.Instance.CreateReader(OpenAiChatWire.Context);
        if (!streamed)
        {
            reader.ReadBody(body, sink);
            return;
        }

        using var frames = new FrameReader(FrameFormat.Sse);
        while (!body.IsEmpty)
        {
            var room = frames.GetMemory().Span;
            var count = Math.Min(room.Length, body.Length);
            body[..count].CopyTo(room);
            body = body[count..];
            frames.Advance(count);
            ReadFrames(frames, reader, sink);
        }

        frames.Complete();
        ReadFrames(frames, reader, sink);
        reader.Complete(sink);
    }

    private static void ReadFrames(FrameReader frames, CompletionReader reader, ICompletionSink sink)
    {
        while (frames.Read(out var frame) is var status && status is FrameStatus.Frame or FrameStatus.Silent)
        {
            if (status == FrameStatus.Frame)
            {
                reader.ReadEvent(frame.Name, frame.Data, sink);
            }
        }
    }

    private static (int Status, byte[] Body) Response(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(SharedFixtures.Folder!, file));
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        var status = int.Parse(Encoding.ASCII.GetString(bytes, 0, end).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        return (status, bytes[(end + 4)..]);
    }

    private static IEnumerable<(string File, bool Streamed, string Features)> Rows(string endpoint) =>
        File.ReadLines(Path.Combine(SharedFixtures.Folder!, "MANIFEST.csv"))
            .Skip(1)
            .Select(static line => line.Split(','))
            .Where(row => Folders.Contains(row[1], StringComparer.Ordinal) && row[3] == endpoint)
            .Select(static row => (row[0], row[5] == "stream", row[6]));
}
