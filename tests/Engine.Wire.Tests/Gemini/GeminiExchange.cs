using System.Text;
using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Gemini;

/// <summary>The dialect's rooms from bytes to transcripts and back.</summary>
internal static class GeminiExchange
{
    public static readonly AnswerContext Context = new()
    {
        Model = "my-model",
        Ids = new IdMint(42),
        CreatedUnixSeconds = 1_700_000_000,
        Reasoning = ReasoningShow.Shown,
        UpstreamModel = "claude-opus-4-6",
    };

    public static string ResponseId => Context.Ids.Mint("", 0);

    public static string CallId(int ordinal) => Context.Ids.Mint("call_", ordinal);

    /// <summary>Reads events up to the upstream's close.</summary>
    public static TranscriptSink ReadEvents(params string[] events)
    {
        var sink = new TranscriptSink();
        var reader = GeminiDialect.Instance.CreateReader(Context);
        foreach (var data in events)
        {
            reader.ReadEvent(default, Encoding.UTF8.GetBytes(data), sink);
        }

        reader.Complete(sink);
        return sink;
    }

    public static TranscriptSink ReadBody(string body)
    {
        var sink = new TranscriptSink();
        GeminiDialect.Instance.CreateReader(Context).ReadBody(Encoding.UTF8.GetBytes(body), sink);
        return sink;
    }

    public static string Write(string transcript, AnswerContext? context = null)
    {
        using var output = new PooledBytes();
        var writer = GeminiDialect.Instance.CreateWriter(output, context ?? Context);
        Transcript.Play(transcript, writer);
        return Encoding.UTF8.GetString(output.Span);
    }

    public static string WriteBody(string transcript, AnswerContext? context = null)
    {
        using var output = new PooledBytes();
        using var fold = new CompletionFold();
        Transcript.Play(transcript, fold);
        GeminiDialect.Instance.WriteBody(fold, context ?? Context, output);
        return Encoding.UTF8.GetString(output.Span);
    }

    /// <summary>The payloads of SSE events; comments are skipped.</summary>
    public static string[] Events(string sse) =>
        [.. sse.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(static block => block.Split('\n').Last(static line => !line.StartsWith(':')))
            .Select(static line => line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : throw new FormatException($"Not an event: {line}"))];

    public static CompletionRequest ReadRequest(string json, Operation operation = Operation.Generate, string model = "gemini-3.5-flash", bool? stream = false) =>
        GeminiDialect.Instance.ReadRequest(new ClientRequest { Body = Encoding.UTF8.GetBytes(json), PathModel = model, PathStream = stream }, operation);

    public static string WriteRequest(CompletionRequest request, string model = "gemini-3.5-flash", LossLedger? losses = null, Operation operation = Operation.Generate)
    {
        using var written = GeminiDialect.Instance.WriteRequest(request, model, operation, losses ?? new LossLedger());
        return Encoding.UTF8.GetString(written.Body.ToArray());
    }

    public static string Lines(params string[] lines) => string.Join('\n', lines);

    public static EscapedSlice Slice(string text) => EscapedSlice.FromString(text);
}
