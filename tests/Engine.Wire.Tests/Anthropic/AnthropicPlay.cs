using System.Buffers;
using System.Text;
using System.Text.Json;
using Engine.Testing;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Anthropic;

/// <summary>Bytes to transcript and transcript to bytes, for the tests of this dialect.</summary>
internal static class AnthropicPlay
{
    public static AnswerContext Context(ReasoningShow show = ReasoningShow.Shown) => new()
    {
        Model = "claude-x",
        Ids = new IdMint(7),
        CreatedUnixSeconds = 1_700_000_000,
        Reasoning = show,
        UpstreamModel = "gpt-x",
    };

    /// <summary>The events of a stream, each with its name.</summary>
    public static IEnumerable<(string Name, string Data)> Events(string sse)
    {
        foreach (var block in sse.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            yield return (
                lines.FirstOrDefault(line => line.StartsWith("event:", StringComparison.Ordinal))?[6..].Trim() ?? "",
                string.Concat(lines.Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line[5..])));
        }
    }

    public static TranscriptSink ReadStream(string sse)
    {
        var sink = new TranscriptSink();
        Feed(sse, sink);
        return sink;
    }

    public static void Feed(string sse, ICompletionSink sink)
    {
        var reader = AnthropicDialect.Instance.CreateReader(Context());
        foreach (var (name, data) in Events(sse))
        {
            reader.ReadEvent(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data), sink);
        }

        reader.Complete(sink);
    }

    public static TranscriptSink ReadBody(string json)
    {
        var sink = new TranscriptSink();
        FeedBody(json, sink);
        return sink;
    }

    public static void FeedBody(string json, ICompletionSink sink) =>
        AnthropicDialect.Instance.CreateReader(Context()).ReadBody(Encoding.UTF8.GetBytes(json), sink);

    /// <summary>An answer in one line per block, however it was cut: deltas joined, arguments as their JSON value, usage once.</summary>
    public static IReadOnlyList<string> Folded(Action<ICompletionSink> read)
    {
        using var fold = new CompletionFold();
        read(fold);
        return
        [
            .. fold.Blocks.Select(block => string.Join(
                ' ',
                block.Kind,
                Encoding.UTF8.GetString(block.ToolId),
                Encoding.UTF8.GetString(block.ToolName),
                block.Kind == BlockKind.ToolCall ? ArgumentsOf(block) : block.Content.Decode(),
                block.SignatureFamily,
                block.Signature.ToString(),
                string.Join(' ', block.Citations.Select(each => Encoding.UTF8.GetString(each.Url))))),
            fold.ResolvedFinish().ToString(),

            // Required numbers are zero when unknown: a declared loss.
            fold.TokenUsage.OrZero().ToString(),
            fold.Ended.ToString(),
        ];
    }

    public static string WriteStream(string transcript, ReasoningShow show = ReasoningShow.Shown)
    {
        var output = new ArrayBufferWriter<byte>();
        Transcript.Play(transcript, AnthropicDialect.Instance.CreateWriter(output, Context(show)));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string WriteBody(string transcript, ReasoningShow show = ReasoningShow.Shown)
    {
        using var fold = new CompletionFold();
        Transcript.Play(transcript, fold);
        var output = new ArrayBufferWriter<byte>();
        AnthropicDialect.Instance.WriteBody(fold, Context(show), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The data lines of a written stream without its message_start, one per line.</summary>
    public static string Shape(string transcript, ReasoningShow show = ReasoningShow.Shown) => string.Join(
        '\n', Events(WriteStream(transcript, show)).Where(each => each.Name != "message_start").Select(each => each.Data.Trim()));

    public static CompletionRequest ReadRequest(string json, Operation operation = Operation.Generate) =>
        AnthropicDialect.Instance.ReadRequest(new ClientRequest { Body = Encoding.UTF8.GetBytes(json) }, operation);

    /// <summary>Reads a request whose only interesting part is this.</summary>
    public static CompletionRequest ReadWith(string property) =>
        ReadRequest("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],""" + property + "}");

    /// <summary>The parts of one message with this content.</summary>
    public static IReadOnlyList<Part> ReadParts(string content, string role = "user") =>
        ReadRequest($$"""{"model":"m","max_tokens":9,"messages":[{"role":"{{role}}","content":{{content}}}]}""").Turns[0].Parts;

    public static (string Json, LossLedger Losses) WriteRequest(CompletionRequest request, string model = "claude-sonnet-4-6", Operation operation = Operation.Generate)
    {
        var losses = new LossLedger();
        using var written = AnthropicDialect.Instance.WriteRequest(request, model, operation, losses);
        return (Encoding.UTF8.GetString(written.Body.ToArray()), losses);
    }

    /// <summary>A user's greeting to build upon.</summary>
    public static CompletionRequest Request { get; } = new() { Model = "m", Turns = [new Turn(TurnRole.User, [Text("hi")])] };

    private static string ArgumentsOf(FoldedBlock block)
    {
        var arguments = block.ArgumentsAreWhole ? block.Content.ToString() : block.Content.Decode();
        return JsonSerializer.Serialize(JsonDocument.Parse(arguments.Length > 0 ? arguments : "{}").RootElement);
    }

    public static TextPart Text(string text) => new(EscapedSlice.FromString(text));
}
